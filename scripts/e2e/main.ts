/** npm run e2e: plays the cases on real validators in containers. run.sh beside it makes what it needs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Keypair } from '@solana/web3.js';
import { Command, InvalidArgumentError } from 'commander';
import { Network } from 'testcontainers';
import { InputError } from '../../src/model/diagnostic.ts';
import { DEFAULT_CASES, allCases } from './cases.ts';
import type { Case } from './cases.ts';
import { genesisAccounts, takeTemplate } from './genesis.ts';
import type { Template } from './genesis.ts';
import { stakeOf, startCluster, startLab } from './lab.ts';
import type { Keys, Lab, Name } from './lab.ts';
import { SLOWEST, TooSlow, startPace } from './pace.ts';
import { playCase } from './play-case.ts';
import type { CaseRun } from './play-case.ts';
import { writeRecording } from './recorder.ts';
import { prepare, untilPrepared, castOf } from './stage.ts';
import { playSwaps } from './swaps.ts';
import { verdictOf, verdictText } from './verdict.ts';

const begin = Date.now();

function say(text: string): void {
  process.stdout.write(`e2e: ${((Date.now() - begin) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
}

interface Options {
  readonly only?: readonly Case[];
  readonly swaps: number;
  readonly out: string;
}

function options(): Options {
  const cases = allCases();
  const list = (text: string): Case[] => text.split(',').map((id) => {
    const one = cases.find((candidate) => candidate.id === id);
    if (one === undefined) throw new InvalidArgumentError(`There is no case "${id}"; there are ${cases.map((each) => each.id).join(', ')}, or all.`);
    return one;
  });
  const count = (text: string): number => {
    if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('A number of swaps.');
    return Number(text);
  };
  const program = new Command('npm run e2e --')
    .description('Moves a staked identity between real Agave validators in containers, by the procedures and scenarios of this repository.')
    .option('--only <cases>', `cases, with commas between them, or "all" (default: ${DEFAULT_CASES.join(',')})`, (text) => (text === 'all' ? cases : list(text)))
    .option('--swaps <n>', 'so many hot swaps to and fro at a sixth of the stake, for the latencies', count, 0)
    .option('--out <folder>', 'where the recordings go', 'reports/e2e')
    .addHelpText('after', `\nCases:\n${cases.map(({ id, title }) => `  ${id.padEnd(4)}${title}`).join('\n')}`);
  return program.parse().opts<Options>();
}

/** A sixth of all stake. */
const LARGE_STAKE = 1 / 6;

async function main(): Promise<number> {
  const { only, swaps, out } = options();
  const image = process.env['SOLEVOTER_E2E_IMAGE'];
  if (image === undefined) throw new Error('start it as "npm run e2e", which makes the image');
  const cases = only ?? (swaps > 0 ? [] : allCases().filter(({ id }) => DEFAULT_CASES.includes(id)));
  const keys: Keys = { staked: Keypair.generate(), vote: Keypair.generate() };
  mkdirSync(out, { recursive: true });
  const template = await templateOf(image, keys);
  say('vote and stake account taken from a fresh cluster');
  const tally: Tally = { failed: 0, slow: [] };
  for (const share of new Set(cases.map(({ stakeShare }) => stakeShare))) {
    await withLab(image, keys, template, share, (lab) => playAll(lab, keys, cases.filter(({ stakeShare }) => stakeShare === share), out, tally));
  }
  if (swaps > 0) {
    await withLab(image, keys, template, LARGE_STAKE, async (lab) => {
      await prepare(lab, keys, 'a');
      say('both hosts are up');
      tally.failed += await playSwaps(lab, keys, swaps, join(out, 'swaps'), say);
    });
  }
  if (tally.failed > 0) say(`${tally.failed} departed from the simulation`);
  if (tally.slow.length > 0) say(`skipped: too slow to judge (more than ${SLOWEST} s a slot): ${tally.slow.join(', ')}`);
  if (tally.failed > 0) return 1;
  if (tally.slow.length > 0) return 77;
  say('everything came as the simulation says');
  return 0;
}

/** What did not come as the simulation says: departures, and runs that say nothing, because this machine was too slow for its validators. */
interface Tally {
  failed: number;
  readonly slow: string[];
}

async function templateOf(image: string, keys: Keys): Promise<Template> {
  const network = await new Network().start();
  try {
    const { container, connection } = await startCluster(image, network, []);
    try {
      return await takeTemplate(connection, keys);
    } finally {
      await container.stop({ timeout: 1000 });
    }
  } finally {
    await network.stop();
  }
}

async function withLab(image: string, keys: Keys, template: Template, share: number, use: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await startLab(image, keys, genesisAccounts(template, keys, stakeOf(share)), share);
  const interrupted = () => void lab.stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  say(`cluster and two hosts, ${(share * 100).toFixed(1)} % of the stake`);
  try {
    await use(lab);
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await lab.stop();
  }
}

async function playAll(lab: Lab, keys: Keys, cases: readonly Case[], out: string, tally: Tally): Promise<void> {
  let active: Name | null = null;
  for (const one of cases) {
    for (let run = 1, attempt = 1; run <= one.runs; attempt++) {
      const pace = await startPace(lab.connection);
      const wrong = (secondsPerSlot: number): void => {
        if (secondsPerSlot > SLOWEST) tally.slow.push(`${one.id}, ${secondsPerSlot.toFixed(2)} s`);
        else tally.failed++;
      };
      let went: CaseRun;
      try {
        if (active === null) {
          await prepare(lab, keys, 'a');
          active = 'a';
          say('guide-setup went through: both hosts are up, host a votes');
        } else {
          await untilPrepared(lab, keys, castOf(lab, active));
        }
        went = await playCase(lab, keys, one, active);
      } catch (error) {
        const secondsPerSlot = await pace();
        say(`${one.id}  ${one.title}: could not be played to its end: ${(error as Error).message}; a slot took ${secondsPerSlot.toFixed(2)} s`);
        active = null;
        wrong(secondsPerSlot);
        break;
      }
      const secondsPerSlot = await pace();
      const name = `${one.id}${one.runs > 1 ? `-${run}` : ''}${attempt > run ? `-attempt-${attempt}` : ''}`;
      const folder = join(out, name);
      writeRecording(folder, went.recording, keys.staked.publicKey.toBase58(), { case: one.id, title: one.title, predicted: went.predicted, seen: went.seen, departures: went.departures, keys: addresses(keys), stakeShare: lab.stakeShare, secondsPerSlot });
      tell(one, name, went, secondsPerSlot);
      if (!(await judged(folder, lab.stakeShare))) wrong(secondsPerSlot);
      const unlucky = one.attempts > 1 && went.departures.length === 0 && !refusedAsPredicted(went);
      active = one.leavesPrepared && went.departures.length === 0 ? other(active) : null;
      if (unlucky && attempt < one.attempts) continue;
      if (unlucky) say(`${one.id}: the predicted refusals were not seen in ${attempt} attempts`);
      if (went.departures.length > 0 || unlucky) wrong(secondsPerSlot);
      run++;
    }
  }
}

/** So many disagreements are printed. */
const TOLD = 5;

/** Imports and judges a recording. False when it cannot be imported, or when logs and chain disagree. */
async function judged(folder: string, stakeShare: number): Promise<boolean> {
  try {
    const { judgement, disagreements } = await verdictOf(folder, stakeShare);
    for (const line of [`the recording, judged: ${verdictText(judgement)}`, ...judgement.unknown, ...disagreements.slice(0, TOLD), ...(disagreements.length > TOLD ? [`and ${disagreements.length - TOLD} more`] : [])]) process.stdout.write(`               ${line}\n`);
    return disagreements.length === 0;
  } catch (error) {
    process.stdout.write(`               the recording cannot be imported: ${error instanceof InputError ? error.diagnostics.map(({ message }) => message).join('; ') : (error as Error).message}\n`);
    return false;
  }
}

function other(name: Name): Name {
  return name === 'a' ? 'b' : 'a';
}

function addresses({ staked, vote }: Keys): object {
  return { identity: staked.publicKey.toBase58(), voteAccount: vote.publicKey.toBase58() };
}

/** A run of refused votes, where the simulation has one. */
function refusedAsPredicted({ predicted, seen }: CaseRun): boolean {
  return predicted.refused < 10 || seen.refused >= 10;
}

function tell(one: Case, name: string, { seen, predicted, findings, departures, seconds }: CaseRun, secondsPerSlot: number): void {
  say(`${name}  ${one.title} (${seconds.toFixed(0)} s, ${secondsPerSlot.toFixed(2)} s a slot): ${departures.length === 0 ? 'as predicted' : 'NOT AS PREDICTED'}`);
  const lines = [
    `exit codes: ${seen.exits.map(([step, exit]) => `${step} ${exit}`).join(', ')}`,
    `ended: ${seen.ends.map(({ host, reason }) => `${host} (${reason})`).join(', ') || 'no process'}; votes at the end: ${seen.voters.join(' and ') || 'nobody'}`,
    `refused votes: ${seen.refused}, predicted ${predicted.refused}; findings predicted: ${findings.join(', ')}`,
    ...departures,
  ];
  for (const line of lines) process.stdout.write(`               ${line}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof TooSlow)) throw error;
  say(`skipped: ${error.message}`);
  process.exitCode = 77;
}
process.exit();
