/** The example of docs/testing.md, as a user has it: in a folder of its own, with the package installed. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ROOT, emptyFolder, runProgram } from '../cli/solevoter.ts';

const block = (page: string, start: string): string => {
  const found = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```\w+\n([^]*?)```/g)].find(([, text]) => text!.startsWith(start));
  if (found === undefined) throw new Error(`${page} has no example that begins with "${start}"`);
  return found[1]!;
};

const folder = emptyFolder();
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
writeFileSync(join(folder, 'my-swap.yaml'), block('README.md', '# my-swap.yaml'));
writeFileSync(join(folder, 'my-swap.test.ts'), block('docs/testing.md', '// my-swap.test.ts'));
mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
symlinkSync(ROOT, join(folder, 'node_modules/solevoter'));
for (const name of ['fast-check', 'vitest', '@types/node']) symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));

it('passes', async () => {
  const { code, stdout, stderr } = await runProgram(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder], { cwd: folder, env: { NO_COLOR: '1' } });
  expect(`${stdout}${stderr}`).toMatch(/Tests {2}3 passed \(3\)/);
  expect(code).toBe(0);
});

it('has the types that the package declares', async () => {
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', 'my-swap.test.ts'];
  const { code, stdout } = await runProgram(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options], { cwd: folder });
  expect(stdout).toBe('');
  expect(code).toBe(0);
  // A type that is not found is none: what is wrong must be seen.
  writeFileSync(join(folder, 'wrong.ts'), "import { arbitraryFault, loadSubject } from 'solevoter/testing';\narbitraryFault({ ...loadSubject('guide-hot-swap'), kinds: 7 });\n");
  const wrong = await runProgram(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options.slice(0, -1), 'wrong.ts'], { cwd: folder });
  expect(wrong.stdout).toContain("Type 'number' is not assignable to type 'readonly string[]'");
});
