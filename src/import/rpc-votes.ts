/**
 * Reads the landed vote transactions of an account from an RPC node, gently: a page of signatures at a time, few
 * transactions at once, longer and longer pauses when the node asks for them, and nothing twice.
 */
import { InputError } from '../model/diagnostic.ts';
import type { LandedLine } from './landed-vote.ts';
import { isVote } from './vote-instruction.ts';

export interface ListedSignature {
  readonly signature: string;
  readonly slot: number;
}

export interface FetchedTransaction {
  readonly slot: number;
  readonly err: unknown;
  /** Data of the instructions of the vote program. */
  readonly instructions: readonly Uint8Array[];
}

/** The few questions that are asked. Each may throw; `RateLimited` when the node wants a pause. */
export interface VoteNode {
  /** Some signature of the first block after a slot, from where the account's are listed backwards; null: from the newest. */
  readonly signatureAfter: (slot: number) => Promise<string | null>;
  /** Signatures of the account's transactions, newest first. */
  readonly signatures: (before: string | null) => Promise<readonly ListedSignature[]>;
  /** Null when the node does not have it any more. */
  readonly transaction: (signature: string) => Promise<FetchedTransaction | null>;
}

/** The node answered "429 Too Many Requests". */
export class RateLimited extends Error {}

export interface RpcReading {
  readonly node: VoteNode;
  /** Banks, inclusive. */
  readonly from: number;
  readonly to: number;
  /** What an earlier reading has left. */
  readonly known: readonly LandedLine[];
  /** Keeps a line as soon as it is there. */
  readonly keep: (line: LandedLine) => void;
  readonly pause: (ms: number) => Promise<void>;
  readonly progress: (words: string) => void;
}

/** Requests that are under way at the same time. */
export const AT_ONCE = 2;
/** Pauses after a refusal, ms; after the last one the reading ends, to go on later. */
export const PAUSES: readonly number[] = [1000, 2000, 4000, 8000, 16_000, 32_000];

export interface RpcVotes {
  readonly lines: readonly LandedLine[];
  /** Transactions that the node has listed and not kept. */
  readonly gone: number;
}

/** Reads all votes of the banks. Throws InputError when the node refuses for good; what was read is kept. */
export async function readVotes(reading: RpcReading): Promise<RpcVotes> {
  const { node, from, to, known, keep, progress } = reading;
  const lines = new Map(known.flatMap((line) => (line.signature === undefined ? [] : [[line.signature, line] as const])));
  const listed = await listSignatures(reading);
  const wanted = listed.filter(({ signature }) => !lines.has(signature));
  let done = 0;
  let gone = 0;
  const worker = async (): Promise<void> => {
    for (let next = wanted.shift(); next !== undefined; next = wanted.shift()) {
      const { signature } = next;
      const transaction = await patiently(reading, () => node.transaction(signature));
      progress(`votes from the RPC node: ${lines.size} of ${listed.length}`);
      done++;
      const data = transaction?.instructions.find((candidate) => candidate.length >= 4 && isVote(candidate[0]! | (candidate[1]! << 8)));
      if (transaction === null) gone++;
      const line: LandedLine | null = transaction === null ? null
        : { slot: transaction.slot, err: transaction.err, signature, ...(data === undefined ? { disc: -1 } : { hex: Buffer.from(data).toString('hex') }) };
      if (line === null) continue;
      lines.set(signature, line);
      keep(line);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  progress('');
  const order = new Map(listed.map(({ signature }, i) => [signature, -i]));
  const inRange = [...lines.values()].filter(({ slot }) => slot >= from && slot <= to);
  return { lines: inRange.sort((a, b) => a.slot - b.slot || (order.get(a.signature!) ?? 0) - (order.get(b.signature!) ?? 0)), gone };
}

/** Signatures of the account in the banks, newest first. */
async function listSignatures(reading: RpcReading): Promise<ListedSignature[]> {
  const { node, from, to, progress } = reading;
  const listed: ListedSignature[] = [];
  let before = await patiently(reading, () => node.signatureAfter(to));
  for (;;) {
    const at: string | null = before;
    const page = await patiently(reading, () => node.signatures(at));
    listed.push(...page.filter(({ slot }) => slot >= from && slot <= to));
    progress(`signatures from the RPC node: ${listed.length}`);
    const last = page.at(-1);
    if (last === undefined || last.slot < from) return listed;
    before = last.signature;
  }
}

async function patiently<T>({ pause }: RpcReading, ask: () => Promise<T>): Promise<T> {
  for (let refusals = 0; ; refusals++) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof InputError) throw error;
      const wait = PAUSES[refusals];
      if (wait === undefined) {
        const words = error instanceof RateLimited ? 'the node refuses more requests (429)' : `the node cannot be read: ${error instanceof Error ? error.message : String(error)}`;
        throw new InputError([{ file: '--rpc', message: `${words}; what was read is kept`, expected: 'to run the same command again later, or another node' }]);
      }
      await pause(wait);
    }
  }
}
