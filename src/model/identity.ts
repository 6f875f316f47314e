/**
 * Identities: Ed25519 keys as Solana writes them, and the product's own throwaway keys.
 *
 * Throwaway keys are derived from a name by SHA-256, so that everyone can recompute them: they are worthless, and the
 * product refuses every other key file.
 */
import { createHash, createPrivateKey, createPublicKey, sign as signEd25519, verify as verifyEd25519 } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Bytes to base58 (the Bitcoin alphabet). */
export function toBase58(bytes: Uint8Array): string {
  let value = 0n;
  for (const byte of bytes) value = value * 256n + BigInt(byte);
  let text = '';
  for (; value > 0n; value /= 58n) text = BASE58[Number(value % 58n)]! + text;
  for (const byte of bytes) {
    if (byte !== 0) break;
    text = '1' + text;
  }
  return text;
}

/** Base58 to 32 bytes; null when it is not a public key. */
export function pubkeyBytes(text: string): Uint8Array | null {
  let value = 0n;
  for (const character of text) {
    const digit = BASE58.indexOf(character);
    if (digit < 0) return null;
    value = value * 58n + BigInt(digit);
  }
  const bytes = new Uint8Array(32);
  for (let i = 31; i >= 0; i--, value >>= 8n) bytes[i] = Number(value & 255n);
  return value === 0n && text.length > 0 && toBase58(bytes) === text ? bytes : null;
}

export interface Keypair {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
  /** Base58 of the public key. */
  readonly address: string;
  readonly privateKey: KeyObject;
}

/** RFC 8410: the fixed DER prefixes of an Ed25519 private key (PKCS #8) and public key (SPKI). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** The keypair of a 32-byte seed. */
export function keypairFromSeed(seed: Uint8Array): Keypair {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(spki.subarray(SPKI.length));
  return { seed, publicKey, address: toBase58(publicKey), privateKey };
}

const throwaways = new Map<string, Keypair>();
const throwawaysByAddress = new Map<string, Keypair>();
/** By the text of their key files: hosts read them again and again. */
const throwawaysByText = new Map<string, Keypair>();

/** The throwaway key of a name; the same on every machine and in every version. */
export function throwawayKey(name: string): Keypair {
  let key = throwaways.get(name);
  if (key === undefined) {
    key = keypairFromSeed(new Uint8Array(createHash('sha256').update(`solevoter throwaway key: ${name}`).digest()));
    throwaways.set(name, key);
    throwawaysByAddress.set(key.address, key);
    throwawaysByText.set(keyFileText(key), key);
  }
  return key;
}

/** The throwaway key with this address, among those made so far; null for any other. */
export function throwawayKeyOf(address: string): Keypair | null {
  return throwawaysByAddress.get(address) ?? null;
}

/**
 * The key in a key file's text, when it is one of the throwaway keys made so far. 'foreign': a key, but not ours, which
 * the product must not touch; 'not-a-key': no array of 64 bytes whose halves belong together.
 */
export function throwawayKeyIn(text: string): Keypair | 'foreign' | 'not-a-key' {
  const known = throwawaysByText.get(text);
  if (known !== undefined) return known;
  let bytes: unknown;
  try {
    bytes = JSON.parse(text);
  } catch {
    return 'not-a-key';
  }
  if (!Array.isArray(bytes) || bytes.length !== 64 || bytes.some((byte) => !Number.isInteger(byte) || byte < 0 || byte > 255)) return 'not-a-key';
  const all = Uint8Array.from(bytes as number[]);
  const key = throwawaysByAddress.get(toBase58(all.subarray(32)));
  return key !== undefined && keyFileText(key) === `[${all.join(',')}]` ? key : 'foreign';
}

/** The 64-byte JSON array of a Solana key file. */
export function keyFileText(key: Keypair): string {
  return `[${[...key.seed, ...key.publicKey].join(',')}]`;
}

/** Ed25519 signature, 64 bytes. */
export function signBytes(key: Keypair, data: Uint8Array): Uint8Array {
  return new Uint8Array(signEd25519(null, data, key.privateKey));
}

/** Whether `signature` over `data` is that of the public key (32 bytes). */
export function verifyBytes(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verifyEd25519(null, data, key, signature);
}
