/** The real programs and processes of a run of `npm run fidelity`: found once, started when the first part needs them. */
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { startSession } from '../../test/fidelity/commands/session.ts';
import type { Session } from '../../test/fidelity/commands/session.ts';
import { findAgave } from '../../test/fidelity/validators/agave.ts';
import type { Agave } from '../../test/fidelity/validators/agave.ts';
import { preloadLibraries } from '../../test/fidelity/validators/preload.ts';

export interface Real {
  readonly agave: Agave;
  /** The running processes, or why there are none. */
  session(): Promise<Session | string>;
  end(): Promise<void>;
}

/** Memory that the two processes need, bytes. */
const MEMORY = 4 * 2 ** 30;

/** `validators`: whether processes may be started at all. */
export function realPrograms(validators: boolean): Real {
  const agave = findAgave();
  let session: Promise<Session | string> | null = null;
  const open = async (): Promise<Session | string> => {
    if ('missing' in agave) return agave.missing;
    if (!validators) return '--no-validators was given';
    if (totalmem() < MEMORY) return 'two validators need 4 GiB of memory';
    try {
      return await startSession(agave.bin, preloadLibraries(resolve('.fidelity')), (text) => console.log(`   ${text}`));
    } catch (error) {
      return `validators cannot run here: ${(error as Error).message}`;
    }
  };
  return {
    agave,
    session: () => (session ??= open()),
    end: async () => {
      const opened = await session;
      if (opened !== null && typeof opened !== 'string') await opened.end();
    },
  };
}
