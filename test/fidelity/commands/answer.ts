/** What a command answered and did, in words that do not depend on the machine. */
import { createHash } from 'node:crypto';

export interface CommandAnswer {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Lines of the folder's listing that came ("+ ") or went ("- "). */
  readonly effect: readonly string[];
  /** Whether the process still runs later; null where nobody looked. */
  readonly process: 'runs' | 'ended' | null;
}

/** A file, folder or link. */
export interface Entry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** Content of a file, target of a link. */
  readonly content: Uint8Array | string | null;
}

/** Tower files: what is in them depends on the chain. */
const TOWER = /^towers?\//;

/** One line of a listing: "a file 644 sol sol 5 bytes 2c26b46b". Times are left out. */
export function entryLine({ path, kind, mode, owner, group, content }: Entry): string {
  const rights = kind === 'link' ? '' : ` ${mode.toString(8)}`;
  const what = typeof content === 'string' ? ` -> ${content}` : content === null || TOWER.test(path) ? '' : ` ${content.length} bytes ${createHash('sha256').update(content).digest('hex').slice(0, 8)}`;
  return `${path} ${kind}${rights} ${owner} ${group}${what}`;
}

/** What came and what went between two listings. */
export function effectOf(before: readonly string[], after: readonly string[]): string[] {
  const [old, now] = [new Set(before), new Set(after)];
  return [...before.filter((line) => !now.has(line)).map((line) => `- ${line}`), ...after.filter((line) => !old.has(line)).map((line) => `+ ${line}`)].sort();
}

/** Puts "…" where a pattern matches, and leaves out in which line of a script bash was. */
export function hidden(answer: CommandAnswer, patterns: readonly string[]): CommandAnswer {
  const hide = (text: string) => patterns.reduce((rest, pattern) => rest.replaceAll(new RegExp(pattern, 'gm'), '…'), text.replaceAll(/^bash: line \d+: /gm, 'bash: '));
  return { ...answer, stdout: hide(answer.stdout), stderr: hide(answer.stderr), effect: answer.effect.map(hide) };
}
