/** The rules under test in one object, so that a test can replace one by a broken variant. */
import * as lockoutStack from '../../src/check/lockout-stack.ts';
import * as ancestry from '../../src/model/ancestry.ts';
import * as etcdLock from '../../src/model/etcd-lock.ts';
import * as lockout from '../../src/model/lockout.ts';
import * as slotHistory from '../../src/model/slot-history.ts';
import * as towerAdopt from '../../src/model/tower-adopt.ts';
import * as towerError from '../../src/model/tower-error.ts';
import * as towerFile from '../../src/model/tower-file.ts';
import * as towerGossip from '../../src/model/tower-gossip.ts';
import * as towerRefresh from '../../src/model/tower-refresh.ts';
import * as towerRestore from '../../src/model/tower-restore.ts';
import * as towerSwitch from '../../src/model/tower-switch.ts';
import * as towerThreshold from '../../src/model/tower-threshold.ts';
import * as tower from '../../src/model/tower.ts';
import * as voteCredits from '../../src/model/vote-credits.ts';
import * as voteGate from '../../src/model/vote-gate.ts';
import * as voteProgram from '../../src/model/vote-program.ts';

export const RULES = {
  ...ancestry,
  ...etcdLock,
  ...lockout,
  ...lockoutStack,
  ...slotHistory,
  ...towerAdopt,
  ...towerError,
  ...towerFile,
  ...towerGossip,
  ...towerRefresh,
  ...towerRestore,
  ...towerSwitch,
  ...towerThreshold,
  ...tower,
  ...voteCredits,
  ...voteGate,
  ...voteProgram,
};

export type Rules = typeof RULES;
