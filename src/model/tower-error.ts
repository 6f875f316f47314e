/**
 * Why a tower could not be loaded, and what the validator does about it. Pure.
 *
 * Rules: agave core/src/consensus.rs `TowerError`, core/src/validator.rs `post_process_restored_tower`,
 * core/src/replay_stage.rs `load_tower`, validator/src/admin_rpc_service.rs (4.3).
 */
export type TowerError =
  | { readonly kind: 'IoError'; readonly cause: 'NotFound' | 'Other' }
  | { readonly kind: 'SerializeError' }
  | { readonly kind: 'InvalidSignature' }
  | { readonly kind: 'WrongTower' }
  /** Newest slot of the last vote, oldest slot of the slot history. */
  | { readonly kind: 'TooOldTower'; readonly lastVoted: number; readonly oldest: number }
  | { readonly kind: 'FatallyInconsistent'; readonly why: string }
  | { readonly kind: 'HardFork'; readonly slot: number };

export type TowerSituation =
  /** `votedBefore`: the vote account of the working bank has any votes. */
  | { readonly at: 'startup'; readonly requireTower: boolean; readonly votedBefore: boolean }
  /** The admin RPC call, before anything is switched. */
  | { readonly at: 'set-identity-request'; readonly requireTower: boolean }
  /** The replay thread after it has noticed the new identity; `--require-tower` plays no part here. */
  | { readonly at: 'set-identity-replay' };

export type TowerPolicy =
  /** Go on with a tower rebuilt from bank forks. */
  | 'rebuild'
  /** Start-up ends with an error. */
  | 'abort-startup'
  /** The call fails with "invalid params"; nothing has changed. */
  | 'refuse-request'
  /** The call goes on: it does not look at the tower. */
  | 'ignore'
  /** The replay thread returns and the validator exits. */
  | 'exit';

/** What follows from an error in a situation. Only NotFound counts as missing, also when a file cannot be opened. */
export function towerErrorPolicy(error: TowerError, situation: TowerSituation): TowerPolicy {
  switch (situation.at) {
    case 'startup':
      if (error.kind === 'HardFork') return 'rebuild';
      return situation.requireTower && situation.votedBefore ? 'abort-startup' : 'rebuild';
    case 'set-identity-request':
      return situation.requireTower ? 'refuse-request' : 'ignore';
    case 'set-identity-replay': {
      const missing = error.kind === 'IoError' && error.cause === 'NotFound';
      return missing || error.kind === 'TooOldTower' ? 'rebuild' : 'exit';
    }
  }
}

/** The error as Agave writes it, e.g. "TooOldTower(0,1)". */
export function describeTowerError(error: TowerError): string {
  switch (error.kind) {
    case 'IoError':
      return `IoError(${error.cause})`;
    case 'TooOldTower':
      return `TooOldTower(${error.lastVoted},${error.oldest})`;
    case 'FatallyInconsistent':
      return `FatallyInconsistent(${error.why})`;
    case 'HardFork':
      return `HardFork(${error.slot})`;
    default:
      return error.kind;
  }
}
