/** Checked YAML: a text and a schema give a value, or every problem with its place in the file. */
import * as v from 'valibot';
import { LineCounter, isCollection, isMap, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import { InputError } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { otherKind } from './file-kind.ts';
import { readInputFile, utf8Text } from './input-file.ts';
import { schemaProblems } from './schema-problem.ts';
import type { Locate, Path, Position } from './schema-problem.ts';

export type { Path, Position } from './schema-problem.ts';

/** A checked file: its value, and where each part of it stands (the nearest part that is there). */
export interface CheckedYaml<T> {
  readonly file: string;
  readonly value: T;
  at(path: Path): Position;
}

/** Files may not be larger, in bytes of UTF-8. */
export const LARGEST_FILE = 1_000_000;

/** Reads a file as UTF-8. Throws InputError when it is missing, no file, too large, a private key or not UTF-8. */
export function readTextFile(path: string): string {
  return utf8Text(readInputFile(path, LARGEST_FILE), path);
}

/** The value of a YAML text; `file` is its name in errors. Throws InputError with every problem. */
export function loadYaml<T>(text: string, file: string, schema: v.GenericSchema<unknown, T>): T {
  return checkYaml(text, file, schema).value;
}

/** As loadYaml, with the places of the values. */
export function checkYaml<T>(text: string, file: string, schema: v.GenericSchema<unknown, T>): CheckedYaml<T> {
  const { document, at } = parse(text, file);
  const input: unknown = document.toJS();
  const other = isMap(document.contents) && 'entries' in schema ? otherKind(Object.keys(input as object), Object.keys(schema.entries as object)) : null;
  if (other !== null) throw new InputError([{ file, ...at([], 'value'), message: `this is ${other.is}`, expected: other.expected }]);
  const result = v.safeParse(schema, input);
  const diagnostics = schemaProblems(result.issues ?? [], { schema, input, file, at });
  if (diagnostics.length > 0) throw new InputError(inOrder(diagnostics));
  if (!result.success) throw new InputError([{ file, message: 'the file does not have the right form' }]);
  return { file, value: result.output, at: (path) => at(path, 'value') };
}

function parse(text: string, file: string): { document: Document; at: Locate } {
  const size = Buffer.byteLength(text);
  if (size > LARGEST_FILE) {
    throw new InputError([{ file, message: `the file has ${size} bytes`, expected: `at most ${LARGEST_FILE}` }]);
  }
  const counter = new LineCounter();
  const place = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const nul = text.indexOf('\0');
  let document: Document;
  try {
    document = parseDocument(text, { lineCounter: counter, prettyErrors: false, stringKeys: true, logLevel: 'error' });
  } catch (error) {
    if (error instanceof RangeError) throw new InputError([{ file, message: 'the file is nested too deeply' }]);
    throw error;
  }
  const problems: Diagnostic[] = [...document.errors, ...document.warnings].map((error) => ({
    file,
    ...place(error.pos[0]),
    message: yamlProblem(error.code, error.message),
  }));
  if (nul >= 0) problems.push({ file, ...place(nul), message: 'there is a NUL character in the text' });
  // An alias repeats a part of the file; a few of them can make it grow without bound.
  visit(document, {
    Alias: (_key, node) => {
      problems.push({ file, ...place(node.range?.[0] ?? 0), message: `the alias "*${node.source}" is not allowed`, expected: 'the value itself' });
    },
  });
  if (problems.length === 0 && document.contents === null) problems.push({ file, message: 'the file is empty' });
  if (problems.length > 0) throw new InputError(inOrder(problems));
  return { document, at: (path, part) => place(offsetOf(document, path, part)) };
}

function yamlProblem(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'this key stands twice in the same map';
  if (code === 'MULTIPLE_DOCS') return 'there is more than one YAML document in the file';
  if (code === 'TAG_RESOLVE_FAILED') return 'YAML tags ("!…") are not allowed';
  if (code === 'TAB_AS_INDENT') return 'a tab is used as indentation; YAML wants spaces';
  return `this is not valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1).split('\n')[0]!}`;
}

/** Where the key or the value of a path begins; of the nearest parent when it is not there. */
function offsetOf(document: Document, path: Path, part: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node);
  for (const [i, key] of path.entries()) {
    let value: unknown;
    let keyNode: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key));
      value = pair?.value;
      keyNode = pair?.key;
    } else if (isSeq(node)) {
      value = node.items[Number(key)];
    }
    if (keyNode === undefined && value === undefined) break;
    const wantsKey = (part === 'key' && i === path.length - 1) || value === null;
    offset = startOf(wantsKey && keyNode !== undefined ? keyNode : value) || offset;
    node = value;
  }
  return offset;
}

function startOf(node: unknown): number {
  return isCollection(node) || isScalar(node) ? ((node as Node).range?.[0] ?? 0) : 0;
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [...diagnostics].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
