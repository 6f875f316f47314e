/** The port of procedures (src/transition/host.ts) onto a container: each line is run by bash, as the user sol. */
import type { Host, CommandOutcome } from '../../src/transition/host.ts';
import { checked, execute } from './lab.ts';
import type { Machine } from './lab.ts';

/** A command as it went; times are those of the host's clock, RFC 3339. */
export interface CommandRecord {
  readonly machine: string;
  readonly line: string;
  readonly start: string;
  readonly end: string;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RecordingHost extends Host {
  /** What was run so far, oldest first. */
  records(): Promise<CommandRecord[]>;
}

/** A host for a procedure. */
export function containerHost(machine: Machine): RecordingHost {
  const ran: (CommandOutcome & { line: string; mark: string })[] = [];
  return {
    name: machine.name,
    run: async (line) => {
      const mark = `${Date.now()}-${ran.length}`;
      const outcome = await execute(machine.container, ['timed', mark, line], 'sol');
      ran.push({ ...outcome, line, mark });
      return outcome;
    },
    records: async () => {
      const log = await checked(machine.container, ['cat', '/var/log/commands.log'], 'sol');
      const times = new Map(log.split('\n').map((text) => text.split(' ')).map(([mark, start, end]) => [mark, { start, end }]));
      return ran.map(({ mark, line, exit, stdout, stderr }) => {
        const { start, end } = times.get(mark) ?? {};
        if (start === undefined || end === undefined) throw new Error(`no times were noted for: ${line}`);
        return { machine: machine.name, line, start, end, exit, stdout, stderr };
      });
    },
  };
}
