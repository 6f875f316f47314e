/**
 * The flags with which the validator starts: read from the start script on the host's disk, so that what a setup step
 * writes there, and what a preparation fault leaves out, is what the process gets.
 */
import { attempt } from './disk-error.ts';
import { agaveBehaviour } from './agave-versions.ts';
import type { EtcdFlags, Machine, StartFlags } from './machine.ts';
import type { Site } from '../transition/site.ts';

/** `etcd`: the tower is kept there; secondary: with the flag that only the guide's secondary has. */
export interface ScriptOptions {
  readonly authorizedVoter: boolean;
  readonly requireTower: boolean;
  readonly identity: string;
  readonly etcd?: 'primary' | 'secondary';
}

/** The start script as the guide has it, with the ledger and tower folders of the site. */
export function startScript(site: Site, options: ScriptOptions): string {
  const lines = ['#!/bin/bash', `exec ${site.home}/bin/agave-validator \\`, `    --identity ${options.identity} \\`, `    --vote-account ${site.voteKey} \\`];
  if (options.authorizedVoter) lines.push(`    --authorized-voter ${site.stakedKey} \\`);
  if (options.requireTower) lines.push('    --require-tower \\');
  if (site.towerDir !== site.ledger) lines.push(`    --tower ${site.towerDir} \\`);
  if (options.etcd !== undefined) lines.push(...etcdLines(site));
  if (options.etcd === 'secondary') lines.push('    --no-check-vote-account \\');
  lines.push(`    --ledger ${site.ledger}`);
  return `${lines.join('\n')}\n`;
}

function etcdLines({ home, etcd }: Site): string[] {
  return [
    '    --tower-storage etcd \\', `    --etcd-cacert-file ${home}/certs/etcd-ca.pem \\`, `    --etcd-cert-file ${home}/certs/validator.pem \\`,
    `    --etcd-key-file ${home}/certs/validator-key.pem \\`, `    --etcd-endpoint ${etcd.address}:2379 \\`,
  ];
}

export type FlagsRead = { readonly ok: true; readonly flags: StartFlags } | { readonly ok: false; readonly error: string };

/** The flags in the machine's start script. */
export function startFlags(machine: Machine): FlagsRead {
  const content = attempt(() => machine.disk.readFile(machine.startScript, { user: machine.user, cwd: '/' }));
  if (!content.ok) return { ok: false, error: `${machine.startScript}: cannot be read` };
  const words = new TextDecoder().decode(content.value).replaceAll('\\\n', ' ').split(/\s+/);
  const values = (flag: string) => words.flatMap((word, i) => (word === flag ? [words[i + 1] ?? ''] : []));
  // The first flag that this version does not know ends it; the guide's scripts have no other that was ever removed.
  const removed = agaveBehaviour(machine.installed)?.etcdTower === true ? undefined : words.find((word) => REMOVED.has(word));
  if (removed !== undefined) return { ok: false, error: `error: Found argument '${removed}' which wasn't expected, or isn't valid in this context` };
  const [identity] = values('--identity');
  const [ledger] = values('--ledger');
  const etcd = etcdFlags(values);
  if (typeof etcd === 'string') return { ok: false, error: `error: The following required arguments were not provided: ${etcd} <FILE>` };
  if (identity === undefined || ledger === undefined) return { ok: false, error: 'error: The following required arguments were not provided: --identity' };
  return {
    ok: true,
    flags: {
      identity,
      voteAccount: values('--vote-account')[0] ?? '',
      authorizedVoters: values('--authorized-voter'),
      ledger,
      towerDir: values('--tower')[0] ?? ledger,
      requireTower: words.includes('--require-tower'),
      waitForVoteToStartLeader: !words.includes('--no-wait-for-vote-to-start-leader'),
      etcd,
    },
  };
}

/** Flags that there are up to 2.3 only. */
const REMOVED: ReadonlySet<string> = new Set(['--tower-storage', '--etcd-endpoint', '--etcd-domain-name', '--etcd-cacert-file', '--etcd-cert-file', '--etcd-key-file', '--no-check-vote-account']);

/** What `--tower-storage etcd` needs; the name of a flag that is missing; null: the tower is in a file. */
function etcdFlags(values: (flag: string) => readonly string[]): EtcdFlags | string | null {
  if (values('--tower-storage')[0] !== 'etcd') return null;
  const [endpoint] = values('--etcd-endpoint');
  const [authorityFile] = values('--etcd-cacert-file');
  const [certificateFile] = values('--etcd-cert-file');
  const [keyFile] = values('--etcd-key-file');
  if (endpoint === undefined) return '--etcd-endpoint';
  if (authorityFile === undefined) return '--etcd-cacert-file';
  if (certificateFile === undefined) return '--etcd-cert-file';
  if (keyFile === undefined) return '--etcd-key-file';
  return { endpoint, authorityFile, certificateFile, keyFile };
}
