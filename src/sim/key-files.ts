/** Key files on a simulated disk. Only the product's throwaway keys occur there. */
import { throwawayKey, throwawayKeyIn } from '../model/identity.ts';
import { attempt, rustMessage } from './disk-error.ts';
import type { Machine } from './machine.ts';

/** The keys of the simulated site: throwaway, the same in every run. */
export function siteKeys() {
  return {
    staked: throwawayKey('staked identity'),
    vote: throwawayKey('vote account'),
    junk: { active: throwawayKey('active unstaked-identity.json'), inactive: throwawayKey('inactive unstaked-identity.json') },
  } as const;
}

export type KeyRead = { readonly ok: true; readonly address: string } | { readonly ok: false; readonly error: string };

/** Reads the key behind a path, links followed, as the given user. The error is in the words of a Rust program. */
export function readKey(machine: Machine, path: string, user: string): KeyRead {
  const content = attempt(() => machine.disk.readFile(path, { user, cwd: `/home/${user}` }));
  if (!content.ok) return { ok: false, error: rustMessage(content.code) };
  const key = throwawayKeyIn(new TextDecoder().decode(content.value));
  if (key === 'not-a-key' || key === 'foreign') return { ok: false, error: `${path} does not hold a keypair` };
  return { ok: true, address: key.address };
}
