/** `solana-keygen pubkey` and `new`, in the words of 4.2.0. New keys are throwaway keys named after host and path. */
import { keyFileText, throwawayKey, throwawayKeyIn } from '../../model/identity.ts';
import { attempt, rustMessage } from '../disk-error.ts';
import { FIXED } from '../latency.ts';
import { done, failed, gap, parseOptions } from './command.ts';
import type { Command } from './command.ts';

export const solanaKeygen: Command = function* (context, argv) {
  const { world, station, user, cwd } = context;
  const actor = { user, cwd, t: world.now };
  const sub = argv[1];
  yield world.now + FIXED.keygen;
  if (sub === 'pubkey' && argv.length === 3 && !argv[2]!.startsWith('-')) {
    const path = argv[2]!;
    const file = attempt(() => station.disk.readFile(path, actor));
    if (!file.ok) {
      return failed(2, `error: Invalid value "${path}" for '<KEYPAIR>': ${rustMessage(file.code)}\n\nFor more information try --help`);
    }
    const key = throwawayKeyIn(new TextDecoder().decode(file.value));
    return typeof key === 'string' ? failed(1, `Error: could not read keypair file "${path}"`) : done(`${key.address}\n`);
  }
  if (sub === 'new') {
    const options = parseOptions(argv.slice(2), ['-s|--silent', '--no-bip39-passphrase', '-f|--force', '--no-passphrase'], ['-o|--outfile']);
    const path = options.values.get('--outfile');
    if (options.unknown !== null || options.positionals.length > 0 || path === undefined) return gap(`solana-keygen ${argv.slice(1).join(' ')}`);
    if (!options.flags.has('--no-bip39-passphrase')) return gap('solana-keygen new that asks for a passphrase');
    if (station.disk.exists(path, actor) && !options.flags.has('--force')) return failed(1, `Error: Refusing to overwrite ${path} without --force flag`);
    const key = throwawayKey(`${station.name} ${path.split('/').at(-1)}`);
    const written = attempt(() => station.disk.writeFile(path, new TextEncoder().encode(keyFileText(key)), { ...actor, umask: 0o077 }));
    if (!written.ok) return failed(1, `Error: Unable to write ${path}: ${rustMessage(written.code)}`);
    return done(`Generating a new keypair\nWrote new keypair to ${path}\n`);
  }
  return gap(`solana-keygen ${argv.slice(1).join(' ')}`);
};
