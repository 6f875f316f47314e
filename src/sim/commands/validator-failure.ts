/** How a command of `agave-validator` fails: exit 1, and the reason on standard output. Seen in 4.2.0. */
import type { CommandOutcome } from '../../transition/host.ts';

/** What a client is told when nobody listens at the socket. */
export const REFUSED = 'Connection refused (os error 111)';

/** The outcome, with the reason behind what the command has printed before. */
export function commandFailed(reason: string, stdout = ''): CommandOutcome {
  return { exit: 1, stdout: `${stdout}Validator command failed: ${reason}\n`, stderr: '' };
}
