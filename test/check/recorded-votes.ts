/** Vote transactions as recorded from real validators (test/fixtures/agave), as a trace. */
import { readFileSync } from 'node:fs';
import { toRuns } from '../../src/model/lockout-runs.ts';
import type { Trace, TraceEvent } from '../../src/model/trace.ts';
import { STAKED, header } from './trace-builder.ts';

interface RecordedVote {
  /** Slot of the bank that executed it. */
  readonly slot: number;
  readonly err: { readonly InstructionError: readonly [number, { readonly Custom: number }] } | null;
  readonly disc: number;
  readonly hex: string;
}

interface TowerSync {
  readonly root: number;
  readonly lockouts: readonly (readonly [number, number])[];
  readonly hash: string;
}

/** TowerSync instruction: u32 14, root u64, compact lockouts (offset as varint, count u8), hash of 32 bytes. */
function decodeTowerSync(hex: string): TowerSync {
  const data = Buffer.from(hex, 'hex');
  const root = Number(data.readBigUInt64LE(4));
  let at = 12;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = data[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const count = varint();
  const lockouts: [number, number][] = [];
  let slot = root;
  for (let i = 0; i < count; i++) {
    slot += varint();
    lockouts.push([slot, data[at++]!]);
  }
  return { root, lockouts, hash: data.subarray(at, at + 32).toString('hex') };
}

/**
 * A trace of one linear chain, with every landed vote sent when its slot's block came. `holder` names the sender of a
 * vote, from its slot and how often the same block was voted for before.
 */
export function recordedTrace(path: string, holder: (slot: number, copy: number) => string): Trace {
  const votes = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedVote)
    .filter((vote) => vote.disc === 14)
    .map((vote) => ({ ...vote, sync: decodeTowerSync(vote.hex) }));
  const hashes = new Map<number, string>();
  for (const { sync, slot } of votes) {
    hashes.set(slot, hashes.get(slot) ?? `block ${slot}`);
    hashes.set(sync.lockouts.at(-1)![0], sync.hash);
    for (const [voted] of sync.lockouts) if (!hashes.has(voted)) hashes.set(voted, `block ${voted}`);
  }
  const chain = [...hashes.keys()].sort((a, b) => a - b);
  const events: TraceEvent[] = [];
  const time = (slot: number): number => slot * 400_000;
  chain.forEach((slot, i) => {
    const parent = chain[i - 1] ?? -1;
    events.push({ type: 'block', t: time(slot), slot, parent, hash: hashes.get(slot)!, parentHash: hashes.get(parent) ?? '', leader: 'other' });
  });
  const copies = new Map<string, number>();
  votes.forEach(({ slot: bank, err, sync }, id) => {
    const slot = sync.lockouts.at(-1)![0];
    const copy = copies.get(sync.hash) ?? 0;
    copies.set(sync.hash, copy + 1);
    events.push({
      type: 'vote',
      t: time(slot) + 100_000 + copy,
      id,
      host: holder(slot, copy),
      identity: STAKED,
      slot,
      hash: sync.hash,
      lockouts: toRuns(sync.lockouts.map(([voted, confirmationCount]) => ({ slot: voted, confirmationCount }))),
      root: sync.root,
      refresh: false,
    });
    events.push({ type: 'landed', t: time(bank), vote: id, bank, bankHash: hashes.get(bank)!, error: err === null ? null : err.InstructionError[1].Custom });
  });
  events.sort((a, b) => a.t - b.t);
  return { header: { ...header, source: 'recording' }, events };
}
