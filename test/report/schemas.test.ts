/** Every report of every kind of result, against the schemas of those who read it. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { Ajv } from 'ajv';
import Ajv4Module from 'ajv-draft-04';
import formatsModule from 'ajv-formats';
import type { ValidateFunction } from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { reportJsonSchema } from '../../scripts/report-schema.ts';
import type { ReportDocument } from '../../src/report/document/schema.ts';
import { writeJson } from '../../src/report/document/json.ts';
import { writeIncidents } from '../../src/report/incident.ts';
import { writeJunit } from '../../src/report/junit.ts';
import { writeMarkdown } from '../../src/report/markdown.ts';
import { writePrometheus } from '../../src/report/prometheus.ts';
import { writeSarif } from '../../src/report/sarif.ts';
import { VIOLATED } from '../cli/samples.ts';
import { replayCommand } from '../../src/cli/replay.ts';
import { HOSTILE, documents, writtenBy } from './documents.ts';

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const SAMPLE = 'reports/sample';
const PUBLISHED = 'schema/solevoter-report-1.json';

let made: ReadonlyMap<string, ReportDocument> = new Map();
beforeAll(async () => {
  made = await documents();
}, 600_000);

const sample = (): ReportDocument => JSON.parse(text(`${SAMPLE}/report.json`)) as ReportDocument;
const everyDocument = (): [string, ReportDocument][] => [...made, ['the committed sample', sample()]];

/** "path: message" of each error. */
function problems(validate: ValidateFunction, value: unknown): string[] {
  return validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
}

describe('the JSON Schema of the result document', () => {
  const published = (): ValidateFunction => new Ajv({ strict: false }).compile(JSON.parse(text(PUBLISHED)) as object);

  it('is made of the schemas in the code, and is published as it is made (npm run samples)', () => {
    expect(JSON.parse(text(PUBLISHED))).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
  });

  it('holds for the documents of every command and every verdict', () => {
    const validate = published();
    for (const [name, document] of everyDocument()) expect([name, ...problems(validate, document)]).toEqual([name]);
    expect(new Set(everyDocument().map(([, { verdict }]) => verdict.word))).toEqual(new Set(['HOLDS', 'VIOLATED', 'UNKNOWN', 'NOT AS EXPECTED', 'CLOSED']));
  });

  it('refuses what is no such document', () => {
    const validate = published();
    const { schema: _, ...without } = sample();
    expect(problems(validate, without)).not.toEqual([]);
    expect(problems(validate, { ...sample(), schema: 'solevoter.report/2' })).not.toEqual([]);
    expect(problems(validate, { ...sample(), more: 1 })).not.toEqual([]);
    const broken = sample();
    expect(problems(validate, { ...broken, subjects: broken.subjects.map((subject) => ({ ...subject, counts: { ...subject.counts, runs: -1 } })) })).not.toEqual([]);
  });
});

describe('JUnit', () => {
  const validated = async (xml: string): Promise<string[]> => {
    const { errors } = await validateXML({ xml: [{ fileName: 'report.xml', contents: xml }], schema: [{ fileName: 'junit-10.xsd', contents: text('test/fixtures/schemas/junit-10.xsd') }] });
    return errors.map(({ message }) => message);
  };

  it('is valid for Jenkins, whatever the result', async () => {
    for (const [name, document] of everyDocument()) expect([name, ...(await validated(writeJunit(document)))]).toEqual([name]);
  });

  it('would be refused if it were not', async () => {
    expect(await validated(writeJunit(sample()).replace('<testcase ', '<testcase line="1" '))).not.toEqual([]);
    expect(await validated(writeJunit(sample()).replace('</testsuite>', ''))).not.toEqual([]);
  });

  it('has a suite for each scenario file, and fails what the exit code fails', () => {
    const suite = writeJunit(made.get('suite')!);
    expect(suite.match(/<testsuite name="[a-z]+"/g)).toEqual(['<testsuite name="sample"', '<testsuite name="unmet"']);
    expect(suite).toContain('<testsuites name="solevoter run" tests="4" failures="1"');
    expect(suite).toMatch(/<failure type="not as expected" message="[^"]*npx solevoter replay sv1\.[\w-]+"/);
    for (const [name, document] of everyDocument()) {
      const failed = Number(/failures="(\d+)"/.exec(writeJunit(document))![1]);
      expect([name, failed > 0]).toEqual([name, document.exit.code !== 0]);
    }
  });

  it('of a gate has a case for each part, and a suite for each scenario file', () => {
    const gate = made.get('gate')!;
    const junit = writeJunit(gate);
    expect(junit.match(/<testsuite name="[a-z]+"/g)).toEqual(['<testsuite name="gate"', '<testsuite name="sample"', '<testsuite name="unmet"']);
    expect(junit.match(/<testcase classname="gate"/g)).toHaveLength(gate.parts.length);
    expect(gate.parts.map(({ code }) => code)).toEqual([1, 1, expect.any(Number), null]);
    expect(junit).toMatch(/name="guide-hot-swap, all single faults within [^"]*"><failure type="a violation, [^"]*" message="1 cause in 8 schedules, [^"]*npx solevoter replay sv1\.[\w-]+"/);
    expect(junit).toMatch(/seed 1"><system-out>told only, does not fail: /);
  });

  it('has the token in the message of a violation', () => {
    const message = /<failure type="violation" message="([^"]*)"/.exec(writeJunit(made.get('violated')!))![1];
    expect(message).toContain(`npx solevoter replay ${VIOLATED}`);
  });
});

describe('SARIF', () => {
  const Ajv4 = Ajv4Module as unknown as typeof Ajv4Module.default;
  const formats = formatsModule as unknown as typeof formatsModule.default;
  const validator = (): ValidateFunction => {
    const ajv = new Ajv4({ strict: false, unicodeRegExp: false });
    formats(ajv as never);
    return ajv.compile(JSON.parse(text('test/fixtures/schemas/sarif-2.1.0-rtm.5.json')) as object) as ValidateFunction;
  };

  it('is valid, whatever the result', () => {
    const validate = validator();
    for (const [name, document] of everyDocument()) expect([name, ...problems(validate, JSON.parse(writeSarif(document)))]).toEqual([name]);
    expect(problems(validate, JSON.parse(writeSarif(sample()).replace('"level": "error"', '"level": "bad"')))).not.toEqual([]);
  });

  it('points at the line of the step in the procedure file', () => {
    const [result] = (JSON.parse(writeSarif(made.get('violated')!)) as { runs: { results: { ruleId: string; level: string; locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number; startColumn: number } } }[] }[] }[] }).runs[0]!.results;
    const { artifactLocation, region } = result!.locations[0]!.physicalLocation;
    expect([result!.ruleId, result!.level, artifactLocation.uri]).toEqual(['lockout-violation-stack', 'error', 'procedures/guide-hot-swap.yaml']);
    expect(text(artifactLocation.uri).split('\n')[region.startLine - 1]!.slice(region.startColumn - 1)).toBe('id: verify');
  });
});

describe('a gate', () => {
  it('tells in SARIF a cause that several parts found once, and what is beyond the claim as a note', () => {
    const gate = made.get('gate')!;
    const results = (document: ReportDocument) => (JSON.parse(writeSarif(document)) as { runs: { results: { level: string; properties: { id?: string; class?: string } }[] }[] }).runs[0]!.results;
    const ids = results(gate).flatMap(({ properties: { id } }) => id ?? []);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    const levels = (document: ReportDocument) => results(document).filter((result) => result.properties.class === 'violation').map(({ level }) => level);
    expect(levels(gate)).toContain('error');
    const told = { ...gate, subjects: gate.subjects.map((subject) => ({ ...subject, failures: [] })) };
    expect(new Set(levels(told))).toEqual(new Set(['note']));
  });

  it('has its parts as a table in Markdown, and tells those that close it', () => {
    const markdown = writeMarkdown(made.get('gate')!);
    expect(markdown).toMatch(/^# CLOSED: \d parts? of 3 passed\n/);
    expect(markdown).toMatch(/\n\| \*\*FAIL\*\* \| guide-hot-swap, all single faults within .* \| `SV-[0-9a-f]{8}` \|\n/);
    expect(markdown).toMatch(/\n\| told \| guide-hot-swap, pairs of faults, seed 1 \|/);
    expect(markdown).toMatch(/\n## guide-hot-swap, all single faults within [^]*\n## The story of `SV-/);
    expect(markdown).toContain('\n## unmet, scenario\n');
  });
});

describe('the Prometheus textfile', () => {
  it('tells when it was rehearsed and what came of it', () => {
    const lines = writePrometheus(made.get('violated')!, 1_800_000_000).split('\n');
    expect(lines).toContain('solevoter_last_run_timestamp_seconds{command="replay",subject="guide-hot-swap",client="agave 4.2.0"} 1800000000');
    expect(lines).toContain('solevoter_last_run_success{command="replay",subject="guide-hot-swap",client="agave 4.2.0"} 0');
    expect(writePrometheus(made.get('clean')!, 1)).toContain('solevoter_last_run_success{command="replay",subject="guide-hot-swap",client="agave 4.2.0"} 1');
  });

  const promtool = [process.env['PROMTOOL'] ?? 'promtool'].find((program) => spawnSync(program, ['--version']).error === undefined);
  it.runIf(promtool !== undefined)(`is read by promtool${promtool === undefined ? ' (skipped: promtool of the package prometheus is not installed, and PROMTOOL does not name it)' : ''}`, () => {
    const check = (input: string) => spawnSync(promtool!, ['check', 'metrics'], { input, encoding: 'utf8' });
    for (const [name, document] of everyDocument()) {
      const { status, stderr, stdout } = check(writePrometheus(document, 1_800_000_000));
      expect({ name, status, said: stdout + stderr }).toEqual({ name, status: 0, said: '' });
    }
    expect(check('solevoter_last_run{ 1\n').status).not.toBe(0);
  });
});

describe('the same result', () => {
  it('gives the same bytes of every report', async () => {
    const again = await writtenBy((json) => replayCommand(VIOLATED, { json, noReturn: false, bounds: 'steps' }));
    const document = made.get('violated')!;
    expect(writeJson(document)).toBe(again);
    for (const write of [writeMarkdown, writeJunit, writeSarif]) expect(write(JSON.parse(again) as ReportDocument)).toBe(write(document));
  });

  it('gives the committed samples', () => {
    const document = sample();
    expect(writeJson(document)).toBe(text(`${SAMPLE}/report.json`));
    expect(writeMarkdown(document)).toBe(text(`${SAMPLE}/report.md`));
    expect(writeJunit(document)).toBe(text(`${SAMPLE}/report.junit.xml`));
    expect(writeSarif(document)).toBe(text(`${SAMPLE}/report.sarif`));
    const logs = writeIncidents(document);
    expect(logs.map(({ name }) => name)).toEqual(readdirSync(new URL(`../../${SAMPLE}`, import.meta.url)).filter((name) => name.startsWith('incident-')));
    for (const { name, text: log } of logs) expect(log).toBe(text(`${SAMPLE}/${name}`));
  });
});

describe('text of others', () => {
  it('is escaped in every format', () => {
    const document = made.get('search')!;
    expect(document.subjects[0]!.title).toBe(HOSTILE);
    const markdown = writeMarkdown(document);
    expect(markdown).not.toContain('<script>');
    expect(markdown).toContain('a\\|b &lt;script&gt;alert("x &amp; y")&lt;/script&gt; \\`code\\` \\]\\]&gt; \'q\' \\*bold\\* \\\\ end');
    expect(writeJunit(made.get('trace')!)).toContain('&lt;script&gt;alert(&quot;x &amp; y&quot;)&lt;/script&gt;');
    expect(writePrometheus(made.get('trace')!, 1)).toContain('<script>alert(\\"x & y\\")</script> `code` ]]> \'q\' *bold* \\\\ end"');
  });
});
