/** `solevoter import`: a trace from the logs of a real run. It reads only. */
import { InputError } from '../model/diagnostic.ts';
import { EXIT } from '../model/exit-code.ts';
import { parseCommands } from '../import/command-record.ts';
import { hostLog } from '../import/host-log.ts';
import { parseLanded } from '../import/landed-vote.ts';
import { recordingOf } from '../import/recording.ts';
import type { Recording } from '../import/recording.ts';
import { savedStack } from '../import/saved-stack.ts';
import { wallMicros, wallText } from '../import/wall-clock.ts';
import { recordingText } from '../report/recording-text.ts';
import { formatTrace } from '../report/trace-file.ts';
import { readInputFile, utf8Text } from '../transition/input-file.ts';
import { readLogFile } from './log-file.ts';
import { recordingFolder } from './recording-folder.ts';
import type { RecordingFiles } from './recording-folder.ts';
import { printLines, progressLine } from './terminal.ts';
import { votesFromRpc } from './votes-from-rpc.ts';
import { writeWhole } from './write-whole.ts';

export interface ImportOptions {
  readonly active?: readonly string[];
  readonly inactive?: readonly string[];
  readonly commands?: string;
  readonly votes?: string;
  readonly tower?: readonly string[];
  readonly staked?: string;
  readonly voteAccount?: string;
  readonly stakeShare?: number;
  readonly from?: string;
  readonly to?: string;
  readonly allowGaps?: boolean;
  readonly rpc?: string;
  readonly cache?: string;
  readonly output: string;
}

const LARGEST_TEXT = 400_000_000;
const LARGEST_TOWER = 1_000_000;
const HOSTS = ['active', 'inactive'] as const;

/** Writes the trace, prints what was made of it, and returns the exit code. Throws InputError; then nothing is written. */
export async function importCommand(folder: string | undefined, options: ImportOptions): Promise<number> {
  const recording = await readRecording(folder, options);
  writeWhole(options.output, formatTrace(recording.trace));
  printLines([...recordingText(recording, options.output, wallText), '', `Judge it: solevoter check ${options.output}`]);
  return EXIT.holds;
}

/** Reads what is named, or lies in the folder, and makes the trace. Throws InputError. */
export async function readRecording(folder: string | undefined, options: ImportOptions): Promise<Recording> {
  const files = filesOf(folder, options);
  const to = timeOf(options, 'to');
  const logs = [];
  for (const host of HOSTS) {
    const contents = [];
    for (const file of files[host]) contents.push(await readLogFile(file, to, (lines) => progressLine(`${file}: ${lines} lines`)));
    if (contents.length > 0) logs.push(hostLog(host, contents));
  }
  progressLine('');
  const text = (file: string): string => utf8Text(readInputFile(file, LARGEST_TEXT), file);
  const landed = options.rpc !== undefined
    ? await votesFromRpc({ url: options.rpc, cache: options.cache ?? `${options.output}.votes.jsonl`, voteAccount: options.voteAccount ?? null, logs })
    : files.votes === null ? null : parseLanded(text(files.votes), files.votes);
  return recordingOf({
    logs, hosts: HOSTS, landed,
    commands: files.commands === null ? [] : parseCommands(text(files.commands), files.commands),
    towers: files.towers.map((file) => savedStack(readInputFile(file, LARGEST_TOWER), file)),
    staked: options.staked ?? null,
    voteAccount: options.voteAccount ?? null,
    stakeShare: options.stakeShare ?? null,
    allowGaps: options.allowGaps ?? false,
    from: timeOf(options, 'from'),
  });
}

/** What is named by options goes before what a folder holds. */
function filesOf(folder: string | undefined, options: ImportOptions): RecordingFiles {
  const held: RecordingFiles = folder === undefined ? { active: [], inactive: [], towers: [], commands: null, votes: null } : recordingFolder(folder);
  const files: RecordingFiles = {
    active: options.active ?? held.active,
    inactive: options.inactive ?? held.inactive,
    towers: options.tower ?? held.towers,
    commands: options.commands ?? held.commands,
    votes: options.votes ?? held.votes,
  };
  if (files.active.length + files.inactive.length > 0) return files;
  throw new InputError([{ file: 'import', message: 'no log is named', expected: '--active LOG --inactive LOG, or a folder with active.log.gz and inactive.log.gz' }]);
}

function timeOf(options: Pick<ImportOptions, 'from' | 'to'>, name: 'from' | 'to'): number | null {
  const text = options[name];
  if (text === undefined) return null;
  const t = wallMicros(text);
  if (t === null) throw new InputError([{ file: `--${name}`, message: `"${text}" is no time`, expected: 'a time in UTC such as 2026-11-22T19:57:00' }]);
  return t;
}
