/** What faults of a real etcd do, beside what the simulated one says. The table of docs/etcd-real.md is made here. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { modelSubject } from './fault-model.ts';
import { canMount, realSubject } from './fault-real.ts';
import { FAULTS, SCRIPTS, observe } from './fault-subject.ts';
import type { FaultName } from './fault-subject.ts';
import { clientFiles, newFolder } from './certificates.ts';
import { realDriver } from './driver.ts';
import { EtcdProcess } from './etcd-process.ts';
import { QUICK_ELECTION, makeCertificates } from './etcd.ts';

const base = newFolder();
afterAll(() => rmSync(base, { recursive: true, force: true }));

const folderOf = (name: string): string => mkdtempSync(`${base}/${name}-`);
const PAGE = fileURLToPath(new URL('../../docs/etcd-real.md', import.meta.url));
const mounts = canMount(`${base}/mount`);

const told = (seen: readonly (readonly [string, string])[]): string => seen.map(([what, value]) => `${what}: ${value}`).join('; ');
const rows = new Map<FaultName, string>();

describe('a fault of etcd', () => {
  test.each(FAULTS.filter((name) => name !== 'full-disk' || mounts))('%s: as the simulation says', async (name) => {
    const subject = await realSubject(folderOf(name), name);
    try {
      const real = await observe(name, subject);
      const model = await observe(name, modelSubject(name));
      rows.set(name, `| ${SCRIPTS[name].title} | ${told(real)} | ${told(model) === told(real) ? 'the same' : told(model)} |`);
      expect(model).toEqual(real);
      if (name === 'full-disk') {
        expect(subject.etcd.log).toMatch(/cannot commit tx .*no space left on device/);
        expect(subject.etcd.log).not.toContain('NOSPACE');
      }
    } finally {
      await subject.close();
    }
  });

  test('a full quota is another thing than a full disk: reads go on, writes are refused, and nothing ends', async () => {
    const folder = folderOf('quota');
    makeCertificates(folder);
    const etcd = await EtcdProcess.in(folder, `${QUICK_ELECTION} --quota-backend-bytes=65536`);
    await etcd.serve();
    const driver = realDriver(etcd.address, clientFiles(folder, 'validator'));
    const refused = { ok: false, error: { code: 'ResourceExhausted', message: 'etcdserver: mvcc: database space exceeded' } };
    let writes = 0;
    for (; writes < 1000; writes++) if (!(await driver.ask({ op: 'put', key: 'tower', value: 'x'.repeat(2319) })).ok) break;
    expect(writes).toBeLessThan(1000);
    expect(await driver.ask({ op: 'put', key: 'tower', value: 'y' })).toEqual(refused);
    expect(await driver.ask({ op: 'range', key: 'tower' })).toMatchObject({ ok: true, count: 1 });
    driver.close();
    expect(await etcd.stop('SIGTERM')).not.toMatchObject({ signal: 'SIGKILL' });
  });

  test('docs/etcd-real.md has this table (npm run etcd -- --write)', { skip: !mounts }, () => {
    const table = ['| etcd … | seen | simulated |', '|---|---|---|', ...FAULTS.map((name) => rows.get(name))].join('\n');
    const page = readFileSync(PAGE, 'utf8');
    const written = page.replace(/(<!-- table:faults -->\n)[^]*?(\n<!-- end:faults -->)/, (_, begin: string, end: string) => begin + table + end);
    if (process.env['SOLEVOTER_WRITE_TABLES'] === '1') writeFileSync(PAGE, written);
    else expect(page).toBe(written);
    expect(written).toContain(table);
  });
});
