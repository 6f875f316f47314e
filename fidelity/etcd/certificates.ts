/** Certificates in a folder `certs`, made by cfssl: those of the guide, and those with which something is wrong. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

/**
 * A new folder, in memory where that is to be had: no power is lost here, and how long a disk takes is not what is
 * looked at. Whoever makes it removes it.
 */
export function newFolder(): string {
  return mkdtempSync(`${existsSync('/dev/shm') ? '/dev/shm' : tmpdir()}/solevoter-etcd-`);
}

/** Runs a block of shell lines in a folder. Throws with its output when a line fails. */
export function runLines(folder: string, lines: string): string {
  return execFileSync('bash', ['-euo', 'pipefail', '-c', lines], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** A period of validity. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** An hour that was over a minute ago. */
export function overAMinuteAgo(): Validity {
  return { notBefore: new Date(Date.now() - 3_660_000), notAfter: new Date(Date.now() - 60_000) };
}

const USAGES = ['signing', 'key encipherment', 'server auth', 'client auth'];

/** `certs/NAME.pem` and its key, for the hosts of `certs/config.json`, signed by `certs/AUTHORITY.pem`. */
export function issueCertificate(folder: string, name: string, { authority = 'etcd-ca', validity }: { authority?: string; validity?: Validity } = {}): void {
  const times = validity === undefined ? {} : { not_before: validity.notBefore.toISOString(), not_after: validity.notAfter.toISOString() };
  writeFileSync(`${folder}/certs/profile.json`, JSON.stringify({ signing: { default: { expiry: '1h', usages: USAGES, ...times } } }));
  runLines(folder, `cfssl gencert -ca certs/${authority}.pem -ca-key certs/${authority}-key.pem -config certs/profile.json certs/config.json | cfssljson -bare certs/${name}`);
}

/** Another authority, of the same subject, that nobody trusts. */
export function makeStrangeAuthority(folder: string): void {
  writeFileSync(`${folder}/certs/strange.json`, '{"CN":"etcd-ca","key":{"algo":"rsa","size":2048}}');
  runLines(folder, 'cfssl gencert -initca certs/strange.json | cfssljson -bare certs/strange-ca');
}

/** What a client holds: the authority that it trusts, and its own certificate unless it has none. */
export interface ClientFiles {
  readonly rootCertificate: Buffer;
  readonly certChain?: Buffer;
  readonly privateKey?: Buffer;
}

/** The files of a client by the name of its certificate; null: without one. */
export function clientFiles(folder: string, name: string | null): ClientFiles {
  const read = (file: string) => readFileSync(`${folder}/certs/${file}.pem`);
  return name === null ? { rootCertificate: read('etcd-ca') } : { rootCertificate: read('etcd-ca'), certChain: read(name), privateKey: read(`${name}-key`) };
}
