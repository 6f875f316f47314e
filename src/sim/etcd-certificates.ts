/**
 * Certificates of the simulated site: who signed what, for which names, until when. Files hold them as one line of JSON
 * in place of PEM: nothing here is a real key.
 */
import type { Micros } from '../model/trace.ts';

/** A certificate. `key` and `signedBy` are names of key pairs. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly key: string;
  readonly signedBy: string;
  readonly hosts: readonly string[];
  readonly authority: boolean;
  /** µs of simulated time from which it is no longer valid. */
  readonly ends: Micros;
}

/** What one side of a connection has: its own certificate and key, and the authority that it believes. */
export interface Credentials {
  readonly authority: Certificate;
  readonly certificate: Certificate;
  readonly key: string;
}

/** Name that the validator looks for in the certificate of etcd: `--etcd-domain-name`, by default. */
export const DOMAIN_NAME = 'localhost';

/** cfssl signs for a year, and an authority for five (cfssl config.DefaultConfig, initca.New). */
export const LEAF_LIFE: Micros = 8_760 * 3_600_000_000;
export const AUTHORITY_LIFE: Micros = 5 * LEAF_LIFE;

/** The text of a certificate's file. */
export function certificateText(certificate: Certificate): string {
  return `${JSON.stringify({ certificate })}\n`;
}

/** The text of a key's file. */
export function keyText(key: string): string {
  return `${JSON.stringify({ key })}\n`;
}

/** The certificate in a file; null when it holds none. */
export function certificateIn(text: string): Certificate | null {
  const value = parsed(text);
  return value !== null && 'certificate' in value ? (value.certificate as Certificate) : null;
}

/** The key in a file; null when it holds none. */
export function keyIn(text: string): string | null {
  const value = parsed(text);
  return value !== null && 'key' in value && typeof value.key === 'string' ? value.key : null;
}

function parsed(text: string): { readonly certificate?: unknown; readonly key?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

/** Why one side does not believe a certificate, in the words of rustls; null when it does. */
export function distrust(certificate: Certificate, authority: Certificate, name: string | null, now: Micros): string | null {
  if (certificate.signedBy !== authority.key) return 'UnknownIssuer';
  if (now >= certificate.ends || now >= authority.ends) return 'Expired';
  return name === null || certificate.hosts.includes(name) ? null : 'NotValidForName';
}
