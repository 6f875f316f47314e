/**
 * What a schema finds wrong, for people.
 *
 * Schemas are valibot's. A message given to a check there says what was expected ("a whole number of slots"); file, line,
 * column and the value found are told here. Unknown keys of strict objects are all reported, each with the nearest key.
 */
import type * as v from 'valibot';
import { nearestWord, withNearest } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

/** Line and column of a place, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Keys and positions (from 0) from the top of a file to a value. */
export type Path = readonly (string | number)[];

/** Where a key, or the value of it, begins. */
export type Locate = (path: Path, part: 'key' | 'value') => Position;

/** What is judged, and where its parts stand. */
export interface Context {
  readonly schema: v.GenericSchema;
  readonly input: unknown;
  readonly file: string;
  readonly at: Locate;
}

/** Every problem: those of valibot, and what it does not tell. */
export function schemaProblems(issues: readonly v.BaseIssue<unknown>[], context: Context): Diagnostic[] {
  const { diagnostics, misshapen } = checkForm(context);
  const described = issues.flatMap((issue) => describeIssue(issue, [], context));
  const apart = described.filter(({ path }) => !misshapen.some((list) => startsWith(path, list)));
  return [...diagnostics, ...apart.map(({ diagnostic }) => diagnostic)];
}

/** What of a valibot schema is looked at here. */
interface SchemaShape {
  readonly type: string;
  readonly expects?: string | null;
  readonly key?: string;
  readonly entries?: Readonly<Record<string, SchemaShape>>;
  readonly item?: SchemaShape;
  readonly items?: readonly SchemaShape[];
  readonly value?: SchemaShape;
  readonly wrapped?: SchemaShape;
  readonly options?: readonly (SchemaShape | string | number)[];
  readonly literal?: unknown;
}

/** The schema that judges `input`: without wrappers, and of a variant or union the option that is meant. */
function effective(schema: SchemaShape | undefined, input: unknown): SchemaShape | undefined {
  if (schema === undefined) return undefined;
  if (schema.wrapped !== undefined) return effective(schema.wrapped, input);
  if (schema.type !== 'variant' && schema.type !== 'union') return schema;
  const options = (schema.options ?? []).map((option) => effective(option as SchemaShape, input)).filter((option) => option !== undefined);
  if (schema.type === 'variant' && isRecord(input)) {
    return options.find((option) => accepts(option.entries?.[schema.key!], input[schema.key!]));
  }
  const fitting = options.filter((option) =>
    Array.isArray(input) ? option.item !== undefined : isRecord(input) && (option.entries !== undefined || option.value !== undefined),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function accepts(schema: SchemaShape | undefined, value: unknown): boolean {
  if (schema?.type === 'literal') return schema.literal === value;
  return schema?.options?.some((option) => option === value) ?? false;
}

/** The schema at a path of the input. */
function schemaAt(schema: v.GenericSchema, input: unknown, path: Path): SchemaShape | undefined {
  let current = effective(schema as unknown as SchemaShape, input);
  let value = input;
  for (const key of path) {
    const { entries, items } = current ?? {};
    const child = (entries !== undefined && Object.hasOwn(entries, key) ? entries[key] : undefined) ?? items?.[Number(key)] ?? current?.item ?? current?.value;
    value = isRecord(value) || Array.isArray(value) ? (value as Record<string | number, unknown>)[key] : undefined;
    current = effective(child, value);
  }
  return current;
}

/** What valibot does not tell: every unknown key (it tells the first), and a list in the place of a map. */
function checkForm({ schema, input, file, at }: Context): { diagnostics: Diagnostic[]; misshapen: Path[] } {
  const diagnostics: Diagnostic[] = [];
  const misshapen: Path[] = [];
  const look = (value: unknown, here: Path): void => {
    const shape = schemaAt(schema, input, here);
    if (Array.isArray(value)) {
      if (shape?.entries !== undefined || shape?.type === 'record') {
        misshapen.push(here);
        diagnostics.push({ file, ...at(here, 'value'), message: `${nameOf(here)} is a list`, expected: 'a map' });
      } else for (const [i, item] of value.entries()) look(item, [...here, i]);
      return;
    }
    if (!isRecord(value)) return;
    const keys = shape?.type === 'strict_object' ? Object.keys(shape.entries ?? {}) : null;
    for (const [key, inner] of Object.entries(value)) {
      if (keys === null || keys.includes(key)) {
        look(inner, [...here, key]);
        continue;
      }
      const nearest = nearestWord(key, keys.filter((candidate) => !Object.hasOwn(value, candidate))) ?? nearestWord(key, keys);
      diagnostics.push(withNearest({
        file,
        ...at([...here, key], 'key'),
        message: `unknown key "${key}"${here.length === 0 ? '' : ` in ${nameOf(here)}`}`,
        expected: oneOf(keys),
      }, nearest));
    }
  };
  look(input, []);
  return { diagnostics, misshapen };
}

interface Described {
  readonly path: Path;
  readonly diagnostic: Diagnostic;
}

function describeIssue(issue: v.BaseIssue<unknown>, base: Path, context: Context): Described[] {
  const { file, at, schema, input } = context;
  const path: Path = [...base, ...(issue.path ?? []).map((item) => item.key as string | number)];
  // Told by checkForm, for all of them.
  if (issue.type === 'strict_object' && issue.expected === 'never') return [];
  // Of a union, the option that came furthest says what is wrong.
  const deeper = (issue.issues ?? []).filter((inner) => (inner.path ?? []).length > 0);
  if (deeper.length > 0) return deeper.flatMap((inner) => describeIssue(inner, path, context));
  const last = path.at(-1);
  if (issue.type.endsWith('object') && issue.received === 'undefined' && last !== undefined) {
    const parent = path.slice(0, -1);
    const expected = expectation(schemaAt(schema, input, path)?.expects ?? null);
    return [
      {
        path,
        diagnostic: {
          file,
          ...at(parent, 'value'),
          message: `${nameOf(parent)} has no "${last}"`,
          ...(expected === undefined ? {} : { expected }),
        },
      },
    ];
  }
  const custom = issue.kind === 'validation' && !issue.message.startsWith('Invalid ');
  const expected = custom ? issue.message : expectation(issue.expected);
  const words = listed(issue.expected);
  const nearest = typeof issue.input === 'string' && words !== null ? nearestWord(issue.input, words) : undefined;
  const structured = custom && typeof issue.input === 'object' && issue.input !== null;
  return [
    {
      path,
      diagnostic: withNearest({
        file,
        ...at(path, 'value'),
        message: structured ? `${nameOf(path)} does not fit` : `${nameOf(path)} is ${found(issue.input)}`,
        ...(expected === undefined ? {} : { expected }),
      }, nearest),
    },
  ];
}

const EXPECTATIONS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  Object: 'a map',
  Array: 'a list',
};

/** valibot's word for what it expected, for people. */
function expectation(expected: string | null): string | undefined {
  if (expected === null) return undefined;
  const words = listed(expected);
  if (words !== null) return oneOf(words);
  const bound = /^([<>]=?)(.*)$/.exec(expected);
  if (bound !== null) return `${{ '>=': 'at least', '<=': 'at most', '>': 'more than', '<': 'less than' }[bound[1]!]} ${bound[2]}`;
  if (expected.startsWith('(')) return expected.slice(1, -1).split(' | ').map((part) => EXPECTATIONS[part] ?? part).join(' or ');
  return EXPECTATIONS[expected] ?? expected;
}

/** The words of `("a" | "b")` or `"a"`, or null. */
function listed(expected: string | null): string[] | null {
  if (expected === null || !/^\(?"[^"]*"( \| "[^"]*")*\)?$/.test(expected)) return null;
  return [...expected.matchAll(/"([^"]*)"/g)].map((match) => match[1]!);
}

function oneOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}

function found(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** steps[2].run */
function nameOf(path: Path): string {
  if (path.length === 0) return 'the file';
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function startsWith(path: Path, start: Path): boolean {
  return start.every((key, i) => path[i] === key);
}
