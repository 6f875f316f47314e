/** Seeds: what a user may give as one, and the seeds of the runs that follow from it. */
import { createHash } from 'node:crypto';

/** The generator takes 32 bits. */
const SEEDS = 2 ** 32;

/**
 * The seed that a text names; null for a text that names none. An integer from 0 to 4294967295 stands for itself. Any
 * other integer, and a text of hexadecimal digits (a commit of git, "0x" before it or not), stands for the first 32 bits
 * of the SHA-256 of its lower-case digits.
 */
export function seedOf(text: string): number | null {
  if (/^\d+$/.test(text) && Number(text) < SEEDS) return Number(text);
  if (/^-?\d+$/.test(text) || /^(0x)?[0-9a-f]+$/i.test(text)) return hash(text.toLowerCase().replace(/^0x/, ''));
  return null;
}

/** The seed of run `index` of a swarm: runs of neighbouring seeds have nothing in common. */
export function runSeed(seed: number, index: number): number {
  return hash(`${seed}/${index}`);
}

function hash(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
