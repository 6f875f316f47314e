/** `solana-keygen pubkey` and `new`, in the words of 4.2.0. New keys are throwaway keys named after host and path. */
import { keyFileText, throwawayKey } from '../../model/identity.ts';
import { attempt, rustMessage } from '../disk-error.ts';
import { readKeyFile } from '../key-files.ts';
import { FIXED } from '../latency.ts';
import { done, failed, gap, parseOptions } from './command.ts';
import type { Command } from './command.ts';

/** A throwaway key has no seed phrase: twelve words stand for it. */
const SEED_PHRASE = Array(12).fill('throwaway').join(' ');
/** Between the parts of what `new` prints: as long as the phrase. */
const RULE = '='.repeat(SEED_PHRASE.length);

export const solanaKeygen: Command = function* (context, argv) {
  const { world, station, user, cwd } = context;
  const actor = { user, cwd, t: world.now };
  const sub = argv[1];
  yield world.now + FIXED.keygen;
  if (sub === 'pubkey' && argv.length === 3 && !argv[2]!.startsWith('-')) {
    const path = argv[2]!;
    // The parser of the arguments asks only whether there is something; what cannot be read is found later.
    const there = attempt(() => station.disk.stat(path, actor));
    if (!there.ok) return failed(2, `error: Invalid value "${path}" for '<KEYPAIR>': ${rustMessage(there.code)}\n\nFor more information try --help`);
    const read = readKeyFile(station.disk, path, actor);
    return read.ok ? done(`${read.key.address}\n`) : failed(1, `Error: could not read keypair file "${path}". Run "solana-keygen new" to create a keypair file: ${read.error}`);
  }
  if (sub === 'new') {
    const options = parseOptions(argv.slice(2), ['-s|--silent', '--no-bip39-passphrase', '-f|--force', '--no-passphrase'], ['-o|--outfile']);
    const path = options.values.get('--outfile');
    if (options.unknown !== null || options.positionals.length > 0 || path === undefined) return gap(`solana-keygen ${argv.slice(1).join(' ')}`);
    if (!options.flags.has('--no-bip39-passphrase')) return gap('solana-keygen new that asks for a passphrase');
    if (station.disk.exists(path, actor) && !options.flags.has('--force')) return failed(1, `Error: Refusing to overwrite ${path} without --force flag`);
    let name = `${station.name} ${path.split('/').at(-1)}`;
    const old = readKeyFile(station.disk, path, actor);
    while (old.ok && throwawayKey(name).address === old.key.address) name += ' again';
    const key = throwawayKey(name);
    const written = attempt(() => {
      if (path.includes('/')) station.disk.mkdirs(path.slice(0, path.lastIndexOf('/')) || '/', actor);
      station.disk.writeFile(path, new TextEncoder().encode(keyFileText(key)), { ...actor, umask: 0o077 });
    });
    if (!written.ok) return failed(1, `Error: Unable to write ${path}: ${rustMessage(written.code)}`);
    const wrote = `Wrote new keypair to ${path}\n`;
    return done(options.flags.has('--silent') ? wrote : `Generating a new keypair\n${wrote}${RULE}\npubkey: ${key.address}\n${RULE}\nSave this seed phrase to recover your new keypair:\n${SEED_PHRASE}\n${RULE}\n`);
  }
  return gap(`solana-keygen ${argv.slice(1).join(' ')}`);
};
