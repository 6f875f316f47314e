import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keypairFromSeed, signBytes, throwawayKey, toBase58, verifyBytes } from '../../src/model/identity.ts';
import type { TowerFile, TowerName } from '../../src/model/tower-codec.ts';
import { encodeTowerData } from '../../src/model/tower-codec.ts';
import {
  decodeTowerFile,
  EMPTY_VOTE,
  encodeTowerFile,
  loadTower,
  loadTowerFile,
  oldTowerFileName,
  parseTowerFileName,
  savedTower,
  signTower,
  towerFileName,
} from '../../src/model/tower-file.ts';
import { towerFile } from './tower-arbitrary.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url);
const STAKED = '4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q';
const REAL = [
  `agave/twenty-swaps/tower-1_9-${STAKED}.bin`,
  'agave/guide-run/tower-active.bin',
  'agave/guide-run/tower-inactive.bin',
];

function read(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, FIXTURES)));
}

function decoded(bytes: Uint8Array, name: TowerName): TowerFile {
  const result = decodeTowerFile(bytes, name);
  if (!result.ok) throw new Error(result.error.text);
  return result.file;
}

function loadError(bytes: Uint8Array, name: TowerName, pubkey: string): string | null {
  const load = loadTowerFile(bytes, name, pubkey);
  return load.ok ? null : `${load.error.kind}: ${load.error.text}`;
}

const key = throwawayKey('tower-file test');
const thief = throwawayKey('thief');
const [hash, blockId] = [toBase58(new Uint8Array(32).fill(0x11)), toBase58(new Uint8Array(32).fill(0x22))];
const votes = [
  { slot: 100, confirmationCount: 2 },
  { slot: 101, confirmationCount: 1 },
];
const plain = {
  node: key.address,
  votes,
  root: 99,
  lastVote: { ...EMPTY_VOTE, lockouts: votes, root: 99, hash, timestamp: 1700000000, blockId },
  lastTimestamp: { slot: 100, timestamp: 1700000000 },
};

describe('files written by Agave 4.2.0', () => {
  it.each(REAL)('%s: signature valid, written again byte for byte', (path) => {
    const bytes = read(path);
    const load = loadTowerFile(bytes, 'current', STAKED);
    if (!load.ok) throw new Error(load.error.text);
    expect(load.trailing).toBe(0);
    expect(load.file.slack).toHaveLength(0);
    expect(encodeTowerFile(load.file)).toEqual(bytes);
    expect(load.tower.votes).toHaveLength(31);
    expect(load.tower.lastVote.variant).toBe('TowerSync');
    expect(load.tower.lastVote.lockouts).toEqual(load.tower.votes);
    expect(load.tower.thresholdDepth).toBe(8);
    expect(load.tower.thresholdSize).toBe(2 / 3);
  });

  it.each(REAL)('%s: rebuilt from its plain numbers it is the same, but for the signature', (path) => {
    const load = loadTowerFile(read(path), 'current', STAKED);
    if (!load.ok) throw new Error(load.error.text);
    const { signature } = load.file;
    expect(encodeTowerFile({ ...savedTower(load.tower), signature })).toEqual(read(path));
  });
});

interface Vector {
  readonly kind: string;
  readonly name: string;
  readonly input: {
    readonly identity_seed_hex: string;
    readonly identity_base58: string;
    readonly file_name: string;
    readonly decoded: { readonly votes: [number, number][]; readonly root: number; readonly last_timestamp: [number, number] };
  };
  readonly expect: { readonly length: number; readonly sha256: string; readonly hex: string };
}

describe('vectors of kind tower_file', () => {
  const vectors = (JSON.parse(readFileSync(new URL('vectors/tower.json', FIXTURES), 'utf8')) as Vector[]).filter(
    ({ kind }) => kind === 'tower_file',
  );

  it('are there', () => {
    expect(vectors.map(({ name }) => name).sort()).toEqual([
      'full_tower_multibyte_varint',
      'two_votes_tower_sync',
      'v1_7_14_inside_new_name',
      'v1_7_14_old_name',
      'vote_state_update_variant',
    ]);
  });

  it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_, { input, expect: wanted }) => {
    const bytes = new Uint8Array(Buffer.from(wanted.hex, 'hex'));
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(wanted.sha256);
    const named = parseTowerFileName(input.file_name);
    expect(named?.address).toBe(input.identity_base58);
    const load = loadTowerFile(bytes, named!.name, input.identity_base58);
    if (!load.ok) throw new Error(load.error.text);
    expect(load.tower.votes.map(({ slot, confirmationCount }) => [slot, confirmationCount])).toEqual(input.decoded.votes);
    expect(load.tower.root).toBe(input.decoded.root);
    expect(load.tower.lastVote.lockouts).toEqual(load.tower.votes);
    const { slot, timestamp } = load.tower.lastTimestamp;
    expect([slot, timestamp]).toEqual(input.decoded.last_timestamp);
    // Ed25519 is deterministic: signing again must give the same file.
    const seed = new Uint8Array(Buffer.from(input.identity_seed_hex, 'hex'));
    expect(encodeTowerFile(signTower(load.file, keypairFromSeed(seed)))).toEqual(bytes);
    expect(bytes).toHaveLength(wanted.length);
  });
});

describe('towers of the simulator', () => {
  it('have the size and the offsets of the layout', () => {
    const bytes = encodeTowerFile(signTower(savedTower(plain), key));
    const view = new DataView(bytes.buffer);
    expect(bytes).toHaveLength(1913);
    expect(view.getUint32(0, true)).toBe(1);
    expect(view.getBigUint64(68, true)).toBe(1837n);
    expect(toBase58(bytes.subarray(76, 108))).toBe(key.address);
    expect([...bytes.subarray(116, 124)]).toEqual([0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xe5, 0x3f]);
    expect(view.getBigUint64(1774, true)).toBe(31n);
    expect(view.getUint32(1807, true)).toBe(3);
    expect(verifyBytes(key.publicKey, bytes.subarray(76), bytes.subarray(4, 68))).toBe(true);
  });

  it('load as what was saved', () => {
    const load = loadTowerFile(encodeTowerFile(signTower(savedTower(plain), key)), 'current', key.address);
    expect(load.ok && load.tower).toEqual({ ...plain, thresholdDepth: 8, thresholdSize: 2 / 3 });
  });

  it('that have not voted save an empty TowerSync', () => {
    const file = savedTower({ ...plain, votes: [], root: 0, lastVote: EMPTY_VOTE, lastTimestamp: { slot: 0, timestamp: 0 } });
    expect(encodeTowerFile(file)).toHaveLength(1869 + 8);
    expect(loadTowerFile(encodeTowerFile(signTower(file, key)), 'current', key.address).ok).toBe(true);
  });

  it.each(['Vote', 'VoteStateUpdate', 'CompactVoteStateUpdate', 'TowerSync'] as const)('keep a %s as last vote', (variant) => {
    const root = variant === 'Vote' ? null : 99;
    const lastVote = { ...plain.lastVote, variant, root, blockId: variant === 'TowerSync' ? blockId : null };
    const load = loadTowerFile(encodeTowerFile(signTower(savedTower({ ...plain, lastVote }), key)), 'current', key.address);
    expect(load.ok && load.tower.lastVote).toEqual(lastVote);
  });

  it('are refused when they cannot be encoded', () => {
    const withMessage = (lockouts: typeof votes) => () =>
      encodeTowerFile(savedTower({ ...plain, lastVote: { ...plain.lastVote, lockouts } }));
    expect(withMessage([{ slot: 98, confirmationCount: 1 }])).toThrow(RangeError);
    expect(withMessage([{ slot: 100, confirmationCount: 256 }])).toThrow(RangeError);
    expect(() => savedTower({ ...plain, root: -1 })).toThrow(RangeError);
    expect(() => savedTower({ ...plain, lastVote: { ...plain.lastVote, hash: 'H5' } })).toThrow('"H5"');
    expect(() => encodeTowerFile({ ...savedTower(plain), layout: 'tag-0' })).toThrow('TowerSync');
  });

  it('are not signed with the key of another', () => {
    expect(() => signTower(savedTower(plain), throwawayKey('another'))).toThrow(
      `node_pubkey is ${throwawayKey('another').address} but found tower for ${key.address}`,
    );
  });
});

describe('loading', () => {
  const bytes = encodeTowerFile(signTower(savedTower(plain), key));
  const changed = (at: number): Uint8Array => bytes.with(at, bytes[at]! ^ 0xff);
  const eof = 'SerializeError: Serialization Error: io error: failed to fill whole buffer';
  const invalid = 'InvalidSignature: The signature on the saved tower is invalid';

  it('says what Agave 4.2.0 said of a cut, an absent and a changed file', () => {
    const answers = readFileSync(new URL('agave/command-answers.txt', FIXTURES), 'utf8');
    const real = read(REAL[0]!);
    const texts = [
      loadTowerFile(real.subarray(0, 1000), 'current', STAKED),
      loadTower({ current: null, old: null }, STAKED),
      loadTowerFile(real.with(1500, real[1500]! ^ 1), 'current', STAKED),
    ].map((load) => (load.ok ? '' : load.error.text));
    for (const text of texts) expect(answers).toContain(`Unable to load tower file for identity ${STAKED}: ${text}\n`);
    expect(new Set(texts).size).toBe(3);
  });

  it('refuses an empty and a cut file', () => {
    for (const size of [0, 3, 4, 50, 75, 76, 500, bytes.length - 1]) {
      expect(loadError(bytes.subarray(0, size), 'current', key.address)).toBe(eof);
    }
  });

  it('refuses a changed signature and changed data, also where the data no longer decode', () => {
    for (const at of [4, 67, 76, 188, 221, 1782, 1807, 1912]) {
      expect(loadError(changed(at), 'current', key.address)).toBe(invalid);
    }
  });

  it("takes another identity's file for one with an invalid signature", () => {
    expect(loadError(bytes, 'current', STAKED)).toBe(invalid);
    expect(loadError(bytes, 'current', 'not a key')).toBe(invalid);
  });

  it('finds the wrong owner behind a valid signature', () => {
    const forged = signedByThief(encodeTowerData(savedTower(plain)));
    expect(loadError(forged, 'current', thief.address)).toBe(
      `WrongTower: The tower does not match this validator: node_pubkey is ${thief.address} but found tower for ${key.address}`,
    );
  });

  it('names the value that does not decode, when the signature holds', () => {
    const failure = (change: (data: Uint8Array) => void): string | null => {
      const data = encodeTowerData(savedTower(plain));
      change(data);
      return loadError(signedByThief(data), 'current', thief.address);
    };
    const serialize = 'SerializeError: Serialization Error: ';
    expect(failure((data) => (data[221 - 76] = 2))).toBe(`${serialize}tag for enum is not valid, found 2`);
    expect(failure((data) => (data[1782 - 76] = 7))).toBe(
      `${serialize}invalid u8 while decoding bool, expected 0 or 1, found 7`,
    );
    expect(failure((data) => (data[1807 - 76] = 4))).toBe(
      `${serialize}invalid value: integer \`4\`, expected variant index 0 <= i < 4`,
    );
    expect(failure((data) => data.fill(0xff, 189 - 76, 197 - 76))).toBe(`${serialize}io error: unexpected end of file`);
    expect(failure((data) => data.set([0x82, 0x00], 1819 - 76))).toBe(
      `${serialize}invalid value: alias encoding, expected strict form encoding`,
    );
    expect(failure((data) => data.set([0x81, 0x00], 1820 - 76))).toBe(`${serialize}Invalid Trailing Zeros`);
    expect(failure((data) => data.set([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1811 - 76))).toBe(
      `${serialize}Invalid lockout offset`,
    );
  });

  it('ignores what stands behind the data and behind the tower', () => {
    const longer = new Uint8Array([...bytes, 1, 2, 3]);
    const load = loadTowerFile(longer, 'current', key.address);
    expect(load.ok && load.trailing).toBe(3);
    const slack = encodeTowerFile(signTower({ ...savedTower(plain), slack: new Uint8Array([9, 9]) }, key));
    const padded = loadTowerFile(slack, 'current', key.address);
    expect(padded.ok && [...padded.file.slack]).toEqual([9, 9]);
    expect(padded.ok && encodeTowerFile(padded.file)).toEqual(slack);
  });

  it('looks at the old name only when the current file cannot be opened', () => {
    const { lastVote, ...rest } = decoded(bytes, 'current');
    const vote = { variant: 'Vote' as const, slots: [100n, 101n], hash: lastVote.hash, timestamp: null };
    const old = encodeTowerFile(signTower({ ...rest, layout: 'old-name', lastVote: vote }, key));
    expect(loadTower({ current: null, old }, key.address).ok).toBe(true);
    expect(loadTower({ current: bytes, old }, key.address).ok).toBe(true);
    expect(loadTower({ current: new Uint8Array(0), old }, key.address).ok).toBe(false);
    expect(loadError(old, 'current', key.address)).toContain('SerializeError');
  });

  it('knows names from other names', () => {
    expect(parseTowerFileName(towerFileName(STAKED))).toEqual({ name: 'current', address: STAKED });
    expect(parseTowerFileName(oldTowerFileName(STAKED))).toEqual({ name: 'old', address: STAKED });
    for (const name of ['tower-active.bin', `${towerFileName(STAKED)}.new`, `tower-1_9-${STAKED}x.bin`, 'tower-.bin']) {
      expect(parseTowerFileName(name)).toBeNull();
    }
  });
});

/** A file in the current layout around any data, with a signature that holds for the thief. */
function signedByThief(data: Uint8Array): Uint8Array {
  const head = new Uint8Array(76);
  head[0] = 1;
  head.set(signBytes(thief, data), 4);
  new DataView(head.buffer).setBigUint64(68, BigInt(data.length), true);
  return new Uint8Array([...head, ...data]);
}

describe('arbitrary towers', () => {
  it('come back from their bytes', () => {
    let runs = 0;
    fc.assert(
      fc.property(towerFile, fc.uint8Array({ maxLength: 30 }), (file, trailing) => {
        runs++;
        const bytes = encodeTowerFile(file);
        const result = decodeTowerFile(new Uint8Array([...bytes, ...trailing]), file.layout === 'old-name' ? 'old' : 'current');
        return isDeepStrictEqual(result, { ok: true, file, trailing: trailing.length });
      }),
      { numRuns: 2000 },
    );
    expect(runs).toBe(2000);
  }, 20_000);
});
