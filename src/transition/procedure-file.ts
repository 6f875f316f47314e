/** Procedure files: YAML to a procedure with everything filled in. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { parseCommandLine } from './command-line.ts';
import { fill, siteValues } from './placeholder.ts';
import type { Procedure, Step, StepHost } from './procedure.ts';
import type { Site } from './site.ts';
import { checkYaml, readTextFile } from './yaml.ts';
import type { CheckedYaml, Path } from './yaml.ts';

const name = v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a name of small letters, digits and dashes'));
const sentence = v.pipe(v.string(), v.check((text) => text.trim() !== '', 'a sentence'));

const stepSchema = v.pipe(
  v.strictObject({
    id: name,
    host: v.picklist(['active', 'inactive', 'etcd', 'operator']),
    run: v.optional(v.pipe(v.string(), v.check((line) => line.trim() !== '', 'a command line'))),
    wait: v.optional(
      v.strictObject({
        slots: v.union([v.number(), v.string()]),
        since: v.picklist(['last-landed-vote', 'last-cast-vote', 'here']),
      }),
    ),
    'on-failure': v.optional(v.picklist(['continue', 'stop']), 'continue'),
    why: v.optional(sentence),
  }),
  v.check((step) => (step.run === undefined) !== (step.wait === undefined), 'either "run" or "wait"'),
);

export const procedureSchema = v.strictObject({
  procedure: name,
  title: sentence,
  source: v.optional(sentence),
  starts: v.picklist(['prepared', 'bare']),
  etcd: v.optional(v.literal(true)),
  agave: v.optional(v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+$/, 'a version in quotes, as "4.2.0"'))),
  resume: v.optional(v.picklist(['rerun'])),
  'protects-from': v.optional(name),
  survives: v.optional(v.picklist([0, 1, 2])),
  exceptions: v.optional(v.array(v.strictObject({ finding: v.picklist(['nobody-votes']), with: name, scenario: name, why: sentence }))),
  params: v.optional(v.record(name, v.union([v.pipe(v.number(), v.finite()), v.string()])), {}),
  steps: v.pipe(
    v.array(stepSchema),
    v.check((steps) => steps.length >= 1 && steps.length <= 500, '1 to 500 steps'),
  ),
});

/** A procedure as its file has it: checked, the placeholders still in it. */
export type RawProcedure = CheckedYaml<v.InferOutput<typeof procedureSchema>>;

/** Values given for parameters, as a command line or a scenario gives them. */
export type ParamValues = Readonly<Record<string, number | string>>;

/** The names of the procedures that come with the product. */
export function shippedProcedures(): string[] {
  return readdirSync(shippedFolder()).filter((file) => file.endsWith('.yaml')).map((file) => file.slice(0, -'.yaml'.length)).sort();
}

// src/transition and dist/transition are equally deep.
function shippedFolder(): string {
  return fileURLToPath(new URL('../../procedures/', import.meta.url));
}

/** The path within the package of a file that comes with the product, such as "procedures/guide-hot-swap.yaml"; null for others. */
export function shippedPath(file: string): string | null {
  const folder = shippedFolder();
  return file.startsWith(folder) ? `procedures/${file.slice(folder.length)}` : null;
}

/**
 * A procedure by the name of a shipped one, or by a path (with a slash, or ending in .yaml or .yml), filled in.
 * Throws InputError with every problem.
 */
export function loadProcedure(nameOrPath: string, site: Site, params: ParamValues = {}): Procedure {
  const path = /\/|\.ya?ml$/.test(nameOrPath) ? nameOrPath : `${shippedFolder()}${nameOrPath}.yaml`;
  if (path !== nameOrPath && !existsSync(path)) {
    const names = shippedProcedures();
    throw new InputError([withNearest({
      file: nameOrPath, message: 'there is no procedure of this name', expected: `${names.join(', ')}, or a path to a .yaml file`,
    }, fileOfName(nameOrPath) ?? nearestWord(nameOrPath, names))]);
  }
  return fillProcedure(parseProcedure(readTextFile(path), path), site, params);
}

/** The path of a file here whose name was given without its ending. */
function fileOfName(name: string): string | undefined {
  return ['yaml', 'yml'].map((ending) => `./${name}.${ending}`).find((path) => existsSync(path));
}

/** Checks the text of a procedure file; `file` is its name in errors. Throws InputError with every problem. */
export function parseProcedure(text: string, file: string): RawProcedure {
  const raw = checkYaml(text, file, procedureSchema);
  const first = new Map<string, number>();
  const twice: Diagnostic[] = [];
  for (const [i, { id }] of raw.value.steps.entries()) {
    const before = first.get(id);
    if (before === undefined) first.set(id, i);
    else {
      const { line } = raw.at(['steps', before, 'id']);
      twice.push({ file, ...raw.at(['steps', i, 'id']), message: `the id "${id}" is already that of the step in line ${line}`, expected: 'an id of its own' });
    }
  }
  if (twice.length > 0) throw new InputError(twice);
  return raw;
}

/**
 * Fills the placeholders from the site and the parameters, and checks each command line. `params` override the file's;
 * one that the file does not have is an error. Throws InputError with every problem.
 */
export function fillProcedure(raw: RawProcedure, site: Site, params: ParamValues): Procedure {
  const { file, value } = raw;
  const problems: Diagnostic[] = [];
  const given = mergeParams(raw, site, params, problems);
  // Before the steps, so that a parameter with a wrong placeholder is told once.
  filledParams(raw, site, 'active', given, problems);

  for (const [i, { host }] of value.steps.entries()) {
    if (host === 'etcd' && value.etcd !== true) problems.push({ file, ...raw.at(['steps', i, 'host']), message: 'there is no host "etcd" in this procedure', expected: '"etcd: true" above the steps' });
  }

  const steps = value.steps.map((step, i): Step => {
    const values = filledParams(raw, site, step.host, given, []);
    const filled = (text: string, path: Path): string => {
      const found: Omit<Diagnostic, 'file'>[] = [];
      const result = fill(text, values, found);
      problems.push(...found.map((problem) => ({ file, ...raw.at(path), ...problem })));
      return result;
    };
    const common = {
      id: step.id,
      host: step.host,
      onFailure: step['on-failure'],
      ...(step.why === undefined ? {} : { why: filled(step.why, ['steps', i, 'why']) }),
      ...raw.at(['steps', i]),
    };
    if (step.wait !== undefined) {
      const at: Path = ['steps', i, 'wait', 'slots'];
      const slots = Number(typeof step.wait.slots === 'string' ? filled(step.wait.slots, at) || 'nothing' : step.wait.slots);
      if (!Number.isInteger(slots) || slots < 0 || slots > 1_000_000) {
        problems.push({ file, ...raw.at(at), message: `the wait is ${String(step.wait.slots)} slots long`, expected: 'a whole number, 0 to 1000000' });
      }
      return { kind: 'wait', ...common, slots, since: step.wait.since };
    }
    const at: Path = ['steps', i, 'run'];
    const run = filled(step.run!, at).trim();
    const parsed = parseCommandLine(run);
    if (parsed.type === 'syntax-error') {
      problems.push({ file, ...raw.at(at), message: `bash cannot read the command line of step "${step.id}": ${parsed.what}` });
    }
    return { kind: 'run', ...common, run };
  });

  const ids = steps.map(({ id }) => id);
  const protecting = value['protects-from'];
  if (protecting !== undefined && !ids.includes(protecting)) {
    problems.push(withNearest({ file, ...raw.at(['protects-from']), message: `there is no step "${protecting}"`, expected: 'the id of a step' }, nearestWord(protecting, ids)));
  }
  if (problems.length > 0) throw new InputError(problems);
  return {
    name: value.procedure,
    title: value.title,
    ...(value.source === undefined ? {} : { source: value.source }),
    file,
    params: given,
    starts: value.starts,
    ...(value.etcd === undefined ? {} : { etcd: value.etcd }),
    ...(value.agave === undefined ? {} : { agave: value.agave }),
    ...(value.resume === undefined ? {} : { resume: value.resume }),
    ...(value.survives === undefined ? {} : { survives: value.survives }),
    ...(value['protects-from'] === undefined ? {} : { protectsFrom: value['protects-from'] }),
    ...(value.exceptions === undefined ? {} : { exceptions: value.exceptions.map((exception, i) => ({ ...exception, ...raw.at(['exceptions', i, 'with']) })) }),
    steps,
  };
}

/**
 * The values of the site and of the parameters on a host. A parameter of the file may hold placeholders itself: for
 * values of the site, and for parameters above it. One that was given is put in as it is.
 */
function filledParams(raw: RawProcedure, site: Site, host: StepHost, given: ParamValues, problems: Diagnostic[]): Record<string, string> {
  const values = siteValues(site, host);
  for (const [key, value] of Object.entries(given)) {
    const found: Omit<Diagnostic, 'file'>[] = [];
    values[key] = value === raw.value.params[key] ? fill(String(value), values, found) : String(value);
    problems.push(...found.map((problem) => ({ file: raw.file, ...raw.at(['params', key]), ...problem })));
  }
  return values;
}

function mergeParams(raw: RawProcedure, site: Site, params: ParamValues, problems: Diagnostic[]): Record<string, number | string> {
  const declared = raw.value.params;
  const names = Object.keys(declared);
  const merged: Record<string, number | string> = { ...declared };
  const taken = siteValues(site, 'active');
  for (const name of names.filter((name) => Object.hasOwn(taken, name))) {
    problems.push({ file: raw.file, ...raw.at(['params', name]), message: `the parameter "${name}" has the name of a value of the site`, expected: 'another name' });
  }
  for (const [name, given] of Object.entries(params)) {
    if (!Object.hasOwn(declared, name)) {
      problems.push(withNearest({
        file: raw.file, message: `the procedure has no parameter "${name}"`, expected: names.length === 0 ? 'none' : names.join(' or '),
      }, nearestWord(name, names)));
    } else if (typeof declared[name] === 'number') {
      // A command line gives every value as a text.
      const number = typeof given === 'string' && given.trim() === '' ? Number.NaN : Number(given);
      if (!Number.isFinite(number)) {
        problems.push({ file: raw.file, message: `the parameter "${name}" is ${JSON.stringify(given)}`, expected: 'a number' });
      } else merged[name] = number;
    } else merged[name] = given;
  }
  return merged;
}
