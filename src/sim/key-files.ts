/** Key files on a simulated disk. Only the product's throwaway keys occur there. */
import { throwawayKey, throwawayKeyIn } from '../model/identity.ts';
import type { Keypair } from '../model/identity.ts';
import type { Disk, Reader } from './disk.ts';
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

export type KeyFile = { readonly ok: true; readonly key: Keypair } | { readonly ok: false; readonly error: string };

/** Bytes of a keypair. */
const KEYPAIR_LENGTH = 64;

/** Reads a key file. The error is in the words of solana-sdk keypair/src/lib.rs, `read_keypair_file`. */
export function readKeyFile(disk: Disk, path: string, reader: Reader): KeyFile {
  const content = attempt(() => disk.readFile(path, reader));
  if (!content.ok) return { ok: false, error: rustMessage(content.code) };
  const text = new TextDecoder().decode(content.value);
  const key = throwawayKeyIn(text);
  return typeof key === 'string' ? { ok: false, error: keyProblem(text) } : { ok: true, key };
}

function keyProblem(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return 'Input must be a JSON array';
  const elements = trimmed.slice(1, -1).split(',').map((element) => element.trim());
  if (elements.length !== KEYPAIR_LENGTH) return `Expected ${KEYPAIR_LENGTH} elements, found ${elements.length}`;
  const odd = elements.find((element) => !/^\+?\d+$/.test(element) || Number(element) > 255);
  if (odd === undefined) return 'signature error';
  if (odd === '') return 'cannot parse integer from empty string';
  return /^\+?\d+$/.test(odd) ? 'number too large to fit in target type' : 'invalid digit found in string';
}

export type KeyRead = { readonly ok: true; readonly address: string } | { readonly ok: false; readonly error: string };

/** Reads the key behind a path, links followed, as the given user. The error is in the words of a Rust program. */
export function readKey(machine: Machine, path: string, user: string): KeyRead {
  const read = readKeyFile(machine.disk, path, { user, cwd: `/home/${user}` });
  return read.ok ? { ok: true, address: read.key.address } : read;
}
