/**
 * `npm run fidelity`: the rules, the tower files and the simulated commands held against the real ones. Says what each
 * part needs, does what this machine can do, and tells what it left out and why.
 *
 * Exit code 0: what ran agreed. 1: something differs. 3: a wrong call. 77: only parts with running validators were asked for, and
 * none can run here; the last line says why.
 */
import { parseArgs } from 'node:util';
import { seedOf } from '../../src/explore/seed.ts';
import { InputError } from '../../src/model/diagnostic.ts';
import { compareCommands } from './commands.ts';
import { realPrograms } from './real.ts';
import { compareTowers } from './towers.ts';
import { compareVotes } from './votes.ts';

const PARTS = ['votes', 'towers', 'commands'] as const;
type Part = (typeof PARTS)[number];

const NEEDS = 'agave-validator, solana-test-validator, solana-keygen and solana 4.2.0 in SOLEVOTER_AGAVE_BIN or on PATH; 4 GiB and some minutes for two validators on loopback';

const USAGE = `usage: npm run fidelity -- [--only ${PARTS.join(',')}] [--votes N] [--seed SEED] [--state FILE] [--no-validators] [--record]`;

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { only: { type: 'string' }, votes: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' }, state: { type: 'string' },
      'no-validators': { type: 'boolean', default: false }, record: { type: 'boolean', default: false } },
  });
  const votes = Number(values.votes);
  const seed = seedOf(values.seed);
  const only = (values.only?.split(',') ?? PARTS) as readonly Part[];
  if (!Number.isInteger(votes) || votes < 1 || seed === null || !only.every((part) => PARTS.includes(part))) throw new TypeError(`--votes takes a whole number, --seed a number or a commit, --only some of ${PARTS.join(', ')}, with commas between them`);
  const parts: Readonly<Record<Part, () => Promise<boolean>>> = {
    votes: async () => {
      console.log('== votes: the Vote program in LiteSVM (a development dependency; nothing else is needed)');
      return compareVotes(votes, seed, values.state ?? `.fidelity/votes-${seed}-${votes}.json`);
    },
    towers: () => {
      console.log(`\n== towers: tower files and the real loader (${NEEDS})`);
      return compareTowers(real, values.record);
    },
    commands: () => {
      console.log(`\n== commands: test/fidelity/commands.yaml (${NEEDS}; cases with files of other users need root)`);
      return compareCommands(real, values.record);
    },
  };
  const real = realPrograms(!values['no-validators']);
  let differs = false;
  try {
    for (const part of PARTS) if (only.includes(part)) differs = !(await parts[part]()) || differs;
    const session = only.includes('votes') || differs ? null : await real.session();
    if (typeof session === 'string') {
      console.log(`skipped: ${session}`);
      return 77;
    }
  } finally {
    await real.end();
  }
  return differs ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError || error instanceof TypeError)) throw error;
  console.error(error.message);
  console.error(USAGE);
  process.exitCode = 3;
}
