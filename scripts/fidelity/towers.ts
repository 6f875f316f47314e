/** Tower files: read, explained and written again; and what the real loader says of bent ones, against `inspect`. */
import { writeFileSync } from 'node:fs';
import { inspectTower } from '../../src/report/inspect.ts';
import { oldTowerFileName, towerFileName } from '../../src/model/tower-file.ts';
import { siteKeys } from '../../src/sim/key-files.ts';
import { plainBends, signedBends } from '../../test/fidelity/towers/bends.ts';
import { LOADER_TOWER, readLoaderAnswers, writeLoaderAnswers } from '../../test/fidelity/towers/recorded.ts';
import type { Real } from './real.ts';

/** Asks the real loader about every bend of a tower that was just written; false when `inspect` says otherwise. */
export async function compareTowers(real: Real, record: boolean): Promise<boolean> {
  const { staked } = siteKeys();
  const session = await real.session();
  if (typeof session === 'string') {
    console.log(`skipped on this machine, because ${session}; the recorded answers are compared by \`npm test\``);
    return true;
  }
  const bends = { ...plainBends(session.tower), ...signedBends(session.tower, staked) };
  const answers: Record<string, string | null> = {};
  let differences = 0;
  const known = readLoaderAnswers();
  for (const [way, { bytes, name }] of Object.entries(bends)) {
    const fileName = name === 'old' ? oldTowerFileName(staked.address) : towerFileName(staked.address);
    const answer = await session.judgeTower(bytes, fileName);
    answers[way] = answer;
    const told = inspectTower(bytes, fileName).error?.text ?? null;
    const recorded = way in known ? known[way] : answer;
    if (told === answer && (record || recorded === answer)) continue;
    differences++;
    console.log(`DIFFERS ${way}: the loader says ${JSON.stringify(answer)}, inspect ${JSON.stringify(told)}, recorded is ${JSON.stringify(recorded)}`);
  }
  if (record) {
    writeFileSync(LOADER_TOWER, session.tower);
    writeLoaderAnswers(answers);
  }
  console.log(`${Object.keys(bends).length} files given to the loader of agave-validator by set-identity --require-tower`);
  console.log(`differences: ${differences}`);
  return differences === 0;
}
