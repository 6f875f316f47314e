/** In what a scenario and its twin differ, each difference as a sentence: a twin has exactly one. */
import type { Procedure, Step } from '../transition/procedure.ts';
import type { Setup } from './scenario.ts';

export function differences(run: Setup, twin: Setup): string[] {
  const { site, procedure } = run.subject;
  const sameFile = run.given.procedure === twin.given.procedure;
  return [
    ...keysThatDiffer('the parameter', run.given.params ?? {}, twin.given.params ?? {}),
    // One parameter may fill several steps, and a path of the site as well.
    ...(sameFile ? [] : stepDifferences(procedure, twin.subject.procedure)),
    ...keysThatDiffer('the site\'s', site as object as Record<string, unknown>, twin.subject.site as object as Record<string, unknown>),
    ...keysThatDiffer('the draw', run.spec.draws, twin.spec.draws),
    ...(same(run.spec.fork, twin.spec.fork) ? [] : ['the fork']),
    ...(same(run.spec.skips ?? [], twin.spec.skips ?? []) ? [] : ['the skipped slots']),
    ...faultDifferences(run, twin),
  ];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function keysThatDiffer(what: string, a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): string[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return keys.filter((key) => !same(a[key], b[key])).map((key) => `${what} ${key}`);
}

/** Faults that only one of them has; two of the same kind, or at the same moment, are one fault changed. */
function faultDifferences(run: Setup, twin: Setup): string[] {
  const rest = twin.spec.faults.map((fault) => JSON.stringify(nameSteps(fault, twin.subject.procedure)));
  const gone: string[] = [];
  for (const fault of run.spec.faults) {
    const text = JSON.stringify(nameSteps(fault, run.subject.procedure));
    const at = rest.indexOf(text);
    if (at < 0) gone.push(text);
    else rest.splice(at, 1);
  }
  const changed = Math.min(gone.length, rest.length);
  return [
    ...gone.slice(0, changed).map((fault, i) => `the fault ${fault} is ${rest[i]}`),
    ...gone.slice(changed).map((fault) => `the fault ${fault} is missing`),
    ...rest.slice(changed).map((fault) => `the fault ${fault} is added`),
  ];
}

/** A fault at a step is the same when the step is the same, wherever it stands. */
function nameSteps(fault: Setup['spec']['faults'][number], procedure: Procedure): unknown {
  if (fault.at === 'before-start' || fault.at.kind !== 'step') return fault;
  return { ...fault, at: { ...fault.at, index: procedure.steps[fault.at.index]?.id } };
}

/** One sentence for a step changed, added, left out or moved; more when there is more than that. */
function stepDifferences(a: Procedure, b: Procedure): string[] {
  const left = a.steps.map(contentOf);
  const right = b.steps.map(contentOf);
  if (same(left, right)) return [];
  if (left.length === right.length) {
    const changed = left.flatMap((step, i) => (step === right[i] ? [] : [`step ${i + 1} ("${a.steps[i]!.id}") is another`]));
    if (changed.length > 1 && movesOne(left, right)) return ['one step is moved'];
    return changed;
  }
  const [short, long, verb] = left.length < right.length ? [left, right, 'added'] : [right, left, 'left out'];
  if (long.some((_, i) => same(long.toSpliced(i, 1), short))) return [`one step is ${verb}`];
  return [`${long.length - short.length} steps are ${verb}`, 'and others differ'];
}

function movesOne(a: readonly string[], b: readonly string[]): boolean {
  return a.some((step, from) => {
    const without = a.toSpliced(from, 1);
    return b.some((candidate, to) => candidate === step && same(without.toSpliced(to, 0, step), b));
  });
}

function contentOf(step: Step): string {
  return JSON.stringify([step.kind, step.host, step.kind === 'run' ? step.run : [step.slots, step.since], step.onFailure]);
}
