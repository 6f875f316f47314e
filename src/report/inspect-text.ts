/** The inspection of a tower file as text, 80 columns wide. */
import { toBase58 } from '../model/identity.ts';
import { MAX_LOCKOUT_HISTORY } from '../model/lockout.ts';
import type { TowerFile, TowerLayout, WideLockout, WideVote } from '../model/tower-codec.ts';
import { messageSlots } from './inspect.ts';
import type { TowerInspection } from './inspect.ts';

const WIDTH = 80;

const LAYOUTS: Readonly<Record<TowerLayout, string>> = {
  current: 'current (tag 1, as Agave 1.14 and newer write it)',
  'tag-0': '1.7.14 with tag 0 under the current name; no longer written',
  'old-name': '1.7.14 without a tag, under the old name; no longer written',
};

/** Lines of at most 80 columns; longer words (keys are 44) do not occur but in a file name. */
export function inspectionText(inspection: TowerInspection): string[] {
  const { fileName, size, name, layout, owner, signature, file, trailing } = inspection;
  const lines = [
    ...wrap(fileName, 0),
    ...field('size', `${size} bytes`),
    ...field('layout', layout === null ? 'cannot be read' : LAYOUTS[layout]),
    ...field('owner', owner ?? 'cannot be read'),
    ...(name === null || name.address === owner ? [] : field('asked for', `${name.address} (by the name)`)),
    ...field('signature', signature === 'unchecked' ? 'cannot be checked' : signature),
    ...field('loader', loaderText(inspection)),
    ...(file === null ? [] : contentText(file)),
    ...(layout === null ? [] : field('trailing', trailing === 0 ? 'none' : `${trailing} bytes, which the loader ignores`)),
  ];
  if (inspection.notes.length > 0) {
    lines.push('', 'Notes');
    for (const note of inspection.notes) lines.push(...wrap(`  - ${note}`, 4));
  }
  lines.push('', 'What Agave does with it');
  for (const { situation, outcome } of inspection.outcomes) lines.push(...wrap(`  ${situation}: ${outcome}`, 4));
  return lines;
}

function loaderText({ name, error }: TowerInspection): string {
  if (error === null) return name === null ? 'would accept it under the right name' : 'accepts it';
  return error.kind === 'SerializeError' ? `${error.text} (at byte ${error.offset})` : error.text;
}

function contentText(file: TowerFile): string[] {
  const { votes, root } = file.voteState;
  return [
    ...field('root', root === null ? 'none' : String(root)),
    ...field('threshold', `${percent(file.thresholdSizeBits)} of the stake at depth ${file.thresholdDepth}`),
    ...field('votes', `${votes.length}, oldest first`),
    ...stackTable(votes),
    ...voteText(file.lastVote, votes),
    ...field('last time', `slot ${file.lastTimestamp.slot}, ${unixTime(file.lastTimestamp.timestamp)}`),
  ];
}

function stackTable(votes: readonly WideLockout[]): string[] {
  if (votes.length === 0) return [];
  const rows = [
    ['slot', 'confirmations', 'lockout', 'locks out through slot'],
    ...votes.map((vote) => [vote.slot, vote.confirmationCount, lockoutOf(vote), lastLockedOutSlot(vote)].map(String)),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `    ${row.map((cell, column) => cell.padStart(widths[column]!)).join('  ')}`);
}

/** 2^min(count, 31) slots: vote-interface `Lockout::lockout`. */
function lockoutOf({ confirmationCount }: WideLockout): bigint {
  return 2n ** BigInt(Math.min(confirmationCount, MAX_LOCKOUT_HISTORY));
}

/** The end is inclusive, and saturates at the end of u64: vote-interface `Lockout::last_locked_out_slot`. */
function lastLockedOutSlot(vote: WideLockout): bigint {
  const end = vote.slot + lockoutOf(vote);
  return end < 2n ** 64n ? end : 2n ** 64n - 1n;
}

function voteText(vote: WideVote, stack: readonly WideLockout[]): string[] {
  const slots = messageSlots(vote);
  const range = slots.length === 0 ? 'no slot' : `${slots.length} slots, ${slots[0]} to ${slots.at(-1)}`;
  const same = vote.variant !== 'Vote' && slots.length > 0 && sameStack(vote.lockouts, stack);
  return [
    ...field('last vote', `${vote.variant}: ${range}${same ? ', the stack above' : ''}`),
    ...(vote.variant === 'Vote' ? [] : field('  root', vote.root === null ? 'none' : String(vote.root))),
    ...field('  hash', toBase58(vote.hash)),
    ...(vote.variant === 'TowerSync' ? field('  block id', toBase58(vote.blockId)) : []),
    ...field('  timestamp', vote.timestamp === null ? 'none' : unixTime(vote.timestamp)),
  ];
}

function sameStack(a: readonly WideLockout[], b: readonly WideLockout[]): boolean {
  const text = (stack: readonly WideLockout[]): string => stack.map((v) => `${v.slot}:${v.confirmationCount}`).join();
  return text(a) === text(b);
}

function percent(doubleBits: bigint): string {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigUint64(0, doubleBits);
  return `${Number((bits.getFloat64(0) * 100).toPrecision(4))} %`;
}

function unixTime(seconds: bigint): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : `${seconds} s (${date.toISOString().slice(0, -5)}Z)`;
}

function field(label: string, value: string): string[] {
  return wrap(`  ${label.padEnd(14)}${value}`, 16);
}

/** Breaks at spaces, and inside a word only when it is longer than a line; later lines are indented. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > WIDTH) {
    const space = rest.lastIndexOf(' ', WIDTH);
    const at = space > indent ? space : WIDTH;
    lines.push(rest.slice(0, at).trimEnd());
    rest = ' '.repeat(indent) + rest.slice(at).trimStart();
  }
  return [...lines, rest];
}
