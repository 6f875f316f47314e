/** Before the tests: the command line is tested as it is shipped, so dist must not be older than src. */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

export default function setup(): void {
  const built = statSync(`${ROOT}dist/cli/main.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' });
  if (sources.some((path) => statSync(`${ROOT}src/${path}`).mtimeMs > built)) {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'inherit' });
  }
}
