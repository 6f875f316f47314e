import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throwawayKey } from '../../src/model/identity.ts';
import { EMPTY_VOTE, encodeTowerFile, oldTowerFileName, savedTower, signTower, towerFileName } from '../../src/model/tower-file.ts';
import { inspectTower } from '../../src/report/inspect.ts';
import { inspectionText } from '../../src/report/inspect-text.ts';
import { towerFile } from '../model/tower-arbitrary.ts';

const STAKED = '4YwyWygbKtYWDnGtgvFHgq9HTmwkB7QW6AX349xX3y2q';
const OTHER = 'FAe4sisG95oZ42w7buUn5qEE4TAnfTTFPiguZUHmhiF';
const real = new Uint8Array(
  readFileSync(new URL(`../fixtures/agave/twenty-swaps/${towerFileName(STAKED)}`, import.meta.url)),
);
const key = throwawayKey('inspect test');
const votes = [{ slot: 101, confirmationCount: 1 }];
const plain = {
  node: key.address,
  votes,
  root: 99,
  lastVote: { ...EMPTY_VOTE, lockouts: votes, root: 99 },
  lastTimestamp: { slot: 100, timestamp: 1700000000 },
};

function outcome(bytes: Uint8Array, name: string, situation: string): string {
  return inspectTower(bytes, name).outcomes.find((row) => row.situation === situation)?.outcome ?? '';
}

function text(bytes: Uint8Array, name: string): string {
  return inspectionText(inspectTower(bytes, name)).join('\n');
}

describe('a real tower under its name', () => {
  const shown = text(real, `/mnt/ledger/${towerFileName(STAKED)}`);

  it('is shown with owner, votes, lockouts and last vote', () => {
    expect(shown).toMatch(/^tower-1_9-4Ywy/);
    expect(shown).toMatch(new RegExp(`owner +${STAKED}`));
    expect(shown).toMatch(/signature +valid/);
    expect(shown).toMatch(/root +661/);
    expect(shown).toMatch(/^ +662 +31 +2147483648 +2147484310$/m);
    expect(shown).toMatch(/^ +712 +1 +2 +714$/m);
    expect(shown).toContain('TowerSync: 31 slots, 662 to 712, the stack above');
    expect(shown).toMatch(/block id +4H5tmbwshsRkY6C5BqDK3x5GngwhQB3vrQyz9X6kKRrZ/);
    expect(shown).toContain('1795376750 s (2026-11-22T19:45:50Z)');
    expect(shown).toMatch(/trailing +none/);
    expect(shown).not.toContain('Notes');
  });

  it('is used in all four situations', () => {
    const { outcomes, error } = inspectTower(real, towerFileName(STAKED));
    expect(error).toBeNull();
    expect(outcomes.slice(0, 4).map((row) => row.situation)).toEqual([
      'start-up',
      'start-up --require-tower',
      'set-identity',
      'set-identity --require-tower',
    ]);
    for (const row of outcomes.slice(0, 4)) expect(row.outcome).toContain('uses this tower');
  });

  it('with bytes behind it is used all the same', () => {
    const longer = inspectTower(new Uint8Array([...real, 1, 2]), towerFileName(STAKED));
    expect(longer.error).toBeNull();
    expect(inspectionText(longer).join('\n')).toMatch(/trailing +2 bytes, which the loader ignores/);
  });
});

describe('wrong names', () => {
  it("another identity's name makes the signature invalid, and ends a validator at set-identity", () => {
    const name = towerFileName(OTHER);
    const inspection = inspectTower(real, name);
    expect(inspection.signature).toBe('invalid');
    expect(inspection.owner).toBe(STAKED);
    expect(inspection.notes.join()).toContain("With the owner's key it holds.");
    expect(outcome(real, name, 'start-up')).toContain('rebuilds');
    expect(outcome(real, name, 'start-up --require-tower')).toContain('refuses to start');
    expect(outcome(real, name, 'set-identity')).toContain('the process ends');
    expect(outcome(real, name, 'set-identity --require-tower')).toContain(
      `exit 1 and nothing changes: "Unable to load tower file for identity ${OTHER}: The signature on the saved tower is invalid"`,
    );
  });

  it('a name that Agave does not open counts as no file', () => {
    const inspection = inspectTower(real, 'tower-active.bin');
    expect(inspection.signature).toBe('valid');
    expect(inspection.notes.join()).toContain(`It reads ${towerFileName(STAKED)}`);
    expect(outcome(real, 'tower-active.bin', 'set-identity')).toContain('keeps running');
    expect(outcome(real, 'tower-active.bin', 'set-identity --require-tower')).toContain('No such file or directory');
    expect(text(real, `${towerFileName(STAKED)}.new`)).toContain('temporary name');
  });

  it('the old name needs the old layout', () => {
    const inspection = inspectTower(real, oldTowerFileName(STAKED));
    expect(inspection.error?.kind).toBe('SerializeError');
    expect(inspection.owner).toBe(STAKED);
    expect(inspection.notes.join(' ')).toContain(`they can be read as ${towerFileName(STAKED)}`);
  });

  it('the old layout under the old name is read while the current file is absent', () => {
    const vote = { variant: 'Vote' as const, slots: [101n], hash: new Uint8Array(32), timestamp: null };
    const old = encodeTowerFile(signTower({ ...savedTower(plain), layout: 'old-name', lastVote: vote }, key));
    expect(outcome(old, oldTowerFileName(key.address), 'start-up')).toBe('uses this tower, while the current name is absent');
    expect(inspectTower(old, 'copy.bin').layout).toBe('old-name');
    expect(inspectTower(old, towerFileName(key.address)).notes.join()).toContain(oldTowerFileName(key.address));
  });
});

describe('broken files', () => {
  const name = towerFileName(STAKED);

  it.each([
    ['empty', new Uint8Array(0), 'The file is empty.'],
    ['zeroed', new Uint8Array(2319), 'Every byte is zero'],
    ['cut', real.subarray(0, 1000), 'announces 2243 bytes of data, 924 follow'],
    ['cut in its head', real.subarray(0, 70), 'The file is cut'],
    ['text', new TextEncoder().encode('[1,2,3]\n'), 'The file is text'],
    ['something else', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1), 'no tag of a tower'],
    ['changed', real.with(300, real[300]! ^ 1), 'was changed after the owner signed'],
  ])('%s', (_, bytes, note) => {
    expect(inspectTower(bytes, name).notes.join(' ')).toContain(note);
    expect(outcome(bytes, name, 'set-identity')).toContain('the process ends');
    expect(outcome(bytes, name, 'set-identity --require-tower')).toContain('exit 1 and nothing changes');
  });

  it('a cut file still tells its owner', () => {
    expect(inspectTower(real.subarray(0, 120), name).owner).toBe(STAKED);
  });
});

describe('towers on which Agave panics', () => {
  const inspect = (tower: Parameters<typeof savedTower>[0]) =>
    inspectTower(encodeTowerFile(signTower(savedTower(tower), key)), towerFileName(key.address));

  it('slots that do not increase', () => {
    const unordered = [...votes, { slot: 100, confirmationCount: 1 }];
    const rows = inspect({ ...plain, votes: unordered }).outcomes.map((row) => row.outcome);
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row).toContain('panics: the slots do not increase from the root on');
  });

  it('an empty stack with a last vote, but not one without', () => {
    expect(inspect({ ...plain, votes: [] }).outcomes[0]?.outcome).toContain('panics: the stack is empty');
    const fresh = inspect({ ...plain, votes: [], lastVote: EMPTY_VOTE });
    expect(fresh.outcomes[0]?.outcome).toBe('uses this tower');
    expect(fresh.outcomes.at(-1)).toEqual({
      situation: 'if its root is not that of the bank',
      outcome: 'panics: it has no last vote',
    });
  });
});

describe('any file', () => {
  const check = (bytes: Uint8Array, name: string): void => {
    const inspection = inspectTower(bytes, name);
    const lines = inspectionText(inspection);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(inspection.outcomes.length).toBeGreaterThanOrEqual(4);
  };
  const names = fc.constantFrom(towerFileName(STAKED), oldTowerFileName(STAKED), 'a.bin', `${'long'.repeat(60)}`);

  it('is explained in 80 columns', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), names, check), { numRuns: 500 });
  });

  it('also well-formed nonsense', () => {
    fc.assert(fc.property(towerFile.map(encodeTowerFile), names, check), { numRuns: 500 });
  });
});
