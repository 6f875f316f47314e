/**
 * The guide's check of its certificates: "On success, curl will return a 404 response." The guide gives the authority and
 * both certificates one subject, so to OpenSSL each is signed by itself.
 */
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { clientFiles, newFolder, runLines } from './certificates.ts';
import { realDriver } from './driver.ts';
import { EtcdProcess } from './etcd-process.ts';
import { CORRECTED_CERTIFICATES, CURL_CHECK, GUIDE_ADDRESS, GUIDE_CERTIFICATES } from './guide-commands.ts';

const folders: string[] = [];
let etcd: EtcdProcess | null = null;

afterEach(async () => {
  await etcd?.stop();
  etcd = null;
});
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** An etcd with certificates made by these lines, started by the guide's line and nothing else. */
async function etcdWith(certificates: string): Promise<{ folder: string; etcd: EtcdProcess }> {
  const folder = newFolder();
  folders.push(folder);
  runLines(folder, certificates);
  etcd = await EtcdProcess.in(folder);
  await etcd.serve();
  return { folder, etcd };
}

/** Runs a line in a folder: exit code and all that was printed. */
function run(folder: string, line: string): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8' });
  return { status, text: stdout + stderr };
}

const curl = (address: string) => `${CURL_CHECK.replaceAll(GUIDE_ADDRESS, address)} --silent --show-error --write-out '%{http_code}'`;
const etcdctl = (address: string) =>
  `ETCDCTL_API=3 etcdctl --endpoints https://${address} --cacert certs/etcd-ca.pem --cert certs/validator.pem --key certs/validator-key.pem endpoint health`;
const certificate = (folder: string, name: string) => new X509Certificate(readFileSync(`${folder}/certs/${name}.pem`));

const DAY = 86_400_000;
const days = (of: X509Certificate) => Math.round((Date.parse(of.validTo) - Date.parse(of.validFrom)) / DAY);

describe('the certificates of the guide', () => {
  test('curl refuses them, and so does a client on OpenSSL; etcdctl accepts them', async () => {
    const { folder, etcd: { address } } = await etcdWith(GUIDE_CERTIFICATES);
    const leaf = certificate(folder, 'etcd');
    expect(leaf.subject).toBe(leaf.issuer);
    // Signed by the authority all the same.
    expect(leaf.verify(certificate(folder, 'etcd-ca').publicKey)).toBe(true);
    const { status, text } = run(folder, curl(address));
    // 60: the peer's certificate cannot be verified.
    expect(status).toBe(60);
    expect(text).toContain('self-signed certificate');
    expect(text).not.toContain('404');
    const client = realDriver(address, clientFiles(folder, 'validator'));
    expect(await client.ask({ op: 'range', key: 'any' })).toEqual({ ok: false, error: { code: 'Unavailable', message: 'certificate refused' } });
    client.close();
    const health = run(folder, etcdctl(address));
    expect(health.text).toContain('is healthy');
    expect(health.status).toBe(0);
  });

  test('last a year, and their authority five', () => {
    const folder = newFolder();
    folders.push(folder);
    runLines(folder, GUIDE_CERTIFICATES);
    expect(['validator', 'etcd', 'etcd-ca'].map((name) => days(certificate(folder, name)))).toEqual([365, 365, 5 * 365]);
  });
});

describe('an authority with a subject of its own', () => {
  test('curl answers 404, and every client accepts it', async () => {
    const { folder, etcd: { address } } = await etcdWith(CORRECTED_CERTIFICATES);
    const { status, text } = run(folder, curl(address));
    expect(text).toMatch(/404 page not found\s+404$/);
    expect(status).toBe(0);
    const client = realDriver(address, clientFiles(folder, 'validator'));
    expect(await client.ask({ op: 'range', key: 'any' })).toMatchObject({ ok: true, count: 0 });
    client.close();
    expect(run(folder, etcdctl(address)).text).toContain('is healthy');
  });

  test('without a certificate of its own a client is refused', async () => {
    const { folder, etcd: { address } } = await etcdWith(CORRECTED_CERTIFICATES);
    const { status, text } = run(folder, curl(address).replace(/ --cert \S+ --key \S+/, ''));
    expect(status).not.toBe(0);
    expect(text).not.toContain('404');
    await vi.waitFor(() => expect(etcd!.log).toContain("client didn't provide a certificate"));
  });
});
