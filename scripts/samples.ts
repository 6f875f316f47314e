/**
 * The published schema of the result document, and one sample of each report: `npm run samples` writes them, `npm run
 * samples -- --check` makes them again and compares. Everything is made by the command line as it is shipped.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportJsonSchema } from './report-schema.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SAMPLES = 'reports/sample';
const SCHEMA = 'schema/solevoter-report-1.json';

/** A torn tower file and a fork of one block: a violation that neither of them gives alone. */
const TOKEN = readFileSync(join(ROOT, 'scripts/sample-token.txt'), 'utf8').trim();
/** The rehearsal that the sample pretends to be of. */
const ENVIRONMENT = { ...process.env, NO_COLOR: '1', SOURCE_DATE_EPOCH: '1798761600' };

function solevoter(args: readonly string[], expected: number): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], { cwd: ROOT, env: ENVIRONMENT, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== expected) throw new Error(`solevoter ${args[0]} ended with ${status}, not ${expected}: ${stderr}`);
  return stdout;
}

/** Writes every sample into a folder. */
function make(folder: string): void {
  const file = (name: string): string => join(folder, name);
  const told = solevoter(['replay', TOKEN, '--json', file('report.json'), '--html', file('report.html'), '--markdown', file('report.md'), '--junit', file('report.junit.xml'),
    '--sarif', file('report.sarif'), '--incident', folder, '--prometheus', file('report.prom')], 1);
  writeFileSync(file('terminal.txt'), told);
  writeFileSync(file('explain.txt'), solevoter(['explain', TOKEN], 1));
}

/** What differs between two folders, the guide to the samples apart. */
function differences(made: string, committed: string): string[] {
  const names = (folder: string): string[] => readdirSync(folder).filter((name) => name !== 'README.md').sort();
  return [...new Set([...names(made), ...names(committed)])].sort().flatMap((name) => {
    const [one, other] = [made, committed].map((folder) => (statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true ? readFileSync(join(folder, name)) : null));
    if (one == null) return [`${name} is no longer made`];
    if (other == null) return [`${name} is not committed`];
    return one.equals(other) ? [] : [`${name} differs`];
  });
}

const schema = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;
if (process.argv.includes('--check')) {
  const folder = mkdtempSync(join(tmpdir(), 'solevoter-samples-'));
  try {
    make(folder);
    const found = differences(folder, join(ROOT, SAMPLES));
    if (readFileSync(join(ROOT, SCHEMA), 'utf8') !== schema) found.push(`${SCHEMA} differs`);
    process.stdout.write(found.length === 0 ? 'the samples and the schema are as they are made\n' : `${found.join('\n')}\nnpm run samples makes them again\n`);
    process.exitCode = found.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  mkdirSync(join(ROOT, SAMPLES), { recursive: true });
  mkdirSync(join(ROOT, 'schema'), { recursive: true });
  for (const name of readdirSync(join(ROOT, SAMPLES))) if (name !== 'README.md') rmSync(join(ROOT, SAMPLES, name));
  make(join(ROOT, SAMPLES));
  writeFileSync(join(ROOT, SCHEMA), schema);
  process.stdout.write(`${SAMPLES}: ${readdirSync(join(ROOT, SAMPLES)).length} files; ${SCHEMA}\n`);
}
