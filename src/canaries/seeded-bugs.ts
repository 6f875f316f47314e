/** Bugs of the simulated world and of the rules in it: a search that does not notice them would not notice the like in earnest. */
import type { Canary, Patch } from './canary.ts';
import { CRASHES, CUT_TURBINE, DEMOTION_FAILS, ETCD_MILD, FAST_COPY, FORKS, LEADING, LEADING_TWICE, LONG_FORK, MILD, NO_TOWER, POWER_LOSSES, PROMOTED_CRASHES, SENT_AGAIN, SPLIT } from './searches.ts';

type Bug = Omit<Canary, 'part' | 'patches'> & ({ readonly patches: readonly Patch[] } | Patch);

function bugs(part: Canary['part'], list: readonly Bug[]): Canary[] {
  return list.map((bug) => {
    if ('patches' in bug) return { ...bug, part };
    const { file, text, by, ...canary } = bug;
    return { ...canary, part, patches: [{ file, text, by }] };
  });
}

/** What is sent again has every confirmation count at 1. */
export const REFRESH_LOWERS: Patch = {
  file: 'sim/voting-service.js', text: '{ sync: last, slot: last.slot',
  by: '{ sync: { ...last, lockouts: last.lockouts.map(({ slot }) => ({ slot, confirmationCount: 1 })) }, slot: last.slot',
};

/** In what is sent again votes are rooted two votes later. */
const REFRESH_OLD_ROOT: Patch = {
  file: 'sim/voting-service.js', text: '{ sync: last, slot: last.slot',
  by: '{ sync: { ...last, lockouts: [...[last.root - 1, last.root].map((slot) => ({ slot, confirmationCount: 32 })), ...last.lockouts], root: last.root - 2 }, slot: last.slot',
};

/** What is sent again names another block. */
export const REFRESH_OTHER_HASH: Patch = { file: 'sim/voting-service.js', text: 'hash: last.hash, identity: validator.votingIdentity, tower: null', by: 'hash: `${last.hash}-again`, identity: validator.votingIdentity, tower: null' };

/** Both hosts lead, and sign with the staked key, whatever their identity is. */
export const SPARE_LEADS: readonly Patch[] = [
  { file: 'sim/slots.js', text: 'signsAll: shredKey === world.stakedIdentity && validator.clusterIdentity === world.stakedIdentity', by: 'signsAll: true' },
  { file: 'sim/slots.js', text: 'if (validator.votingIdentity !== world.stakedIdentity)', by: 'if (false)' },
  { file: 'sim/slots.js', text: 'if (validator.flags.waitForVoteToStartLeader && !validator.newVoteRooted)', by: 'if (false)' },
];

export const SEEDED_RULES: readonly Canary[] = bugs('rule', [
  {
    name: 'lockouts are not checked', file: 'model/tower.js', text: 'if (!isAncestor(votes[i].slot))', by: 'if (false)',
    search: FORKS, must: 'appear', sign: { kind: 'lockout-violation-fork' },
  },
  {
    // Where stake decides, the heaviest fork shows enough of it by itself.
    name: 'switch check always passes', base: [{ file: 'sim/fork-choice.js', text: 'if (difference > 0 || (difference === 0 && b.slot < a.slot))', by: 'if (leaf.slot > best.slot)' }],
    file: 'sim/fork-choice.js', text: 'const decision = decideSwitch(', by: "const decision = (() => ({ kind: 'SwitchProof' }))(",
    search: SPLIT, must: 'appear', sign: { kind: 'switch-without-proof', cause: 'same host' },
  },
  {
    name: 'threshold check left out', file: 'sim/fork-choice.js', text: 'thresholdFailures: thresholdFailures(tower, block.slot, (slot) => votedStakeAt(world, block, slot), 1)', by: 'thresholdFailures: []',
    search: LONG_FORK, must: 'appear', sign: { kind: 'nobody-votes' },
  },
  {
    name: 'no vote becomes root', file: 'model/lockout.js', text: 'root: rooted === 1 ? votes[0].slot : stack.root', by: 'root: stack.root',
    search: MILD, must: 'appear', sign: { kind: 'lockout-violation-stack' },
  },
  {
    name: 'lockouts do not double', file: 'model/lockout.js', text: 'confirmationCount: confirmationCount + 1', by: 'confirmationCount: confirmationCount',
    search: MILD, must: 'appear', sign: { kind: 'missed-votes', cause: 'ConfirmationsNotOrdered' },
  },
  {
    name: 'any vote is accepted', file: 'model/vote-program.js', text: 'return error === null ? { error, state: proposed } : { error, state };', by: 'return { error: null, state: proposed };',
    search: FAST_COPY, must: 'vanish', sign: { kind: 'missed-votes', cause: 'vote refused' },
  },
  {
    name: 'no vote is accepted', file: 'model/vote-program.js', text: 'const error = checkNewVoteState(state, proposed);', by: 'const error = 6;',
    search: MILD, must: 'appear', sign: { kind: 'nobody-votes' },
  },
  {
    name: 'a newer bank is not adopted', file: 'model/tower-adopt.js', text: 'newest <= (lastVotedSlot(tower.stack) ?? -1)', by: 'true',
    search: POWER_LOSSES, must: 'appear', sign: { kind: 'lockout-violation-stack', cause: 'same host' },
  },
  {
    name: 'refresh lowers the counts', ...REFRESH_LOWERS,
    search: SENT_AGAIN, must: 'appear', sign: { kind: 'lockout-reduced' },
  },
  {
    name: 'refresh with an older root', ...REFRESH_OLD_ROOT,
    search: SENT_AGAIN, must: 'appear', sign: { kind: 'root-went-back' },
  },
  {
    name: 'refresh for another block', ...REFRESH_OTHER_HASH,
    search: SENT_AGAIN, must: 'appear', sign: { kind: 'double-vote' },
  },
]);

export const SEEDED_WORLD: readonly Canary[] = bugs('world', [
  {
    name: 'the tower is never saved', file: 'sim/voting-service.js', text: 'return afterStore(world, validator, { error: storeTower(world, validator, vote.tower), data: vote });', by: 'return afterStore(world, validator, { error: null, data: vote });',
    search: MILD, must: 'appear', sign: { kind: 'tower-lacks-votes' },
  },
  {
    name: 'sent first, saved later',
    patches: [
      { file: 'sim/voting-service.js', text: 'return afterStore(world, validator, { error: storeTower(world, validator, vote.tower), data: vote });', by: 'return afterStore(world, validator, { error: null, data: vote });' },
      { file: 'sim/voting-service.js', text: 'function gossipVote(world, validator, vote) {', by: 'function gossipVote(world, validator, vote) {\n    if (vote.tower !== null) storeTower(world, validator, vote.tower);' },
    ],
    search: CRASHES, must: 'appear', sign: { kind: 'tower-lacks-votes', cause: 'same host' },
  },
  {
    name: 'the tower is not reloaded', file: 'sim/replay.js', text: "    validator.votingIdentity = to;\n    validator.tower = tower;", by: '    validator.votingIdentity = to;',
    search: FORKS, must: 'appear', sign: { kind: 'lockout-violation-stack', cause: 'across forks' },
  },
  {
    name: 'the loop notices at once', file: 'sim/replay.js', text: '    const heaviest = heaviestLeaf(world, validator);', by: '    const heaviest = heaviestLeaf(world, validator);\n    if (validator.clusterIdentity !== validator.votingIdentity) return switchIdentity(world, validator, heaviest);',
    search: FAST_COPY, must: 'vanish', sign: { kind: 'lockout-violation-stack' },
  },
  {
    name: 'the loop notices no demotion', file: 'sim/replay.js', text: 'if (validator.clusterIdentity === validator.votingIdentity)', by: 'if (validator.clusterIdentity !== world.stakedIdentity || validator.votingIdentity === world.stakedIdentity)',
    search: MILD, must: 'appear', sign: { kind: 'concurrent-identity', cause: 'voting layer' },
  },
  {
    name: 'the loop notices late', file: 'sim/replay.js', text: 'if (validator.clusterIdentity === validator.votingIdentity)', by: 'if (validator.clusterIdentity === validator.votingIdentity || (validator.votingIdentity === world.stakedIdentity && reset.slot < world.startSlot + 9))',
    search: MILD, must: 'appear', sign: { kind: 'lockout-violation-stack' },
  },
  {
    name: '--require-tower asks nothing', file: 'sim/admin-rpc.js', text: 'if (requireTower) {', by: 'if (false) {',
    search: NO_TOWER, must: 'vanish', sign: { kind: 'nobody-votes' },
  },
  {
    name: 'systemd does not restart', file: 'sim/process.js', text: 'machine.unit.wanted && machine.unit.restarts)', by: 'false)',
    search: PROMOTED_CRASHES, must: 'appear', sign: { kind: 'nobody-votes' },
  },
  {
    name: 'power loss keeps everything', file: 'sim/disk-durability.js', text: "keep = 'expired'", by: "keep = 'all'",
    search: POWER_LOSSES, must: 'vanish', sign: { kind: 'tower-lacks-votes', cause: 'same host' },
  },
  {
    name: 'rename is not atomic', file: 'sim/disk-durability.js', text: 'emptyUnsyncedRenames = false', by: 'emptyUnsyncedRenames = true',
    search: POWER_LOSSES, must: 'appear', sign: { kind: 'tower-lacks-votes', cause: 'same host; step verify; tower from rebuilt' },
  },
  {
    name: 'duplicates live on', file: 'sim/gossip.js', text: "exitProcess(world, validator, 1, 'duplicate running", by: "if (false) exitProcess(world, validator, 1, 'duplicate running",
    search: DEMOTION_FAILS, must: 'appear', sign: { kind: 'near-miss' },
  },
  {
    name: 'the spare leads as well', patches: SPARE_LEADS,
    search: LEADING_TWICE, must: 'appear', sign: { kind: 'duplicate-block' },
  },
  {
    name: 'no vote counts as rooted', file: 'sim/replay.js', text: 'validator.newVoteRooted = true;', by: 'validator.newVoteRooted = false;',
    search: LEADING, must: 'appear', sign: { kind: 'missed-leader-slots' },
  },
  {
    name: 'votes are lost on the way', file: 'sim/voting-service.js', text: 'if (travel < Number.POSITIVE_INFINITY) {', by: 'if (false) {',
    search: MILD, must: 'appear', sign: { kind: 'missed-votes', cause: 'vote sent, not landed' },
  },
  {
    name: 'etcd does not fence', file: 'model/etcd-lock.js', text: "compare: [isMine(identity, instance)], success: [{ op: 'put'", by: "compare: [], success: [{ op: 'put'",
    search: ETCD_MILD, must: 'appear', sign: { kind: 'near-miss' },
  },
  {
    name: 'votes are not stored in etcd', file: 'sim/voting-service.js', text: 'storeInEtcd(world, validator, vote.tower, afterStore, vote);', by: 'afterStore(world, validator, { error: null, data: vote });',
    search: ETCD_MILD, must: 'appear', sign: { kind: 'tower-lacks-votes' },
  },
  {
    name: 'missed blocks stay missing', file: 'sim/link-faults.js', text: 'repairMissed(world, host);', by: '',
    search: CUT_TURBINE, must: 'appear', sign: { kind: 'nobody-votes' },
  },
]);
