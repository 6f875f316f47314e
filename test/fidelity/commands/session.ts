/**
 * Real processes for the cases that need them: a ledger that solana-test-validator has made, and agave-validator alone on
 * it, in a home folder in which the files are laid out anew for each case. Ends what it has started.
 */
import { existsSync, lchownSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeTowerFile } from '../../../src/model/tower-file.ts';
import { siteKeys } from '../../../src/sim/key-files.ts';
import { SOL } from '../validators/account.ts';
import { clusterSlot, logFrom, startCluster, startHost, waitFor } from '../validators/processes.ts';
import type { Preload } from '../validators/preload.ts';
import type { RunningProcess } from '../validators/processes.ts';
import type { CommandAnswer } from './answer.ts';
import { givenLine } from './case.ts';
import type { CommandCase } from './case.ts';
import { layOut, newHome, realAnswer, runLine } from './real.ts';
import { HOME, entries, quietWorld } from './simulated.ts';
import { signedBy, towerSet } from './tower-set.ts';

/** Slots that the ledger gets: more than a tower holds. */
const SLOTS = 40;
const MINUTE = 60;
/** Seconds in which a process ends that was told to. */
const ENDING = 60;

export interface Session {
  /** A tower that a real validator has written, given to the staked identity and signed by it. */
  readonly tower: Uint8Array;
  answer(one: CommandCase): Promise<CommandAnswer>;
  /** What set-identity --require-tower says of a tower file under a name; null: it takes it. */
  judgeTower(bytes: Uint8Array, name: string): Promise<string | null>;
  end(): Promise<void>;
}

/** Makes the ledger; some minutes. `say` is told what is waited for. */
export async function startSession(bin: string, preload: Preload, say: (text: string) => void): Promise<Session> {
  const { staked, junk } = siteKeys();
  const home = newHome();
  const folder = join(home, '..');
  const log = join(folder, 'host.log');
  writeFileSync(log, '');
  let host: RunningProcess | null = null;
  /** solana-test-validator, which to its admin socket is never up. */
  let loading: RunningProcess | null = null;
  const stopped = async (): Promise<void> => {
    await host?.end();
    host = null;
  };
  const end = async (): Promise<void> => {
    await stopped();
    await loading?.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const type = (line: string) => runLine('sol', line, home, bin);
  const identity = () => /^Identity: (\S+)/m.exec(type('agave-validator -l ledger contact-info').stdout)?.[1] ?? null;

  try {
    say('solana-test-validator makes a ledger');
    const { ledger, tower } = await makeLedger(folder, bin, preload);
    renameSync(ledger, join(home, 'ledger'));
    const set = towerSet(tower);
    const laidOut = entries(quietWorld()).map((entry) => (entry.path.startsWith('towers/') ? { ...entry, content: set[entry.path.slice('towers/'.length)]! } : entry));
    const reset = () => layOut(home, laidOut);

    const up = async (flags: readonly string[] = []): Promise<RunningProcess> => {
      const started = startHost(bin, home, log, preload, flags);
      await waitFor('agave-validator to start', 10 * MINUTE, () => started.exit() !== null || identity() !== null);
      return started;
    };
    /** The process runs, has the junk key and one authorized voter, and its files are as at the beginning. */
    const toJunk = async (): Promise<void> => {
      reset();
      // That a process has ended is heard between two turns of the event loop.
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (host === null || host.exit() !== null) host = await up();
      if (host.exit() !== null) throw new Error(`agave-validator has ended: ${logFrom(log, 0).slice(-2000)}`);
      if (identity() !== junk.inactive.address) type('agave-validator -l ledger set-identity unstaked-identity.json');
      type('agave-validator -l ledger authorized-voter remove-all && agave-validator -l ledger authorized-voter add staked-identity.json');
    };

    const loadingAnswer = async (one: CommandCase): Promise<CommandAnswer> => {
      const place = join(folder, 'loading');
      if (loading === null) {
        ownFolder(place);
        loading = startCluster(bin, place, preload);
        await waitFor('the admin socket', 5 * MINUTE, () => existsSync(join(place, 'ledger', 'admin.rpc')));
      }
      const there = newHome();
      layOut(there, laidOut);
      symlinkSync(join(place, 'ledger'), join(there, 'ledger'));
      const answer = realAnswer(one, there, bin);
      rmSync(join(there, '..'), { recursive: true, force: true });
      return answer;
    };

    const startAnswer = async (one: CommandCase): Promise<CommandAnswer> => {
      for (const given of one.given) {
        const { as, line } = givenLine(given);
        runLine(as, line, home, bin);
      }
      const second = one.state === 'running';
      const file = second ? join(folder, 'second.log') : log;
      if (second) writeFileSync(file, '');
      const from = statSync(file).size;
      const flags = one.start!.split(' ').filter((flag) => flag !== '');
      const started = second ? startHost(bin, home, file, preload, flags, true) : await up(flags);
      if (second) await waitFor('the second process to end', 5 * MINUTE, () => started.exit() !== null);
      const exit = started.exit();
      if (exit === null) await started.end();
      return { exit: exit ?? 0, stdout: '', stderr: exit === null ? '' : `${lastWords(logFrom(file, from)).replaceAll(home, HOME)}\n`, effect: [], process: exit === null ? 'runs' : 'ended' };
    };

    return {
      tower,
      end,
      answer: async (one) => {
        if (one.state === 'loading') return loadingAnswer(one);
        await loading?.end();
        loading = null;
        if (one.state === 'running') await toJunk();
        else {
          await stopped();
          reset();
        }
        if (one.start !== null) return startAnswer(one);
        const answer = realAnswer(one, home, bin);
        if (!one.watch) return answer;
        for (let s = 0; s < ENDING && host!.exit() === null; s++) await new Promise((resolve) => setTimeout(resolve, 1000));
        return { ...answer, process: host!.exit() === null ? 'runs' : 'ended' };
      },
      judgeTower: async (bytes, name) => {
        await toJunk();
        const path = join(home, 'tower', name);
        writeFileSync(path, bytes);
        lchownSync(path, SOL.uid, SOL.gid);
        const from = statSync(log).size;
        const { status, stdout } = type('agave-validator -l ledger set-identity --require-tower staked-identity.json');
        if (status === 0) return null;
        const refusal = /Unable to load tower file for identity \S+: (.*)/.exec(stdout)?.[1];
        if (refusal !== undefined) return refusal;
        await waitFor('agave-validator to end', ENDING, () => host!.exit() !== null);
        return /^memory allocation of \d+ bytes failed$/m.exec(logFrom(log, from))?.[0] ?? stdout;
      },
    };
  } catch (error) {
    await end();
    throw error;
  }

  async function makeLedger(within: string, programs: string, library: Preload): Promise<{ ledger: string; tower: Uint8Array }> {
    const place = join(within, 'maker');
    ownFolder(place);
    const maker = startCluster(programs, place, library);
    try {
      await waitFor(`${SLOTS} slots`, 15 * MINUTE, async () => {
        if (maker.exit() !== null) throw new Error(`solana-test-validator has ended: ${logFrom(maker.log, 0).slice(-2000)}`);
        return ((await clusterSlot()) ?? 0) > SLOTS;
      });
    } finally {
      await maker.end();
    }
    const ledger = join(place, 'ledger');
    const name = readdirSync(ledger).find((file) => /^tower-1_9-\w+\.bin$/.test(file));
    if (name === undefined) throw new Error('solana-test-validator has written no tower');
    const decoded = decodeTowerFile(new Uint8Array(readFileSync(join(ledger, name))), 'current');
    if (!decoded.ok) throw new Error(decoded.error.text);
    rmSync(join(ledger, 'admin.rpc'), { force: true });
    return { ledger, tower: signedBy(staked, { ...decoded.file, node: staked.publicKey }) };
  }
}

function ownFolder(path: string): void {
  mkdirSync(path);
  lchownSync(path, SOL.uid, SOL.gid);
}

/** The last line that a process has printed before it ended, log lines and metrics apart. */
function lastWords(text: string): string {
  return text.split('\n').findLast((line) => line !== '' && !/^(?:\[\d|datapoint: | |note: |stack backtrace)/i.test(line)) ?? '';
}
