/** The result document as Markdown, for the summary of a job or a ticket. */
import { number, plural } from './count.ts';
import type { DocumentFinding, ReportDocument, Subject } from './document/schema.ts';
import type { Place, Story } from './document/story-schema.ts';
import { wordOfPart } from './document/verdict.ts';
import { markdownBlock, markdownCode as code, markdownFold, markdownTable, markdownText as text } from './markdown-text.ts';
import { subjectsByFile } from './subjects-by-file.ts';

const KINDS_OF_A_CAUSE = 4;
const STORY_ROWS = 40;

const HEADINGS: readonly (readonly [DocumentFinding['class'], string])[] = [
  ['violation', 'Violations'], ['lost-state', 'Lost state'], ['hazard', 'Hazards (no violation by themselves)'], ['downtime', 'Downtime'],
];

/** The whole file, with a newline at the end. */
export function writeMarkdown(document: ReportDocument): string {
  const { verdict, exit, subjects, problems, command, versions, caution } = document;
  // What is told stands with what it is about.
  const many = command === 'run' || command === 'gate';
  const lines = [
    `# ${verdict.word}: ${text(verdict.sentence)}`, '',
    ...(many ? [] : firstStory(subjects)),
    ...problems.flatMap((problem) => [`> **Bad input**: ${text(problem)}`, '']),
    `Exit code ${exit.code}: ${exit.meaning}.`, '',
    ...(command === 'gate' ? gateLines(document) : command === 'run' ? suiteLines(subjects) : subjects.flatMap(subjectLines)),
    `*solevoter ${versions.solevoter}, ${code(command)}. ${caution}*`,
  ];
  return `${lines.join('\n')}\n`;
}

function firstStory(subjects: readonly Subject[]): string[] {
  const story = subjects[0]?.stories[0];
  return story === undefined || story.finding === null ? [] : [`> **${text(story.sentence)}**`, ''];
}

function gateLines({ parts, subjects }: ReportDocument): string[] {
  const rows = parts.map(({ name, code: exit, sentence, subjects: own }) => {
    const [story] = own.flatMap((i) => subjects[i]!.stories);
    return [exit === null || exit === 0 ? wordOfPart(exit) : `**${wordOfPart(exit)}**`, text(name), text(sentence), story?.finding == null ? '' : code(story.finding)];
  });
  const closing = parts.filter((part) => part.code !== null && part.code !== 0);
  const scenarios = subjects.filter(({ kind }) => kind === 'scenario');
  return [
    ...markdownTable(['', 'part', 'what came of it', 'told'], rows), '',
    ...closing.flatMap(({ name, subjects: own }) => own.map((i) => subjects[i]!).filter(({ kind }) => kind !== 'scenario').flatMap((subject) => [
      `## ${text(name)}`, '',
      ...findingTable('Violations', subject.findings.filter((finding) => finding.class === 'violation'), true),
      ...subject.stories.flatMap(storyLines),
    ])),
    ...(scenarios.length === 0 ? [] : suiteLines(scenarios)),
    ...parts.flatMap(({ code: exit, subjects: own }) => (exit === null ? own.flatMap((i) => subjects[i]!.stories) : [])).flatMap(({ finding, replay }) => (finding === null || replay === null ? [] : [`Told only, ${code(finding)}:`, '', ...markdownBlock([replay.command]), ''])),
  ];
}

function suiteLines(subjects: readonly Subject[]): string[] {
  const rows = subjectsByFile(subjects).map((sides) => {
    const [scenario, twin] = sides.map(({ method }) => (method.kind === 'scenario' ? method.outcome : ''));
    const met = sides.every(({ failures }) => failures.length === 0);
    return [met ? 'ok' : '**NOT MET**', text(sides[0]!.name), text(scenario ?? ''), text(twin ?? ''), text(sides[0]!.title ?? '')];
  });
  const unmet = subjects.filter(({ failures }) => failures.length > 0);
  return [
    ...unmet.flatMap((subject) => [
      `## ${text(subject.name)}${subject.method.kind === 'scenario' ? `, ${subject.method.side}` : ''}`, '',
      ...subject.failures.map(({ sentence }) => `- ${text(sentence)}`), '',
      ...subject.stories.flatMap(storyLines),
    ]),
    '## Scenarios', '', ...markdownTable(['', 'scenario', 'comes out as', 'its twin', 'about'], rows), '',
  ];
}

function subjectLines(subject: Subject): string[] {
  const { stories: [story], bounds, assumptions, unknown, notCovered, exceptions, exposures } = subject;
  return [
    ...factTable(subject), '',
    ...(unknown.length === 0 ? [] : ['## Unknown', '', ...unknown.map((why) => `- ${text(why)}`), '']),
    ...HEADINGS.flatMap(([grade, heading]) => findingTable(heading, subject.findings.filter((finding) => finding.class === grade), grade === 'violation')),
    ...exceptions.flatMap(({ runs, finding, with: kind, why, causes }) => findingTable(`What no procedure can prevent: ${finding} with ${kind}, ${plural(runs, 'schedule')}. ${why}`, causes, false)),
    ...findingTable('Exposure: what comes of it when nothing is done', exposures, false),
    ...(story === undefined ? [] : storyLines(story)),
    ...runbookLines(subject),
    '## Bounds, and what was not covered', '',
    ...bounds.map((bound) => `- ${text(bound)}`), '',
    'Not covered:', '', ...notCovered.map((gap) => `- ${text(gap)}`), '',
    ...markdownFold('Assumptions', assumptions.map((assumption) => `- ${text(assumption)}`)), '',
  ];
}

function factTable({ name, title, file, site, counts, run, method }: Subject): string[] {
  const { downtime } = run;
  const rows: [string, string][] = [
    ...(file === null ? [] : [['file', code(file.path)] as [string, string]]),
    ['cluster', text(`${site.client}, slots of ${site.slotMs} ms, own stake ${Math.round(site.stakeShare * 10_000) / 100} %`)],
    ...(counts.runs === 1 ? [] : [['runs', text(`${plural(counts.runs, counts.unit)}; ${number(counts.violated)} violated, ${number(counts.withoutOneVoter)} left without exactly one voter; at worst ${plural(counts.worstDowntime, 'slot')} without a vote`)] as [string, string]]),
    ...(method.kind === 'every combination' ? [['frontier exhausted', method.exhausted ? 'yes' : 'no'] as [string, string]] : []),
    [run.what, text(`${run.result}; ${plural(downtime.slots, 'slot')} (${downtime.seconds} s) without an accepted vote, at most ${number(downtime.creditsAtMost)} credits; ${run.liveness.why}`)],
  ];
  return markdownTable(['about', text(title ?? name)], rows);
}

function findingTable(heading: string, findings: readonly DocumentFinding[], open: boolean): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map(({ id, kind, mechanism, runs, step, place, faults, waived }) => [
    `${code(id)}${waived === null ? '' : `<br>${text(waived)}`}`, text(`${kind}; ${mechanism}`), number(runs),
    `${step === null ? 'before the first' : code(step)}${placeText(place)}`, text(faultWords(faults)),
  ]);
  const table = markdownTable(['id', 'what', 'runs', 'step', 'faults'], rows);
  const tokens = findings.flatMap(({ id, replay }) => (replay === null ? [] : [`${id}  ${replay.command}`]));
  return open ? [`## ${heading}`, '', ...table, '', ...(tokens.length < 2 ? [] : [...markdownFold('How to replay each', markdownBlock(tokens)), ''])] : [...markdownFold(`${heading}: ${findings.length}`, table), ''];
}

function placeText(place: Place | null): string {
  return place === null ? '' : `<br>${text(`${place.file}:${place.line}`)}`;
}

function faultWords(faults: DocumentFinding['faults']): string {
  const shown = faults.slice(0, KINDS_OF_A_CAUSE).map(({ kinds, runs }) => (faults.length === 1 ? kinds : `${kinds} ${number(runs)}`));
  return [...shown, ...(faults.length > KINDS_OF_A_CAUSE ? [`${faults.length - KINDS_OF_A_CAUSE} more`] : [])].join(', ');
}

function storyLines({ finding, title, sentence, told, trace, arithmetic, choices, pointOfNoReturn, replay, proof }: Story): string[] {
  if (finding === null) return replay === null ? [] : ['Replay it:', '', ...markdownBlock([replay.command]), ''];
  const { hosts } = trace.header;
  const shown = told.filter(({ weight }) => weight <= 1).slice(-STORY_ROWS);
  const rows = shown.map(({ slot, host, kind, sentence: words }) => {
    const known = hosts.includes(host);
    const said = kind === 'command' ? commandWords(words) : text(words);
    const cells = hosts.map((name) => (name === host ? said : ''));
    return [String(slot), ...cells, known ? '' : host === '' ? said : `${text(host)}: ${said}`];
  });
  const others = rows.some((row) => row.at(-1) !== '');
  const table = markdownTable(['slot', ...hosts.map(text), ...(others ? ['cluster, operator'] : [])], others ? rows : rows.map((row) => row.slice(0, -1)));
  return [
    `## The story of ${code(finding)}`, '', `${text(title)}. ${text(sentence)}`, '',
    ...table, '',
    ...(shown.length < told.length ? [`${told.length - shown.length} lesser events are left out.`, ''] : []),
    'The arithmetic:', '', ...markdownBlock([...arithmetic]), '',
    ...choiceLines(choices),
    ...(pointOfNoReturn === null ? [] : [text(pointOfNoReturn.sentence), '']),
    ...proof.flatMap((line) => [text(line), '']),
    ...(replay === null ? [] : ['Replay it:', '', ...markdownBlock([replay.command]), '']),
  ];
}

/** "demote (exit 0): " and the command as code. */
function commandWords(words: string): string {
  const [, head, line] = /^(.*?\): )(.*)$/s.exec(words) ?? [];
  return head === undefined || line === undefined ? text(words) : text(head) + code(line);
}

function choiceLines(choices: Story['choices']): string[] {
  if (choices.length === 0) return [];
  const rows = choices.map(({ sentence, struck, without }) => [
    `${text(sentence)}${struck ? '' : ' (did not strike)'}`,
    without === null ? 'not tried' : `${without.remains ? 'remains' : 'is gone'}; the run ${without.result === 'holds' ? 'holds' : `is ${without.result}`}`,
  ]);
  return [...markdownTable(['without', 'the finding'], rows), ''];
}

function runbookLines({ runbook }: Subject): string[] {
  if (runbook === null) return [];
  const rows = runbook.steps.map(({ n, id, host, command, wait, why, findings }) => [
    `${runbook.failing === id ? '**➤** ' : ''}${n}`, code(id), text(host), command === null ? text(wait ?? '') : code(command), text(why ?? ''), findings.map(code).join('<br>'),
  ]);
  return ['## The procedure', '', ...markdownTable(['', 'step', 'host', 'command', 'why', 'violations'], rows), ''];
}
