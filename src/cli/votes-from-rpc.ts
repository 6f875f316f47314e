/** The landed votes of a run from an RPC node, with a file that keeps them: an interrupted reading goes on from there. */
import { appendFileSync, existsSync, truncateSync } from 'node:fs';
import { InputError } from '../model/diagnostic.ts';
import type { HostLog } from '../import/host-log.ts';
import { parseLanded } from '../import/landed-vote.ts';
import type { LandedLine, LandedRecord } from '../import/landed-vote.ts';
import { readVotes } from '../import/rpc-votes.ts';
import { voteAccountOf } from '../import/staked-identity.ts';
import { readInputFile, utf8Text } from '../transition/input-file.ts';
import { pause, rpcNode } from './rpc-node.ts';
import { progressLine } from './terminal.ts';

export interface VotesFromRpc {
  readonly url: string;
  /** JSON Lines, appended to. */
  readonly cache: string;
  readonly voteAccount: string | null;
  readonly logs: readonly HostLog[];
}

/** Banks after the last one of the logs in which their votes may still land. */
const LATER = 32;
const LARGEST_CACHE = 400_000_000;

/** Reads what the cache lacks. Throws InputError. */
export async function votesFromRpc({ url, cache, voteAccount, logs }: VotesFromRpc): Promise<LandedRecord> {
  const account = voteAccount ?? voteAccountOf(logs);
  if (account === null) throw new InputError([{ file: '--rpc', message: 'the logs do not name the vote account', expected: '--vote-account ADDRESS' }]);
  const slots = logs.flatMap(({ facts }) => facts.flatMap(({ fact }) => (fact.kind === 'frozen' ? [fact.slot] : [])));
  if (slots.length === 0) throw new InputError([{ file: '--rpc', message: 'the logs name no bank, so it is not known which slots to read', expected: 'logs with lines "bank frozen: …"' }]);
  const [from, to] = slots.reduce(([low, high], slot) => [Math.min(low, slot), Math.max(high, slot)], [Number.POSITIVE_INFINITY, 0]);
  const known = existsSync(cache) ? cachedLines(cache) : [];
  const keep = (line: LandedLine): void => {
    try {
      appendFileSync(cache, `${JSON.stringify(line)}\n`);
    } catch (error) {
      throw new InputError([{ file: cache, message: `cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, expected: 'a path in a writable folder, with --cache' }]);
    }
  };
  const { lines } = await readVotes({ node: await rpcNode(url, account), from, to: to + LATER, known, keep, pause, progress: progressLine });
  return parseLanded(lines.map((line) => JSON.stringify(line)).join('\n'), cache);
}

/** What an earlier reading has left; a last line that was cut short is taken away, and read again. */
function cachedLines(cache: string): LandedLine[] {
  const bytes = readInputFile(cache, LARGEST_CACHE);
  const whole = bytes.lastIndexOf(10) + 1;
  const text = utf8Text(bytes.subarray(0, whole), cache);
  parseLanded(text, cache);
  if (whole < bytes.length) truncateSync(cache, whole);
  return text.split('\n').filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as LandedLine);
}
