/** Real tower files, whole and bent: what `inspect` says of them against what the real loader has said. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadTowerFile, oldTowerFileName, towerFileName } from '../../../src/model/tower-file.ts';
import { inspectTower } from '../../../src/report/inspect.ts';
import { inspectionText } from '../../../src/report/inspect-text.ts';
import { siteKeys } from '../../../src/sim/key-files.ts';
import { isWrittenAgain, plainBends, signedBends } from './bends.ts';
import type { Bend } from './bends.ts';
import { LOADER_TOWER, readLoaderAnswers } from './recorded.ts';

const STAKED = '4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q';
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`../../fixtures/agave/${name}`, import.meta.url)));
const { staked } = siteKeys();
const tower = new Uint8Array(readFileSync(LOADER_TOWER));
const answers = readLoaderAnswers();

/** [what, bytes, identity] */
const REAL = [
  ['of twenty swaps', fixture(`twenty-swaps/tower-1_9-${STAKED}.bin`), STAKED],
  ['of the active in the run of the guide', fixture('guide-run/tower-active.bin'), STAKED],
  ['of the inactive in the run of the guide', fixture('guide-run/tower-inactive.bin'), STAKED],
  ['given to the loader', tower, staked.address],
] as const;

const told = ({ bytes, name }: Bend, identity: string) => inspectTower(bytes, name === 'old' ? oldTowerFileName(identity) : towerFileName(identity));

describe.each(REAL)('the file %s', (_, bytes, identity) => {
  test('is read, its signature holds, and it is written again byte for byte', () => {
    const load = loadTowerFile(bytes, 'current', identity);
    expect(load.ok && [load.trailing, load.file.slack.length]).toEqual([0, 0]);
    expect(isWrittenAgain(bytes, 'current')).toBe(true);
  });

  test('is explained', () => {
    const inspection = told({ bytes, name: 'current' }, identity);
    expect([inspection.owner, inspection.signature, inspection.error]).toEqual([identity, 'valid', null]);
    expect(inspectionText(inspection).join('\n')).toContain(`${inspection.file!.voteState.votes.at(-1)!.slot}`);
  });

  test.each(Object.keys(plainBends(bytes)))('%s: as the loader said', (way) => {
    const { error } = told(plainBends(bytes)[way]!, identity);
    expect(error?.text ?? null).toBe(answers[way]);
  });
});

describe('bent and signed anew', () => {
  const bends = signedBends(tower, staked);

  test.each(Object.keys(bends))('%s: as the loader said', (way) => {
    const { error } = told(bends[way]!, staked.address);
    expect(error?.text ?? null).toBe(answers[way]);
  });

  test('what the loader takes is written again byte for byte', () => {
    const taken = Object.entries({ ...plainBends(tower), ...bends }).filter(([way]) => answers[way] === null);
    expect(taken.length).toBeGreaterThanOrEqual(5);
    for (const [way, { bytes, name }] of taken) expect([way, isWrittenAgain(bytes, name)]).toEqual([way, true]);
  });
});

test('every bend has a recorded answer, and no other', () => {
  const ways = Object.keys({ ...plainBends(tower), ...signedBends(tower, staked) });
  expect(Object.keys(answers).toSorted()).toEqual(ways.toSorted());
  expect(ways.length).toBeGreaterThanOrEqual(10);
});
