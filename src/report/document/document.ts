/** The result document put together. */
import { TRACE_SCHEMA } from '../../model/trace.ts';
import { PRODUCT_VERSION } from '../../model/version.ts';
import { EXIT } from '../../model/exit-code.ts';
import type { DocumentPart, ReportDocument, Subject } from './schema.ts';
import { exitOf, verdictOfGate, verdictOfSuite, wordOf } from './verdict.ts';

/** Said with every result. */
const CAUTION = 'No run proves safety: this says what was found within these bounds, and nothing beyond them.';

/** The schema of the document by name and version. */
const REPORT_SCHEMA: ReportDocument['schema'] = 'solevoter.report/1';

export interface DocumentFacts {
  readonly command: ReportDocument['command'];
  readonly subjects: readonly Subject[];
  readonly exit: number;
  /** Bad input that came out only with the result, one sentence each. */
  readonly problems: readonly string[];
}

/** The document of a command. Of a suite the verdict counts scenarios, each of which is two subjects. */
export function documentOf({ command, subjects, exit, problems }: DocumentFacts): ReportDocument {
  const [only] = subjects;
  return {
    schema: REPORT_SCHEMA,
    versions: { solevoter: PRODUCT_VERSION, trace: TRACE_SCHEMA },
    command,
    verdict: command === 'run' || only === undefined ? suiteVerdict(subjects) : { word: wordOf(only.verdict.result), sentence: only.verdict.sentence },
    exit: exitOf(problems.length > 0 ? EXIT.badInput : exit),
    problems: [...problems],
    parts: [],
    subjects: [...subjects],
    caution: CAUTION,
  };
}

/** A part of a gate with what it has to say. */
export interface GatePart extends Omit<DocumentPart, 'subjects'> {
  readonly subjects: readonly Subject[];
}

/** The document of a gate. */
export function gateDocumentOf(parts: readonly GatePart[], exit: number, problems: readonly string[]): ReportDocument {
  let next = 0;
  return {
    ...documentOf({ command: 'gate', subjects: parts.flatMap(({ subjects }) => subjects), exit, problems }),
    verdict: verdictOfGate(parts.flatMap(({ code }) => code ?? [])),
    parts: parts.map(({ name, code, sentence, subjects }) => ({ name, code, sentence, subjects: subjects.map(() => next++) })),
  };
}

function suiteVerdict(subjects: readonly Subject[]): ReportDocument['verdict'] {
  const met = new Map<string, boolean>();
  for (const { name, file, method } of subjects) {
    const key = `${file?.path ?? ''} ${name}`;
    met.set(key, (met.get(key) ?? true) && method.kind === 'scenario' && method.met);
  }
  return verdictOfSuite([...met.values()].filter(Boolean).length, met.size);
}
