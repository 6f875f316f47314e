/** All kinds that pure rules can answer. */
import { forkKinds } from './fork-kinds.ts';
import { gossipKinds } from './gossip-kinds.ts';
import { lockoutKinds } from './lockout-kinds.ts';
import { programKinds } from './program-kinds.ts';
import { restoreKinds } from './restore-kinds.ts';
import type { Executors } from './run.ts';
import { storageKinds } from './storage-kinds.ts';

export const kinds: Executors = {
  ...lockoutKinds,
  ...programKinds,
  ...forkKinds,
  ...restoreKinds,
  ...gossipKinds,
  ...storageKinds,
};
