/**
 * The campaign of votes: kept in a file as it goes, so that an interrupted one goes on where it was.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { progressLine } from '../../src/cli/terminal.ts';
import { writeWhole } from '../../src/cli/write-whole.ts';
import { InputError } from '../../src/model/diagnostic.ts';
import { newCampaign, runCampaign } from '../../test/fidelity/votes/campaign.ts';
import type { Campaign } from '../../test/fidelity/votes/campaign.ts';
import { answerCounts, describeDisagreement, describeTally } from '../../test/fidelity/votes/describe.ts';
import { ourProgram } from '../../test/fidelity/votes/our-program.ts';
import { realProgram } from '../../test/fidelity/votes/real-program.ts';
import { shrinkDisagreement } from '../../test/fidelity/votes/shrink.ts';
import { RULES } from '../../test/vectors/rules.ts';

interface Kept {
  /** Of the code that made it: a campaign of two codes would say nothing of either. */
  readonly code: string;
  readonly campaign: Campaign;
}

/** Votes between two writings of the file. */
const KEEP_EVERY = 5000;

/** Sends the votes to both programs and prints the counts; false when they disagree. Throws InputError for a state file of other code. */
export function compareVotes(votes: number, seed: number, stateFile: string): boolean {
  const code = codeHash();
  const campaign = takeUp(stateFile, code) ?? newCampaign(seed, votes);
  if (campaign.seed !== seed || campaign.votes !== votes) {
    throw new InputError([{ file: stateFile, message: `holds a campaign of ${campaign.votes} votes with seed ${campaign.seed}`, expected: `one of ${votes} votes with seed ${seed}` }]);
  }
  console.log(`${votes} votes, seed ${seed}${campaign.done > 0 ? `, going on after ${campaign.done}` : ''}; state in ${stateFile}`);
  const [ours, real] = [ourProgram(RULES), realProgram()];
  let kept = campaign.done;
  mkdirSync(dirname(stateFile), { recursive: true });
  const found = runCampaign(campaign, ours, real, () => {
    if (campaign.done - kept < KEEP_EVERY) return;
    kept = campaign.done;
    writeWhole(stateFile, JSON.stringify({ code, campaign } satisfies Kept));
    progressLine(`${campaign.done} of ${votes} votes, ${(100 * campaign.done / votes).toFixed(1)} %`);
  });
  progressLine('');
  rmSync(stateFile, { force: true });
  for (const line of describeTally(campaign.tally)) console.log(line);
  const accepted = new Map(answerCounts(campaign.tally)).get('accepted') ?? 0;
  console.log(`${campaign.done} votes in ${campaign.next} sequences, ${(100 * accepted / campaign.done).toFixed(1)} % accepted`);
  console.log(`disagreements: ${found === null ? 0 : 1}`);
  if (found !== null) for (const line of describeDisagreement(shrinkDisagreement(ours, real, found))) console.log(line);
  return found === null;
}

function takeUp(file: string, code: string): Campaign | null {
  if (!existsSync(file)) return null;
  const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept;
  if (kept.code === code) return kept.campaign;
  throw new InputError([{ file, message: 'was begun with other rules or other sequences', expected: 'the code that began it; remove the file to begin anew' }]);
}

function codeHash(): string {
  const folder = 'test/fidelity/votes';
  const files = [...readdirSync(folder).filter((name) => !name.includes('.test.')).map((name) => join(folder, name)), ...['lockout', 'vote-program', 'vote-credits'].map((name) => `src/model/${name}.ts`)];
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(file));
  return hash.digest('hex');
}
