/** The result document for the textfile collector of Prometheus: when it was last rehearsed, and what came of it. */
import type { ReportDocument, Subject } from './document/schema.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly of: (subject: Subject, document: ReportDocument) => readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

const NOTHING = {};

/** `seconds` since 1970: when it was rehearsed. The whole file, with a newline at the end. */
export function writePrometheus(document: ReportDocument, seconds: number): string {
  const metrics: readonly Metric[] = [
    { name: 'solevoter_last_run_timestamp_seconds', help: 'When it was last rehearsed, in seconds since 1970.', of: () => [[NOTHING, seconds]] },
    { name: 'solevoter_last_run_success', help: '1 when nothing failed in the last rehearsal, else 0.', of: ({ exit }, { problems }) => [[NOTHING, exit.code === 0 && problems.length === 0 ? 1 : 0]] },
    { name: 'solevoter_last_run_exit_code', help: 'Exit code of the last rehearsal.', of: ({ exit }, { problems }) => [[NOTHING, problems.length === 0 ? exit.code : 3]] },
    {
      name: 'solevoter_last_run_result', help: '1 for the result of the last rehearsal, 0 for the others.',
      of: ({ verdict }) => (['holds', 'violated', 'unknown'] as const).map((result) => [{ result }, verdict.result === result ? 1 : 0]),
    },
    { name: 'solevoter_last_run_causes', help: 'Causes found in the last rehearsal, by class.', of: ({ counts }) => Object.entries(counts.causes).map(([grade, causes]) => [{ class: grade }, causes]) },
    { name: 'solevoter_last_run_simulated_runs', help: 'Runs or schedules of the last rehearsal.', of: ({ counts }) => [[NOTHING, counts.runs]] },
    { name: 'solevoter_last_run_downtime_slots', help: 'Slots without an accepted vote, without faults.', of: ({ run }) => [[NOTHING, run.downtime.slots]] },
    { name: 'solevoter_last_run_worst_downtime_slots', help: 'Slots without an accepted vote, in the worst run.', of: ({ counts }) => [[NOTHING, counts.worstDowntime]] },
  ];
  const lines = metrics.flatMap(({ name, help, of }) => [
    `# HELP ${name} ${help}`, `# TYPE ${name} gauge`,
    ...document.subjects.flatMap((subject) => of(subject, document).map(([labels, value]) => `${name}${labelled({ ...identityOf(subject, document), ...labels })} ${value}`)),
  ]);
  const info = ['# HELP solevoter_build_info The version that rehearsed.', '# TYPE solevoter_build_info gauge', `solevoter_build_info${labelled({ version: document.versions.solevoter })} 1`];
  return `${[...lines, ...info].join('\n')}\n`;
}

function identityOf({ name, method, site }: Subject, { command }: ReportDocument): Record<string, string> {
  return { command, subject: name, client: site.client, ...(method.kind === 'scenario' ? { side: method.side } : {}) };
}

/** Backslashes, double quotes and line ends are escaped, as the exposition format asks. */
function labelled(labels: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).map(([key, value]) => `${key}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`);
  return `{${own.join(',')}}`;
}
