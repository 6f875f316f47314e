/** What a run needs of the lab: the two parts and who plays them, how hosts are made ready, and who votes. */
import type { Keypair } from '@solana/web3.js';
import { GUIDE_SITE } from '../../src/transition/site.ts';
import type { Site } from '../../src/transition/site.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import type { Host } from '../../src/transition/host.ts';
import { runProcedure } from '../../src/transition/interpreter.ts';
import type { ProcedureRun, Waiter, Witness } from '../../src/transition/interpreter.ts';
import type { Procedure } from '../../src/transition/procedure.ts';
import { containerHost } from './container-host.ts';
import type { RecordingHost } from './container-host.ts';
import { checked, execute, until } from './lab.ts';
import type { Keys, Lab, Machine, Name } from './lab.ts';

export type Role = 'active' | 'inactive';

/** Who plays which part. */
export type Cast = Readonly<Record<Role, Machine>>;

export function castOf(lab: Lab, active: Name): Cast {
  return { active: lab.machines[active], inactive: lab.machines[active === 'a' ? 'b' : 'a'] };
}

/** The guide's site with the addresses of the lab. */
export function siteOf(lab: Lab, cast: Cast): Site {
  const host = (role: Role) => ({ ...GUIDE_SITE.hosts[role], address: cast[role].address });
  return { ...GUIDE_SITE, hosts: { active: host('active'), inactive: host('inactive') }, stakeShare: lab.stakeShare };
}

export interface Played {
  readonly run: ProcedureRun;
  readonly hosts: Readonly<Record<Role, RecordingHost>>;
}

/** Takes a procedure through on the lab. */
export async function play(lab: Lab, keys: Keys, cast: Cast, procedure: Procedure, witness: Witness = {}): Promise<Played> {
  const hosts = { active: await containerHost(cast.active), inactive: await containerHost(cast.inactive) };
  try {
    return { run: await runProcedure(procedure, { ...hosts, operator: absent('operator'), etcd: absent('etcd') }, waiterOf(lab, keys), witness), hosts };
  } finally {
    hosts.active.close();
    hosts.inactive.close();
  }
}

function absent(name: string): Host {
  return {
    name,
    run: async (line: string) => {
      throw new Error(`the lab has no machine "${name}", on which to run: ${line}`);
    },
  };
}

/** Waits for slots by the cluster's RPC. */
function waiterOf({ connection }: Lab, keys: Keys): Waiter {
  return async ({ slots, since }) => {
    if (since === 'last-cast-vote') return { exit: 1, stdout: '', stderr: 'only a simulation knows the last vote that was cast\n' };
    const from = since === 'here' ? await connection.getSlot('processed') : await lastVote(connection, keys.vote);
    await until(`slot ${from + slots} has come`, slots * 2 + 60, async () => (await connection.getSlot('processed')) >= from + slots);
    return { exit: 0, stdout: `waited from slot ${from} for ${slots} slots\n`, stderr: '' };
  };
}

/** Newest slot for which a vote of the account has landed, 0 without any. */
export async function lastVote(connection: Lab['connection'], vote: Keypair): Promise<number> {
  const { current, delinquent } = await connection.getVoteAccounts('processed');
  return [...current, ...delinquent].find(({ votePubkey }) => votePubkey === vote.publicKey.toBase58())?.lastVote ?? 0;
}

/** Both hosts as guide-setup leaves them, started from nothing but their ledgers and without towers; `active` votes. */
export async function prepare(lab: Lab, keys: Keys, active: Name): Promise<ProcedureRun> {
  const cast = castOf(lab, active);
  for (const { container } of Object.values(cast)) {
    await checked(container, ['systemctl', 'stop', 'sol'], 'root');
    await checked(container, ['systemctl', 'enable', 'sol'], 'root');
    await checked(container, ['bash', '-c', 'rm -f /mnt/ledger/tower-*.bin /mnt/ledger/handover-* ~/unstaked-identity.json'], 'sol');
  }
  const { run } = await play(lab, keys, cast, loadProcedure('guide-setup', siteOf(lab, cast)));
  const failed = run.outcomes.find(({ outcome }) => outcome.exit !== 0);
  if (failed !== undefined) throw new Error(`guide-setup, ${failed.step.id}: exit ${failed.outcome.exit}: ${failed.outcome.stderr}`);
  await untilPrepared(lab, keys, cast);
  return run;
}

/** The active votes, and the inactive follows the cluster as junk. */
export async function untilPrepared(lab: Lab, keys: Keys, cast: Cast): Promise<void> {
  await until('both hosts have started and follow the cluster', 420, async () => (await follows(lab, cast.active)) && follows(lab, cast.inactive));
  await until('the votes of the active land', 240, async () => {
    const [slot, voted] = await Promise.all([lab.connection.getSlot('processed'), lastVote(lab.connection, keys.vote)]);
    return voted > slot - 10;
  });
}

/** Slots that a host which follows the cluster may be behind. One is "healthy" up to 128. */
const BEHIND = 4;
const SLOT_REQUEST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'getSlot', params: [{ commitment: 'processed' }] });

/** Whether a host has replayed what the cluster has, and answers on its admin socket. */
export async function follows({ connection }: Lab, { container }: Machine): Promise<boolean> {
  const { stdout } = await execute(container, ['curl', '-s', '-m', '5', '-H', 'content-type: application/json', '-d', SLOT_REQUEST, 'http://127.0.0.1:8899'], 'sol');
  const slot = Number(/"result":(\d+)/.exec(stdout)?.[1] ?? -1);
  if (slot < (await connection.getSlot('processed')) - BEHIND) return false;
  return (await execute(container, ['agave-validator', '-l', '/mnt/ledger', 'contact-info'], 'sol')).exit === 0;
}
