/**
 * The flags with which the validator starts: read from the start script on the host's disk, so that what a setup step
 * writes there, and what a preparation fault leaves out, is what the process gets.
 */
import { attempt } from './disk-error.ts';
import type { Machine, StartFlags } from './machine.ts';
import type { Site } from '../transition/site.ts';

/** The start script as the guide has it, with the ledger and tower folders of the site. */
export function startScript(site: Site, options: { readonly authorizedVoter: boolean; readonly requireTower: boolean; readonly identity: string }): string {
  const lines = ['#!/bin/bash', `exec ${site.home}/bin/agave-validator \\`, `    --identity ${options.identity} \\`, `    --vote-account ${site.voteKey} \\`];
  if (options.authorizedVoter) lines.push(`    --authorized-voter ${site.stakedKey} \\`);
  if (options.requireTower) lines.push('    --require-tower \\');
  if (site.towerDir !== site.ledger) lines.push(`    --tower ${site.towerDir} \\`);
  lines.push(`    --ledger ${site.ledger}`);
  return `${lines.join('\n')}\n`;
}

export type FlagsRead = { readonly ok: true; readonly flags: StartFlags } | { readonly ok: false; readonly error: string };

/** The flags in the machine's start script. */
export function startFlags(machine: Machine): FlagsRead {
  const content = attempt(() => machine.disk.readFile(machine.startScript, { user: machine.user, cwd: '/' }));
  if (!content.ok) return { ok: false, error: `${machine.startScript}: cannot be read` };
  const words = new TextDecoder().decode(content.value).replaceAll('\\\n', ' ').split(/\s+/);
  const values = (flag: string) => words.flatMap((word, i) => (word === flag ? [words[i + 1] ?? ''] : []));
  const [identity] = values('--identity');
  const [ledger] = values('--ledger');
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
    },
  };
}
