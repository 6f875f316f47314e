/** A folder with the recording of a run: logs, tower files, commands and landed votes under their usual names. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../model/diagnostic.ts';

export interface RecordingFiles {
  readonly active: readonly string[];
  readonly inactive: readonly string[];
  readonly towers: readonly string[];
  readonly commands: string | null;
  readonly votes: string | null;
}

/** active.log, active-2.log.gz, a.log …: the name up to the first dot or hyphen is the host. */
const HOSTS: Readonly<Record<string, 'active' | 'inactive'>> = { active: 'active', a: 'active', primary: 'active', inactive: 'inactive', b: 'inactive', secondary: 'inactive' };

/** The files of a folder. Throws InputError. */
export function recordingFolder(folder: string): RecordingFiles {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    throw new InputError([{ file: folder, message: 'there is no such folder', expected: 'a folder with active.log.gz, inactive.log.gz and what else was recorded' }]);
  }
  const logs = { active: [] as string[], inactive: [] as string[] };
  for (const name of names.filter((candidate) => /\.log(?:\.gz)?$/.test(candidate))) {
    const host = HOSTS[/^[^.-]+/.exec(name)?.[0] ?? ''];
    if (host === undefined) throw new InputError([{ file: join(folder, name), message: 'the name does not say of which host this log is', expected: 'active….log, inactive….log (or a, b; primary, secondary), plain or .gz' }]);
    logs[host].push(join(folder, name));
  }
  if (logs.active.length + logs.inactive.length === 0) throw new InputError([{ file: folder, message: 'there is no log in the folder', expected: 'active.log.gz and inactive.log.gz' }]);
  const one = (...wanted: readonly string[]): string | null => {
    const name = names.find((candidate) => wanted.includes(candidate));
    return name === undefined ? null : join(folder, name);
  };
  return {
    ...logs,
    towers: names.filter((name) => /^tower-.*\.bin$/.test(name)).map((name) => join(folder, name)),
    commands: one('commands.txt', 'commands.jsonl'),
    votes: one('votes.jsonl'),
  };
}
