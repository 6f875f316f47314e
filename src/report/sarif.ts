/**
 * The result document as SARIF 2.1.0: each cause at the line of the step in the procedure file, as code scanning shows it.
 * A scenario whose findings are expected gives no result; one that is not as expected gives one for each difference.
 */
import type { DocumentFinding, ReportDocument, Subject } from './document/schema.ts';
import type { Place, Story } from './document/story-schema.ts';

/** What each rule says, by its id. */
const RULES: Readonly<Record<string, string>> = {
  'double-vote': 'Two votes for one slot and different blocks',
  'lockout-violation-fork': 'A vote for another fork within a lockout',
  'lockout-violation-stack': 'A vote whose stack lacks a slot that is still locked out',
  'lockout-reduced': 'A vote that makes a lockout shorter',
  'root-went-back': 'A vote whose root is older than one before it',
  'switch-without-proof': 'A vote for another fork without enough stake seen on it',
  'duplicate-block': 'Two blocks for one leader slot',
  'concurrent-identity': 'Two validators with the staked identity at once',
  'near-miss': 'Votes of two hosts that do not conflict by luck',
  'missed-votes': 'Slots without an accepted vote',
  'missed-leader-slots': 'Leader slots without a block',
  'nobody-votes': 'Nobody votes at the end',
  'tower-lacks-votes': 'A tower that does not know votes that were sent',
  'not-as-expected': 'A scenario that does not come out as expected',
};

const LEVELS = { violation: 'error', 'lost-state': 'warning', hazard: 'warning', downtime: 'note' } as const;

/** A result; its other properties are as the schema of SARIF has them. */
interface Result {
  readonly ruleId: string;
  readonly locations: readonly unknown[];
  readonly partialFingerprints: object;
  readonly [property: string]: unknown;
}

/** Where the files stand that come with the product. */
const PACKAGE = 'SOLEVOTER';

/** The whole file, with a newline at the end. */
export function writeSarif(document: ReportDocument): string {
  const { versions, exit, subjects, problems } = document;
  const results = eachOnce(subjects.flatMap((subject) => (subject.method.kind === 'scenario' ? expectationResults(subject) : subject.findings.map((finding) => findingResult(subject, finding)))));
  const used = Object.keys(RULES).filter((id) => results.some(({ ruleId }) => ruleId === id));
  const notes = [...problems, ...subjects.flatMap(({ name, unknown }) => unknown.map((why) => `${name}: ${why}`))];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: {
        name: 'solevoter', version: versions.solevoter, semanticVersion: versions.solevoter,
        rules: used.map((id) => ({ id, shortDescription: { text: `${RULES[id]}.` } })),
      } },
      originalUriBaseIds: { [PACKAGE]: { description: { text: 'The folder of the package solevoter, with which the file comes.' } } },
      invocations: [{
        executionSuccessful: true, exitCode: exit.code, exitCodeDescription: exit.meaning,
        toolExecutionNotifications: notes.map((text) => ({ level: 'warning', message: { text } })),
      }],
      results: results.map((result) => ({ ...result, ruleIndex: used.indexOf(result.ruleId) })),
      columnKind: 'utf16CodeUnits',
    }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** Parts of a gate may find the same cause: the first that did tells it. */
function eachOnce(results: readonly Result[]): Result[] {
  return [...new Map(results.toReversed().map((result) => [JSON.stringify([result.locations, result.partialFingerprints]), result])).values()].toReversed();
}

/** A violation beyond what the procedure claims fails nothing, and is a note. */
function levelOf({ failures }: Subject, finding: DocumentFinding): string {
  return finding.class === 'violation' && finding.waived === null && !failures.some((failure) => failure.finding === finding.id) ? 'note' : LEVELS[finding.class];
}

function findingResult(subject: Subject, finding: DocumentFinding): Result {
  const { id, kind, title, mechanism, step, place, runs, faults, waived, replay, story } = finding;
  const told = story === null ? undefined : subject.stories[story];
  const text = [
    `${title}.`, ...(told === undefined ? [] : [told.sentence]),
    `Found in ${runs} of ${subject.counts.runs} ${subject.counts.unit}s (${mechanism}).`,
    ...(replay === null ? [] : [`Replay: ${replay.command}`]),
  ].join(' ');
  return {
    ruleId: kind,
    level: levelOf(subject, finding),
    message: { text },
    locations: [{ ...locationOf(subject, place), ...(step === null ? {} : { logicalLocations: [{ name: step, fullyQualifiedName: `${subject.name}/${step}`, kind: 'step' }] }) }],
    partialFingerprints: { 'solevoterFinding/v1': id },
    ...(told === undefined || told.conflict === null ? {} : { codeFlows: [codeFlow(subject, told)] }),
    ...(waived === null ? {} : { suppressions: [{ kind: 'external', status: 'accepted', justification: waived }] }),
    properties: { id, class: finding.class, runs, faults, ...(replay === null ? {} : { token: replay.token }) },
  };
}

function expectationResults(subject: Subject): Result[] {
  const replay = (subject.stories[0] ?? subject.findings[0])?.replay ?? null;
  const side = subject.method.kind === 'scenario' ? subject.method.side : 'scenario';
  return subject.failures.map(({ sentence }) => ({
    ruleId: 'not-as-expected',
    level: 'error',
    message: { text: `${subject.name}, ${side}: ${sentence}.${replay === null ? '' : ` Replay: ${replay.command}`}` },
    locations: [locationOf(subject, null)],
    partialFingerprints: { 'solevoterExpectation/v1': `${subject.name}/${side}/${sentence}` },
    properties: { side },
  }));
}

/** The steps that were taken up to the finding, each at its line. */
function codeFlow(subject: Subject, { told }: Story) {
  const places = new Map((subject.runbook?.steps ?? []).map(({ id, place }) => [id, place]));
  const locations = told.filter(({ weight }) => weight === 0).map(({ slot, host, kind, sentence }) => {
    const place = kind === 'command' ? (places.get(sentence.split(' ')[0]!) ?? null) : null;
    return { location: { ...(place === null ? {} : locationOf(subject, place)), message: { text: `slot ${slot}${host === '' ? '' : `, ${host}`}: ${sentence}` } } };
  });
  return { threadFlows: [{ locations }] };
}

/** The place of a step; else the file that the result is about. */
function locationOf({ file, name }: Subject, place: Place | null) {
  const path = place?.file ?? file?.path ?? name;
  const shipped = place?.shipped ?? file?.shipped ?? false;
  return {
    physicalLocation: {
      artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/'), ...(shipped ? { uriBaseId: PACKAGE } : {}) },
      ...(place === null ? {} : { region: { startLine: place.line, startColumn: place.column } }),
    },
  };
}
