/**
 * Vote transactions that landed, as JSON Lines: one transaction a line, with the slot of its bank, its error, and, where
 * it was kept, the instruction's data. The reader of an RPC node writes the same lines.
 */
import { InputError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { decodeVote, isVote } from './vote-instruction.ts';
import type { VotedStack } from './vote-instruction.ts';

export interface LandedVote {
  /** Slot of the bank that executed it. */
  readonly bank: number;
  /** Custom(n) of the vote program, null when it was accepted. */
  readonly error: number | null;
  /** What was voted; null where the record has no instruction data. */
  readonly voted: VotedStack | null;
  /** Length of the instruction's data, bytes, when it is recorded: it tells the number of lockouts. */
  readonly length: number | null;
  /** Line in the record, from 1. */
  readonly line: number;
}

/** A line of the record. */
export interface LandedLine {
  readonly slot: number;
  /** As an RPC node tells it: null, or {"InstructionError":[0,{"Custom":n}]}. */
  readonly err: unknown;
  readonly disc?: number;
  readonly len?: number;
  readonly hex?: string;
  readonly signature?: string;
}

export interface LandedRecord {
  /** By bank, then in the order of the record. */
  readonly votes: readonly LandedVote[];
  /** Transactions that failed before the vote program had a word, or with an error that is not its own. */
  readonly otherErrors: number;
}

/** Lockouts in the data of a TowerSync of so many bytes: a one-byte offset and a count each. Null for another length. */
export function lockoutsIn(length: number): number | null {
  const count = (length - 86) / 2;
  return Number.isInteger(count) && count >= 1 && count <= 31 ? count : null;
}

/** Reads a record. Instructions that are no votes are left out. Throws InputError with line numbers. */
export function parseLanded(text: string, file: string): LandedRecord {
  const diagnostics: Diagnostic[] = [];
  const votes: LandedVote[] = [];
  let otherErrors = 0;
  text.split('\n').forEach((source, i) => {
    if (source.trim() === '' || diagnostics.length >= 20) return;
    const at = { file, line: i + 1 };
    const line = readLine(source);
    if (line === null) {
      diagnostics.push({ ...at, message: 'this is no vote transaction', expected: 'a JSON object such as {"slot":226,"err":null,"hex":"0e000000…"}' });
      return;
    }
    const error = customError(line.err);
    if (error === 'other') {
      otherErrors++;
      return;
    }
    const voted = line.hex === undefined ? null : decodeVote(Buffer.from(line.hex, 'hex'));
    if (voted === 'no vote' || (voted === null && line.disc !== undefined && !isVote(line.disc))) return; // another instruction
    if (voted !== null && 'broken' in voted) {
      diagnostics.push({ ...at, message: `the instruction data is no vote: ${voted.broken}`, expected: 'the data of an instruction of the vote program, in hexadecimal digits' });
      return;
    }
    votes.push({ bank: line.slot, error, voted, length: line.len ?? null, line: i + 1 });
  });
  if (diagnostics.length > 0) throw new InputError(diagnostics);
  return { votes: votes.sort((a, b) => a.bank - b.bank || a.line - b.line), otherErrors };
}

function readLine(source: string): LandedLine | null {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { slot, err, hex } = value as Record<string, unknown>;
  const fits = Number.isSafeInteger(slot) && err !== undefined && (hex === undefined || (typeof hex === 'string' && /^(?:[0-9a-f]{2})+$/i.test(hex)));
  return fits ? (value as LandedLine) : null;
}

function customError(err: unknown): number | null | 'other' {
  if (err === null) return null;
  const instruction = (err as { readonly InstructionError?: readonly unknown[] }).InstructionError;
  const custom = (instruction?.[1] as { readonly Custom?: unknown } | undefined)?.Custom;
  return typeof custom === 'number' ? custom : 'other';
}
