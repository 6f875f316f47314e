/**
 * The file commands of a simulated machine: functions of a disk, a context and the words of a command.
 * Messages and exit codes are those of GNU coreutils 9.1 and grep 3.8 in the C locale. What is not modelled,
 * an option or a command, gives an outcome with `gap`, never a silent success.
 */
import type { CommandOutcome } from '../transition/host.ts';
import { gapOutcome, type FileCommand, type FileContext } from './command-frame.ts';
import { bracket, test } from './condition-command.ts';
import type { Disk } from './disk.ts';
import { attributeCommands } from './file-commands-attributes.ts';
import { linkCommands } from './file-commands-links.ts';
import { listCommands } from './file-commands-list.ts';
import { moveCommands } from './file-commands-move.ts';
import { sumCommands } from './file-commands-sums.ts';
import { textCommands } from './file-commands-text.ts';
import { grep } from './grep-command.ts';

export type { FileCommand, FileContext } from './command-frame.ts';

export const fileCommands: Readonly<Record<string, FileCommand>> = {
  ...linkCommands,
  ...moveCommands,
  ...attributeCommands,
  ...listCommands,
  ...textCommands,
  ...sumCommands,
  grep,
  test,
  '[': bracket,
  true: () => ({ exit: 0, stdout: '', stderr: '' }),
  false: () => ({ exit: 1, stdout: '', stderr: '' }),
};

/** Runs a command by the name in `argv[0]`. An unknown name: exit 127 and a gap. */
export function runFileCommand(disk: Disk, context: FileContext, argv: readonly string[]): CommandOutcome {
  const [name = ''] = argv;
  if (Object.hasOwn(fileCommands, name)) return fileCommands[name]!(disk, context, argv);
  return { ...gapOutcome(name, 'this command'), exit: 127 };
}
