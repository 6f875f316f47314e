/**
 * The simulated etcd beside a real one: `npm run etcd`; with two real validators besides: `npm run etcd -- --validators`.
 *
 *     --validators   the guide's failover on real validators alone (about 4 minutes on an idle machine)
 *     --write        rewrites the table of docs/etcd-real.md from what is seen
 *
 * Needs etcd and etcdctl (3.4), cfssl and cfssljson (1.2), curl; root for the full disk. What is missing is said. Exit code
 * 77: nothing could run, or the machine was too slow for the validators, and the last line says why; otherwise that of the tests.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SLOWEST } from '../../scripts/e2e/pace.ts';
import { missingBinaries } from './validators/binaries.ts';

const TOOLS = [
  { name: 'etcd', version: 'etcd --version', package: 'etcd-server' },
  { name: 'etcdctl', version: 'ETCDCTL_API=3 etcdctl version', package: 'etcd-client' },
  { name: 'cfssl', version: 'cfssl version', package: 'golang-cfssl' },
  { name: 'cfssljson', version: 'cfssl version', package: 'golang-cfssl' },
  { name: 'curl', version: 'curl --version | cut -d" " -f1,2', package: 'curl' },
];

const here = fileURLToPath(new URL('.', import.meta.url));
const arguments_ = new Set(process.argv.slice(2));
const unknown = [...arguments_].filter((argument) => argument !== '--validators' && argument !== '--write');
const validators = arguments_.has('--validators');

/** The first line of what a shell line prints; null when it fails. */
function firstLine(line: string): string | null {
  try {
    return execFileSync('bash', ['-c', line], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0]!.trim();
  } catch {
    return null;
  }
}

/** Why the tests cannot run; null when they can. Prints what was found. */
function missing(): string | null {
  const found = TOOLS.map((tool) => ({ ...tool, path: firstLine(`command -v ${tool.name}`) }));
  for (const { name, path, version } of found) if (path !== null) console.log(`${name}: ${path} (${firstLine(version) ?? 'its version is not known'})`);
  const absent = found.filter(({ path }) => path === null);
  if (absent.length > 0) return `${absent.map(({ name }) => name).join(', ')} not found (Debian: apt-get install ${[...new Set(absent.map((tool) => tool.package))].join(' ')})`;
  if (validators) return missingBinaries();
  if (process.getuid?.() !== 0) console.log('not root: the full disk is left out');
  return null;
}

function main(): number {
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(' ')}; known: --validators, --write`);
    return 3;
  }
  const why = missing();
  if (why !== null) {
    console.log(`skipped: ${why}`);
    return 77;
  }
  const config = `${here}${validators ? 'validators/' : ''}vitest.config.ts`;
  const folder = mkdtempSync(join(tmpdir(), 'solevoter-pace-'));
  const paceFile = join(folder, 'seconds-a-slot');
  const environment = { ...process.env, SOLEVOTER_PACE_FILE: paceFile, ...(arguments_.has('--write') ? { SOLEVOTER_WRITE_TABLES: '1' } : {}), NODE_NO_WARNINGS: '1' };
  const status = spawnSync(process.execPath, [`${here}../../node_modules/vitest/vitest.mjs`, 'run', '--config', config, '--reporter', 'verbose'], { stdio: 'inherit', env: environment }).status ?? 1;
  const pace = existsSync(paceFile) ? Number(readFileSync(paceFile, 'utf8')) : null;
  rmSync(folder, { recursive: true });
  if (pace !== null) console.log(`a slot of the cluster took ${pace.toFixed(2)} s`);
  if (status === 0 || pace === null || pace <= SLOWEST) return status;
  console.log(`skipped: too slow to judge (more than ${SLOWEST} s a slot)`);
  return 77;
}

process.exitCode = main();
