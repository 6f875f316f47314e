/** What was otherwise in a run than in the mildest one, in words for a terminal. */
import type { Story } from './document/story-schema.ts';
import { COLUMNS, wrap } from './wrap.ts';

/** Lines of at most 80 columns: fork and skipped slots, faults, timings. `name`: of the procedure. */
export function describeChoices(name: string, { choices }: Story): string[] {
  const of = (what: Story['choices'][number]['what']) => choices.filter((choice) => choice.what === what);
  const chain = [...of('fork'), ...of('skipped slots')].map(({ sentence }) => sentence);
  return [
    `${name}: ${chain.length === 0 ? 'no fork, no skipped slot' : chain.join('; ')}`,
    ...of('fault').map(({ sentence, struck }) => `fault: ${sentence}${struck ? '' : ' (did not strike)'}`),
    ...of('timing').map(({ sentence }) => `timing: ${sentence}`),
  ].flatMap((line) => wrap(line, COLUMNS, 2));
}
