/** Scenario files: YAML to scenarios in which every name is resolved. */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunSpec } from '../explore/run-spec.ts';
import { FAULT_KINDS } from '../sim/fault-kinds.ts';
import { mutatedProcedure } from '../sim/faults.ts';
import type { Fault } from '../sim/faults.ts';
import type { ForkPlan } from '../sim/fork-plan.ts';
import { AGAVE_VERSIONS, agaveBehaviour } from '../sim/agave-versions.ts';
import { LATENCY_TABLES } from '../sim/latency.ts';
import { PREPARATION_KINDS } from '../sim/preparation.ts';
import { VALIDATOR_POINTS } from '../sim/world.ts';
import type { ValidatorPoint } from '../sim/world.ts';
import { wrongHost } from '../transition/mutation.ts';
import { loadProcedure } from '../transition/procedure-file.ts';
import type { Procedure } from '../transition/procedure.ts';
import { siteOf } from '../transition/site-file.ts';
import { checkYaml, readTextFile } from '../transition/yaml.ts';
import type { CheckedYaml, Path } from '../transition/yaml.ts';
import { scenarioSchema } from './schema.ts';
import type { RawFault, RawScenario, RawSetup } from './schema.ts';
import type { Scenario, Setup } from './scenario.ts';

/** The scenarios of a folder, by file name. Throws InputError with the problems of the first bad file. */
export function loadScenarios(folder: string): Scenario[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml')).sort();
  return files.map((file) => loadScenario(join(folder, file)));
}

/** Reads a scenario file. Throws InputError with every problem. */
export function loadScenario(path: string): Scenario {
  return parseScenario(readTextFile(path), path);
}

/** As loadScenario, of a text; paths of procedures are relative to the folder of `file`. */
export function parseScenario(text: string, file: string): Scenario {
  const yaml = checkYaml(text, file, scenarioSchema);
  const { value } = yaml;
  const problems: Diagnostic[] = [];
  if (basename(file) !== `${value.scenario}.yaml`) problems.push({ file, ...yaml.at(['scenario']), message: `the scenario "${value.scenario}" is in the file ${basename(file)}`, expected: `the file ${value.scenario}.yaml` });
  const { twin } = value;
  const merged: RawSetup = {
    procedure: twin.procedure ?? value.procedure,
    params: { ...value.params, ...twin.params },
    site: { ...value.site, ...twin.site },
    timing: { ...value.timing, ...twin.timing },
    fork: twin.fork === undefined ? value.fork : twin.fork,
    skips: twin.skips ?? value.skips,
    faults: twin.faults ?? value.faults,
    edits: twin.edits ?? value.edits,
  };
  const own = (key: keyof RawSetup): Path => (twin[key] === undefined ? [key] : ['twin', key]);
  const run = resolve(yaml, value, (key) => [key], ['expect'], value.expect, problems);
  const other = resolve(yaml, merged, own, ['twin', 'expect'], twin.expect, problems);
  if (problems.length > 0 || run === null || other === null) throw new InputError(unique(problems));
  return {
    name: value.scenario, title: value.title, file, shows: value.shows.map(String), why: value.why.trim(),
    downtimeBudget: value['downtime-budget'], run, twin: twin.why === undefined ? other : { ...other, why: twin.why },
  };
}

/** What the scenario and its twin share is found wrong twice. */
function unique(problems: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

type Place = (key: keyof RawSetup) => Path;

function resolve(
  yaml: CheckedYaml<RawScenario>, given: RawSetup, place: Place, expectAt: Path, expect: RawScenario['expect'], problems: Diagnostic[],
): Setup | null {
  const { file } = yaml;
  const report = (path: Path, problem: Omit<Diagnostic, 'file'>) => problems.push({ file, ...yaml.at(path), ...problem });
  const site = siteOf(given.site ?? {});
  if (site.agave !== null && agaveBehaviour(site.agave) === null) report([...place('site'), 'agave'], { message: `Agave ${site.agave} is not modelled`, expected: AGAVE_VERSIONS.join(', ') });
  const path = /\/|\.ya?ml$/.test(given.procedure) ? join(dirname(file), given.procedure) : given.procedure;
  let procedure: Procedure;
  try {
    procedure = loadProcedure(path, site, given.params ?? {});
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // A problem without a line is about the name or the parameters, which stand here.
    for (const problem of error.diagnostics) problems.push(problem.line === undefined ? { ...problem, file, ...yaml.at(place('procedure')) } : problem);
    return null;
  }
  const names: Names = { file, report, place };
  const edits = editFaults(names, given, procedure);
  const taken = mutatedProcedure(procedure, edits);
  const faults = (given.faults ?? []).flatMap((fault, i) => resolveFault(names, fault, [...place('faults'), i], taken) ?? []);
  const steps = taken.steps.map((step) => step.id);
  const exitsAt: Path = [...expectAt, 'exits'];
  for (const id of Object.keys(expect.exits)) if (!steps.includes(id)) report([...exitsAt, id], unknownWord('step', id, steps));
  for (const [i, { step }] of expect.findings.entries()) {
    if (step !== undefined && !steps.includes(step)) report([...expectAt, 'findings', i, 'step'], unknownWord('step', step, steps));
  }
  const spec: RunSpec = {
    faults: [...edits, ...faults],
    fork: given.fork === undefined || given.fork === null ? null : forkPlan(given.fork),
    draws: drawsOf(names, given),
    ...(given.skips === undefined || given.skips.length === 0 ? {} : { skips: given.skips }),
  };
  return { subject: { site, procedure }, spec, given, expect };
}

interface Names {
  readonly file: string;
  readonly report: (path: Path, problem: Omit<Diagnostic, 'file'>) => void;
  readonly place: Place;
}

function unknownWord(what: string, word: string, words: readonly string[]): Omit<Diagnostic, 'file'> {
  return withNearest({ message: `there is no ${what} "${word}"`, expected: words.join(', ') }, nearestWord(word, words));
}

function forkPlan(fork: NonNullable<RawSetup['fork']>): ForkPlan {
  const { at, losing, skipped, winner } = fork;
  return { at, losing, skipped, winner, firstSeen: { active: fork['active-sees'], inactive: fork['inactive-sees'] } };
}

/** Latencies are named in small letters with dashes, and have one of the values of their table. */
function drawsOf({ report, place }: Names, { timing }: RawSetup): Record<string, number> {
  const names = new Map(Object.keys(LATENCY_TABLES).map((key) => [key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), key as keyof typeof LATENCY_TABLES]));
  const draws: Record<string, number> = {};
  for (const [name, value] of Object.entries(timing ?? {})) {
    const key = names.get(name);
    const at: Path = [...place('timing'), name];
    if (key === undefined) {
      report(at, unknownWord('latency', name, [...names.keys()]));
      continue;
    }
    const table: readonly number[] = LATENCY_TABLES[key];
    const index = table.indexOf(value);
    if (index < 0) report(at, { message: `the latency "${name}" is ${value}`, expected: `one of ${table.join(', ')}` });
    else draws[`latency/${key}`] = index;
  }
  return draws;
}

function editFaults({ report, place }: Names, { edits }: RawSetup, procedure: Procedure): Fault[] {
  const faults: Fault[] = [];
  let current = procedure;
  for (const [i, edit] of (edits ?? []).entries()) {
    const [verb, id] = Object.entries(edit)[0] as [string, string];
    const at: Path = [...place('edits'), i, verb];
    const index = current.steps.findIndex((step) => step.id === id);
    if (index < 0) {
      report(at, unknownWord('step', id, current.steps.map((step) => step.id)));
      continue;
    }
    if (verb === 'swap' && index === current.steps.length - 1) {
      report(at, { message: `the step "${id}" is the last one: there is none to swap it with` });
      continue;
    }
    if (verb === 'wrong-host' && !hasOtherHost(current, index)) {
      report(at, { message: `the step "${id}" is not run on one of the validators` });
      continue;
    }
    const fault: Fault = { kind: verb === 'wrong-host' ? 'operator-wrong-host' : `operator-${verb}s`, on: 'operator', at: { kind: 'step', index, when: 'before' }, heal: 1 };
    faults.push(fault);
    current = mutatedProcedure(current, [fault]);
  }
  return faults;
}

function hasOtherHost(procedure: Procedure, index: number): boolean {
  try {
    wrongHost(procedure, index);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const HOSTS = ['active', 'inactive'] as const;

function isHost(word: string | undefined): word is (typeof HOSTS)[number] {
  return word === 'active' || word === 'inactive';
}

/** The fault with its names resolved; null when there was a problem. */
function resolveFault({ report }: Names, fault: RawFault, path: Path, procedure: Procedure): Fault | null {
  const kinds = [...PREPARATION_KINDS, ...Object.keys(FAULT_KINDS), 'operator-stops'].sort();
  const { kind, at } = fault;
  const refuse = (key: string, problem: Omit<Diagnostic, 'file'>): null => {
    report([...path, key], problem);
    return null;
  };
  if (!kinds.includes(kind)) return refuse('kind', unknownWord('fault', kind, kinds));
  const prepared = PREPARATION_KINDS.includes(kind);
  if (prepared !== (at === 'before-start')) return refuse('at', { message: `the fault "${kind}" is ${prepared ? 'there from the start' : 'one of the run'}`, expected: prepared ? 'no "at"' : 'a moment' });
  const acts = prepared ? 'host' : kind === 'operator-stops' ? 'operator' : FAULT_KINDS[kind]!.on;
  const on = fault.on ?? (acts === 'host' ? undefined : acts);
  if (acts === 'host' ? !isHost(on) : on !== acts) {
    return refuse('on', { message: `the fault "${kind}" is on ${on === undefined ? 'nothing' : `"${on}"`}`, expected: acts === 'host' ? HOSTS.join(' or ') : acts });
  }
  if (at === 'before-start') return { kind, on: on as (typeof HOSTS)[number], at };
  const heals = kind !== 'operator-stops' && FAULT_KINDS[kind]!.heal !== null && (acts !== 'step' || kind === 'command-hangs');
  if (!heals && fault.heal !== undefined) return refuse('heal', { message: `the fault "${kind}" has an end of its own`, expected: 'no "heal"' });
  const heal = fault.heal ?? (heals ? 'end' : 1);
  if (at.step !== undefined) {
    const ids = procedure.steps.map((step) => step.id);
    const index = ids.indexOf(at.step);
    if (index < 0) return refuse('at', unknownWord('step', at.step, ids));
    if (acts === 'step' && at.when !== 'before') return refuse('at', { message: `the fault "${kind}" comes ${at.when} a step`, expected: 'when: before' });
    return { kind, on: on!, at: { kind: 'step', index, when: at.when! }, heal };
  }
  if (acts === 'step') return refuse('at', { message: `the fault "${kind}" is about a step`, expected: '"step" and "when"' });
  if (at.point === undefined) return { kind, on: on!, at: { kind: 'slot', slot: at.slot! }, heal };
  if (!(VALIDATOR_POINTS as readonly string[]).includes(at.point)) return refuse('at', unknownWord('point', at.point, VALIDATOR_POINTS));
  const host = at.host ?? (isHost(on) ? on : undefined);
  if (host === undefined) return refuse('at', { message: 'the host of the point is not told', expected: '"host"' });
  return { kind, on: on!, at: { kind: 'point', host, point: at.point as ValidatorPoint, slot: at.slot! }, heal };
}
