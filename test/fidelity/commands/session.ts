/**
 * Real processes for the cases that need them: a cluster, a host that follows it, and a home folder in which the host's
 * files are laid out anew for each case. Ends what it has started.
 */
import { statSync, symlinkSync, writeFileSync, existsSync, readFileSync, rmSync, lchownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { towerFileName } from '../../../src/model/tower-file.ts';
import { siteKeys } from '../../../src/sim/key-files.ts';
import { SOL } from '../validators/account.ts';
import { logFrom, slotOf, startCluster, startHost, waitFor } from '../validators/processes.ts';
import type { RunningProcess } from '../validators/processes.ts';
import { effectOf } from './answer.ts';
import type { CommandAnswer, Entry } from './answer.ts';
import { givenLine } from './case.ts';
import type { CommandCase } from './case.ts';
import { layOut, newHome, realAnswer, realListing, runLine } from './real.ts';
import { HOME, entries, quietWorld } from './simulated.ts';
import { towerSet } from './tower-set.ts';

/** Slots of the cluster until it has a snapshot, from which alone a host can start. */
const FIRST_SNAPSHOT = 100;
const MINUTES = 60;

export interface Session {
  /** A tower that a real validator has written for the staked identity. */
  readonly tower: Uint8Array;
  answer(one: CommandCase): Promise<CommandAnswer>;
  /** What set-identity --require-tower says of a tower file under a name; null: it takes it. */
  judgeTower(bytes: Uint8Array, name: string): Promise<string | null>;
  end(): Promise<void>;
}

/** Starts everything; takes some minutes. `say` is told what is waited for. */
export async function startSession(bin: string, preload: string | null, say: (text: string) => void): Promise<Session> {
  const { staked, junk } = siteKeys();
  const home = newHome();
  const folder = join(home, '..');
  const clusterHome = join(folder, 'cluster');
  mkdirSync(clusterHome);
  lchownSync(clusterHome, SOL.uid, SOL.gid);
  const cluster = startCluster(bin, clusterHome, preload);
  const log = join(folder, 'host.log');
  writeFileSync(log, '');
  let host: RunningProcess | null = null;
  let laidOut = entries(quietWorld());
  const towerPath = join(home, 'tower', towerFileName(staked.address));
  const type = (line: string) => runLine('sol', line, home, bin);
  const identity = () => /^Identity: (\S+)/m.exec(type('agave-validator -l ledger contact-info').stdout)?.[1] ?? null;
  const reset = () => layOut(home, laidOut);

  const up = async (flags: readonly string[] = []): Promise<RunningProcess> => {
    const started = startHost(bin, home, log, preload, flags);
    await waitFor('the host to start', 10 * MINUTES, () => started.exit() !== null || identity() !== null);
    return started;
  };
  const running = async (): Promise<void> => {
    if (host !== null && host.exit() === null) return;
    reset();
    host = await up();
    if (host.exit() !== null) throw new Error(`the host has ended: ${logFrom(log, 0).slice(-2000)}`);
    await waitFor('the host to catch up', 10 * MINUTES, async () => ((await slotOf('host')) ?? 0) + 10 > ((await slotOf('cluster')) ?? Infinity));
  };
  /** Gives an identity and waits until the voting loop has it, or the process has ended. */
  const become = async (key: string, address: string): Promise<void> => {
    if (identity() === address) return;
    const from = statSync(log).size;
    const { status, stdout } = type(`agave-validator -l ledger set-identity ${key}`);
    if (status !== 0) throw new Error(`set-identity ${key}: ${stdout}`);
    await switched(from);
  };
  const switched = (from: number) => waitFor('the voting loop to switch', 5 * MINUTES, () => host?.exit() !== null || logFrom(log, from).includes('Identity changed from'));
  const toJunk = async (): Promise<void> => {
    await running();
    reset();
    await become('unstaked-identity.json', junk.inactive.address);
    type('agave-validator -l ledger authorized-voter remove-all && agave-validator -l ledger authorized-voter add staked-identity.json');
    reset();
  };
  const stopped = async (): Promise<void> => {
    await host?.end();
    host = null;
  };
  const end = async (): Promise<void> => {
    await stopped();
    await cluster.end();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    say('the cluster comes to its first snapshot');
    await waitFor('the first snapshot', 15 * MINUTES, async () => {
      if (cluster.exit() !== null) throw new Error(`the cluster has ended: ${logFrom(cluster.log, 0).slice(-2000)}`);
      return ((await slotOf('cluster')) ?? 0) > FIRST_SNAPSHOT + 5;
    });
    say('the host starts, and votes until its tower is full');
    await running();
    await become('staked-identity.json', staked.address);
    const votes = () => (logFrom(log, 0).match(/datapoint: tower-vote/g) ?? []).length;
    const before = votes();
    await waitFor('40 votes', 10 * MINUTES, () => existsSync(towerPath) && votes() > before + 40);
    await become('unstaked-identity.json', junk.inactive.address);
    await new Promise((resolve) => setTimeout(resolve, 3000));
  } catch (error) {
    await end();
    throw error;
  }
  const tower = new Uint8Array(readFileSync(towerPath));
  laidOut = withTowers(laidOut, tower);

  return {
    tower,
    end,
    answer: async (one) => {
      if (one.state === 'loading') return loadingAnswer(one, clusterHome, bin, laidOut);
      if (one.start !== null) {
        if (one.state === 'running') await toJunk();
        else await stopped();
        reset();
        return startAnswer(one);
      }
      await toJunk();
      const from = statSync(log).size;
      const answer = realAnswer(one, home, bin);
      if (!one.watch) return answer;
      if (answer.exit === 0) await switched(from);
      // Longer than a process needs to end after its loop has given up.
      for (let s = 0; s < 15 && host!.exit() === null; s++) await new Promise((resolve) => setTimeout(resolve, 1000));
      return { ...answer, process: host!.exit() === null ? 'runs' : 'ended' };
    },
    judgeTower: async (bytes, name) => {
      await toJunk();
      writeFileSync(join(home, 'tower', name), bytes);
      lchownSync(join(home, 'tower', name), SOL.uid, SOL.gid);
      const from = statSync(log).size;
      const { status, stdout } = type('agave-validator -l ledger set-identity --require-tower staked-identity.json');
      if (status === 0) await switched(from);
      return status === 0 ? null : (/Unable to load tower file for identity \S+: (.*)/.exec(stdout)?.[1] ?? stdout);
    },
  };

  async function startAnswer(one: CommandCase): Promise<CommandAnswer> {
    for (const given of one.given) {
      const { as, line } = givenLine(given);
      runLine(as, line, home, bin);
    }
    const before = realListing(home);
    const second = one.state === 'running';
    const file = second ? join(folder, 'second.log') : log;
    if (second) writeFileSync(file, '');
    const from = statSync(file).size;
    const flags = one.start!.split(' ').filter((flag) => flag !== '');
    const started = second ? startHost(bin, home, file, preload, flags) : await up(flags);
    if (second) await waitFor('the second process to end', 2 * MINUTES, () => started.exit() !== null);
    const exit = started.exit();
    const text = logFrom(file, from).replaceAll(home, HOME).split('\n').filter((line) => line !== '' && !/^\[.* (?:INFO|WARN|DEBUG|TRACE) /.test(line)).join('\n');
    if (!second && exit === null) await started.end();
    return { exit: exit ?? 0, stdout: '', stderr: exit === null ? '' : `${text}\n`, effect: effectOf(before, realListing(home)), process: exit === null ? 'runs' : 'ended' };
  }
}

/** The cluster's own process serves: solana-test-validator never says to its admin socket that it is up. */
function loadingAnswer(one: CommandCase, clusterHome: string, bin: string, laidOut: readonly Entry[]): CommandAnswer {
  const home = newHome();
  layOut(home, laidOut);
  symlinkSync(join(clusterHome, 'ledger'), join(home, 'ledger'));
  const answer = realAnswer(one, home, bin);
  rmSync(join(home, '..'), { recursive: true, force: true });
  return answer;
}

function withTowers(laidOut: readonly Entry[], tower: Uint8Array): Entry[] {
  const set = towerSet(tower);
  return laidOut.map((entry) => (entry.path.startsWith('towers/') ? { ...entry, content: set[entry.path.slice('towers/'.length)]! } : entry));
}

