import { describe, expect, it } from 'vitest';
import type { InputError } from '../../src/model/diagnostic.ts';
import type { Finding, Judgement } from '../../src/model/verdict.ts';
import { isCalendarDate, parseWaivers } from '../../src/waiver/load.ts';
import { unusedWaivers, waiverNotes, withoutWaived } from '../../src/waiver/waiver.ts';

const TODAY = '2026-11-23';
const file = (...lines: readonly string[]): string => `waivers:\n${lines.join('\n')}\n`;
const waiver = (id: string, expires = '2027-03-01', reason = 'ticket 123'): string => `  - id: ${id}\n    reason: ${reason}\n    expires: ${expires}`;
const parse = (text: string, today = TODAY) => parseWaivers(text, 'w.yaml', today);

function problems(text: string, today = TODAY): string[] {
  try {
    parse(text, today);
    return [];
  } catch (error) {
    return (error as InputError).message.split('\n');
  }
}

describe('a file of waivers', () => {
  it('is read with the place of each', () => {
    expect(parse(file(waiver('SV-1a2b3c4d'), waiver('SV-00000000', TODAY, '  until the weekend ')))).toEqual([
      { id: 'SV-1a2b3c4d', reason: 'ticket 123', expires: '2027-03-01', place: { file: 'w.yaml', line: 2, column: 9 } },
      { id: 'SV-00000000', reason: 'until the weekend', expires: TODAY, place: { file: 'w.yaml', line: 5, column: 9 } },
    ]);
    expect(parse('waivers: []\n')).toEqual([]);
  });

  it('counts through its last day, and at most for a year', () => {
    expect(problems(file(waiver('SV-1a2b3c4d', '2026-11-23')))).toEqual([]);
    expect(problems(file(waiver('SV-1a2b3c4d', '2026-11-22')))).toEqual(['w.yaml:4:14: the waiver of "SV-1a2b3c4d" expired on 2026-11-22; today is 2026-11-23; expected a cure, or a later date with its reason']);
    expect(problems(file(waiver('SV-1a2b3c4d', '2027-11-23')))).toEqual([]);
    expect(problems(file(waiver('SV-1a2b3c4d', '2027-11-24')))).toEqual(['w.yaml:4:14: the waiver of "SV-1a2b3c4d" expires on 2027-11-24, more than a year ahead; expected a date up to 2027-11-23']);
    expect(problems(file(waiver('SV-1a2b3c4d', '2029-02-28')), '2028-02-29')).toEqual([]);
    expect(problems(file(waiver('SV-1a2b3c4d', '2029-03-01')), '2028-02-29')).toHaveLength(1);
  });

  it('tells every problem at once', () => {
    const text = file(waiver('SV-1a2b3c4d', '2020-01-01'), waiver('SV-1a2b3c4d'), waiver('SV-00000000', '2036-01-01'));
    expect(problems(text).map((line) => line.slice(0, 40))).toEqual([
      'w.yaml:4:14: the waiver of "SV-1a2b3c4d"', 'w.yaml:5:9: "SV-1a2b3c4d" is waived alre', 'w.yaml:10:14: the waiver of "SV-00000000',
    ]);
  });

  it('knows the calendar', () => {
    const days = ['2027-03-01', '2028-02-29', '2000-02-29', '2026-12-31', '2026-04-30'];
    const none = ['2027-02-29', '1900-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '2026-1-1', '26-01-01', '2026-01-01T00:00', 'tomorrow', '', ' 2026-01-01'];
    expect(days.filter((day) => !isCalendarDate(day))).toEqual([]);
    expect(none.filter(isCalendarDate)).toEqual([]);
    // The same days as the calendar of the engine.
    for (let day = Date.UTC(2023, 11, 25); day < Date.UTC(2025, 2, 5); day += 86_400_000) {
      const [year, month] = new Date(day).toISOString().slice(0, 7).split('-');
      for (const last of [28, 29, 30, 31]) {
        const exists = new Date(Date.UTC(Number(year), Number(month) - 1, last)).getUTCDate() === last;
        expect(isCalendarDate(`${year}-${month}-${last}`)).toBe(exists);
      }
    }
  });
});

describe('a judgement without what is waived', () => {
  const finding = (id: string, kindOf: Finding['class']): Finding => ({
    id, class: kindOf, kind: 'near-miss', title: '', cause: '', faults: [], t: 0, slot: 0, hosts: [], step: '-', arithmetic: [], votes: [],
  });
  const judgement: Judgement = {
    result: 'violated', unknown: [], gaps: [], findings: [finding('SV-00000001', 'violation'), finding('SV-00000002', 'hazard')],
    downtime: { slots: 4, runs: [], refusedVotes: 0, leaderSlotsMissed: 0 }, liveness: { live: true, voters: ['inactive'], why: '' },
  };
  const notes = (...ids: readonly string[]) => waiverNotes(ids.map((id) => ({ id, reason: 'why', expires: '2027-03-01', place: { file: 'w.yaml', line: 2, column: 9 } })));

  it('holds when its violation is waived, and is unknown when something else is open', () => {
    expect(withoutWaived(judgement, notes('SV-00000002'))).toMatchObject({ result: 'violated', findings: [{ id: 'SV-00000001' }] });
    expect(withoutWaived(judgement, notes('SV-00000001'))).toMatchObject({ result: 'holds', findings: [{ id: 'SV-00000002' }] });
    expect(withoutWaived({ ...judgement, unknown: ['a check failed'] }, notes('SV-00000001')).result).toBe('unknown');
    expect(withoutWaived(judgement, notes())).toEqual(judgement);
    expect(notes('SV-00000001').get('SV-00000001')).toBe('waived until 2027-03-01: why');
  });

  it('has unused waivers, with their place and the nearest id', () => {
    const waivers = parse(file(waiver('SV-0000000a'), waiver('SV-00000002')));
    expect(unusedWaivers(waivers, ['SV-00000001', 'SV-00000002'])).toEqual([
      expect.objectContaining({ file: 'w.yaml', line: 2, column: 9, nearest: 'SV-00000001', message: expect.stringContaining('"SV-0000000a" is not used') as string }),
    ]);
  });
});
