/** What of a run's violations remains without one of its faults. */
import type { Finding, Judgement } from '../model/verdict.ts';
import { COLUMNS, wrap } from './wrap.ts';

/** Lines of at most 80 columns, the replay command apart. `name`: the fault as it was given; `token`: of the run without it. */
export function describeWithout(name: string, whole: Judgement, rest: Judgement, token: string): string[] {
  const before = violations(whole);
  const after = violations(rest);
  const said = [
    ...[...before.values()].map(({ id, kind }) => `${id} ${kind}: ${after.has(id) ? 'remains' : 'is gone'}`),
    ...[...after.values()].filter(({ id }) => !before.has(id)).map(({ id, kind }) => `${id} ${kind}: comes only now`),
  ];
  return [
    `Without ${/^\d+$/.test(name) ? `fault ${name}` : name}:`,
    ...(said.length === 0 ? ['the whole run has no violation, nor has this one'] : said).flatMap((text) => wrap(`  ${text}`, COLUMNS, 4)),
    '', 'Replay it without:', `  npx solevoter replay ${token}`,
  ];
}

function violations({ findings }: Judgement): ReadonlyMap<string, Finding> {
  return new Map(findings.filter((finding) => finding.class === 'violation').map((finding) => [finding.id, finding]));
}
