/** Which identity is the one that must have one voter, and which is its vote account, from the logs. */
import { InputError } from '../model/diagnostic.ts';
import { pubkeyBytes } from '../model/identity.ts';
import type { HostLog } from './host-log.ts';

/** The node of the vote account, as a spare's log names it; else the only identity of all logs. Throws InputError. */
export function stakedIdentity(logs: readonly HostLog[], told: string | null): string {
  if (told !== null) {
    if (pubkeyBytes(told) === null) throw new InputError([{ file: '--staked', message: `"${told}" is no public key`, expected: 'an identity in base58, 32 to 44 letters and digits' }]);
    return told;
  }
  const nodes = new Map<string, number>();
  const identities = new Set<string>();
  for (const { facts } of logs) {
    for (const { fact } of facts) {
      if (fact.kind === 'cannot-vote' && fact.node !== null) nodes.set(fact.node, (nodes.get(fact.node) ?? 0) + 1);
      if ((fact.kind === 'identity-seen' || fact.kind === 'start-identity' || fact.kind === 'new-root') && fact.identity !== null) identities.add(fact.identity);
      if (fact.kind === 'identity-changed') for (const identity of [fact.from, fact.to]) identities.add(identity);
    }
  }
  const [node] = [...nodes].sort((a, b) => b[1] - a[1]);
  if (node !== undefined) return node[0];
  const [only] = identities;
  const file = logs.flatMap(({ files }) => files).join(', ');
  if (only === undefined) throw new InputError([{ file, message: 'no identity of a validator is named in the log', expected: 'lines such as "Identity changed from …", "identity pubkey: …" or "… reset PoH to tick …"' }]);
  if (identities.size === 1) return only;
  throw new InputError([{ file, message: `the logs name ${identities.size} identities, and not which one is staked`, expected: '--staked ADDRESS: one of ' + [...identities].join(', ') }]);
}

/** The vote account that the logs name most. */
export function voteAccountOf(logs: readonly HostLog[]): string | null {
  const counts = new Map<string, number>();
  for (const { facts } of logs) for (const { fact } of facts) if (fact.kind === 'vote-account') counts.set(fact.address, (counts.get(fact.address) ?? 0) + 1);
  // In "… slot_weight: …" it is the account; every validator logs its own alone.
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
