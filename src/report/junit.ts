/**
 * The result document as JUnit XML, in the form that Jenkins reads (junit-10.xsd of its xUnit plugin): a suite for each
 * procedure, trace or scenario file; of a gate one whose cases are its parts, and one for each scenario file. It has no times, for these would differ from run to run.
 */
import type { DocumentFinding, DocumentPart, Failure, ReportDocument, Subject } from './document/schema.ts';
import { exitOf } from './document/verdict.ts';
import { subjectsByFile } from './subjects-by-file.ts';
import { xmlElement, xmlText } from './xml.ts';

/** One check of a suite. */
interface Case {
  readonly name: string;
  readonly failures: readonly { readonly type: string; readonly message: string; readonly text: string }[];
  readonly skipped: string | null;
  readonly output: string;
}

/** The whole file, with a newline at the end. */
export function writeJunit(document: ReportDocument): string {
  // What a part of a gate found is told by the case of the part.
  const apart = document.command === 'gate' ? document.subjects.filter(({ kind }) => kind === 'scenario') : document.subjects;
  const suites = [
    ...(document.command === 'gate' ? [{ name: 'gate', file: null, cases: document.parts.map((part) => partCase(document, part)) }] : []),
    ...subjectsByFile(apart).map((subjects) => ({ name: subjects[0]!.name, file: subjects[0]!.file?.path ?? null, cases: subjects.flatMap(casesOf) })),
  ];
  const problems = document.problems.map((problem): Case => ({ name: problem, failures: [{ type: 'bad input', message: problem, text: problem }], skipped: null, output: '' }));
  const all = [...suites.flatMap(({ cases }) => cases), ...problems];
  const elements = [
    ...suites.map(({ name, file, cases }) => suite(name, file, cases)),
    ...(problems.length === 0 ? [] : [suite('input', null, problems)]),
  ];
  const root = xmlElement('testsuites', { name: `solevoter ${document.command}`, ...counted(all) }, ['\n', ...elements.map((element) => `${element}\n`)]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function counted(cases: readonly Case[]): { tests: number; failures: number; errors: number } {
  return { tests: cases.length, failures: cases.filter(({ failures }) => failures.length > 0).length, errors: 0 };
}

function suite(name: string, file: string | null, cases: readonly Case[]): string {
  const skipped = cases.filter((one) => one.skipped !== null).length;
  return xmlElement('testsuite', { name, ...counted(cases), skipped, file }, ['\n', ...cases.map((one) => `  ${testCase(name, one)}\n`)]);
}

function testCase(suiteName: string, { name, failures, skipped, output }: Case): string {
  return xmlElement('testcase', { classname: suiteName, name }, [
    ...failures.map(({ type, message, text }) => xmlElement('failure', { type, message }, [xmlText(text)])),
    ...(skipped === null ? [] : [xmlElement('skipped', { message: skipped })]),
    ...(output === '' ? [] : [xmlElement('system-out', {}, [xmlText(output)])]),
  ]);
}

/** A part of a gate. One that is told only does not fail. */
function partCase({ subjects }: ReportDocument, { name, code, sentence, subjects: own }: DocumentPart): Case {
  const [story] = own.flatMap((i) => subjects[i]!.stories);
  const replay = story?.replay?.command;
  const failed = code !== null && code !== 0;
  return {
    name,
    failures: failed ? [{ type: exitOf(code).meaning, message: withToken(sentence, replay), text: [sentence, ...(story === undefined ? [] : [story.sentence, ...story.arithmetic]), ...(replay === undefined ? [] : [replay])].join('\n') }] : [],
    skipped: null,
    output: failed ? '' : code === null ? `told only, does not fail: ${sentence}` : sentence,
  };
}

function casesOf(subject: Subject): Case[] {
  return subject.method.kind === 'scenario' ? [sideCase(subject)] : [verdictCase(subject), ...subject.findings.map((finding) => findingCase(subject, finding)), ...fixedCases(subject)];
}

/** A scenario, or its twin. */
function sideCase(subject: Subject): Case {
  const { failures, stories: [story] } = subject;
  const side = subject.method.kind === 'scenario' ? subject.method.side : '';
  const replay = story?.replay?.command ?? subject.findings[0]?.replay?.command;
  return {
    name: side,
    failures: failures.map(({ sentence }) => ({ type: 'not as expected', message: withToken(sentence, replay), text: [sentence, story?.sentence, replay].filter((line) => line !== undefined).join('\n') })),
    skipped: null,
    output: `${subject.verdict.result}: ${subject.verdict.sentence}`,
  };
}

/** The verdict itself, so that a suite has a test of the same name whatever is found. */
function verdictCase({ verdict, failures, stories: [story], findings }: Subject): Case {
  const failing = failures.filter(({ what }) => what === 'finding');
  const replay = story?.replay?.command ?? findings[0]?.replay?.command;
  const failed = failing.length > 0 && story !== undefined;
  return {
    name: 'nothing is found that fails',
    failures: failed ? [{ type: verdict.result, message: withToken(verdict.sentence, replay), text: [story.sentence, ...story.arithmetic, ...(replay === undefined ? [] : [replay])].join('\n') }] : [],
    skipped: null,
    output: failed ? '' : verdict.sentence,
  };
}

function findingCase({ failures, stories }: Subject, finding: DocumentFinding): Case {
  const { id, kind, step, title, place, waived, replay, mechanism, faults, story } = finding;
  const failed = failures.some((failure) => failure.finding === id);
  const told = story === null ? undefined : stories[story];
  const where = place === null ? [] : [`${place.file}:${place.line}:${place.column}`];
  const text = [
    title, mechanism, ...where, `faults: ${faults.map(({ kinds, runs }) => `${kinds} ${runs}`).join(', ')}`,
    ...(told === undefined ? [] : [told.sentence, ...told.arithmetic]), ...(replay === null ? [] : [replay.command]),
  ].join('\n');
  return {
    name: `${id} ${kind}, step ${step ?? 'none'}`,
    failures: failed ? [{ type: finding.class, message: withToken(title, replay?.command), text }] : [],
    skipped: waived,
    output: failed || waived !== null ? '' : `${finding.class}, does not fail: ${title}`,
  };
}

const FIXED: readonly (readonly [Failure['what'], string])[] = [
  ['gap', 'everything that was met is modelled'],
  ['unknown', 'the result is known'],
  ['voters', 'exactly one host votes at the end'],
  ['downtime', 'downtime is within the budget'],
];

function fixedCases({ failures, unknown, run }: Subject): Case[] {
  return FIXED.map(([what, name]) => {
    const own = failures.filter((failure) => failure.what === what);
    const more = what === 'unknown' || what === 'gap' ? unknown : what === 'voters' ? [run.liveness.why] : [];
    return {
      name, skipped: null, output: '',
      failures: own.map(({ sentence }) => ({ type: what, message: sentence, text: [sentence, ...more].join('\n') })),
    };
  });
}

/** Jenkins shows the message alone in its lists: the token must be in it. */
function withToken(message: string, replay: string | undefined): string {
  return replay === undefined ? message : `${message}; ${replay}`;
}
