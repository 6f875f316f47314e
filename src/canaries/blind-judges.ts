/** Judges that see nothing or too much, and searches that do not search: what was known to be found is missing then. */
import type { Canary, Patch } from './canary.ts';
import { REFRESH_LOWERS, REFRESH_OTHER_HASH, SPARE_LEADS } from './seeded-bugs.ts';
import { COMES_BACK, CRASHES, DEMOTION_FAILS, FAILURES, FAST_COPY, FORKS, LEADING_TWICE, LOSES_LEADER, MILD, MINORITY, OPERATOR, PREPARED_BADLY, SENT_AGAIN, SKIPS, SWITCHES } from './searches.ts';

const blind = (file: string, text: string, by: string): readonly Patch[] => [{ file, text, by }];
const JUDGE = 'check/judge.js';

export const BLIND_JUDGES: readonly Canary[] = [
  {
    name: 'blind to double votes', part: 'judge', patches: blind(JUDGE, '() => doubleVotes(evidence)', '() => []'),
    base: [REFRESH_OTHER_HASH], search: SENT_AGAIN, must: 'vanish', sign: { kind: 'double-vote' },
  },
  {
    name: 'blind to locked-out forks', part: 'judge', patches: blind('check/lockout-fork.js', 'return seen.end >= vote.event.slot &&', 'return false &&'),
    search: MINORITY, must: 'vanish', sign: { kind: 'lockout-violation-fork' },
  },
  {
    name: 'blind to stacks', part: 'judge', patches: blind('check/lockout-stack.js', 'return seen.slot > root && next <= seen.end;', 'return false;'),
    search: FAST_COPY, must: 'vanish', sign: { kind: 'lockout-violation-stack' },
  },
  {
    name: 'blind to lowered counts', part: 'judge', patches: blind('check/lockout-reduced.js', 'return seen.slot > root && count < seen.confirmationCount;', 'return false;'),
    base: [REFRESH_LOWERS], search: SENT_AGAIN, must: 'vanish', sign: { kind: 'lockout-reduced' },
  },
  {
    name: 'blind to roots', part: 'judge', patches: blind('check/root.js', 'return highest !== null && rootOf(vote) < rootOf(highest);', 'return false;'),
    search: COMES_BACK, must: 'vanish', sign: { kind: 'root-went-back' },
  },
  {
    name: 'blind to switches', part: 'judge', patches: blind(JUDGE, '() => switchesWithoutProof(evidence)', '() => []'),
    search: SWITCHES, must: 'vanish', sign: { kind: 'switch-without-proof' },
  },
  {
    name: 'blind to duplicate blocks', part: 'judge', patches: blind(JUDGE, '() => duplicateBlocks(evidence)', '() => []'),
    base: SPARE_LEADS, search: LEADING_TWICE, must: 'vanish', sign: { kind: 'duplicate-block' },
  },
  {
    name: 'blind to two holders', part: 'judge', patches: blind(JUDGE, '() => concurrentIdentity(evidence)', '() => []'),
    search: DEMOTION_FAILS, must: 'vanish', sign: { kind: 'concurrent-identity' },
  },
  {
    name: 'blind to near misses', part: 'judge', patches: blind(JUDGE, '() => nearMisses(evidence, violating)', '() => []'),
    search: FAST_COPY, must: 'vanish', sign: { kind: 'near-miss' },
  },
  {
    name: 'blind to missed votes', part: 'judge', patches: blind('check/downtime.js', '[...missedVotes(evidence, missed), ', '['),
    search: MILD, must: 'vanish', sign: { kind: 'missed-votes' },
  },
  {
    name: 'blind to leader slots', part: 'judge', patches: blind('check/downtime.js', ', ...missedLeaderSlots(evidence)]', ']'),
    search: LOSES_LEADER, must: 'vanish', sign: { kind: 'missed-leader-slots' },
  },
  {
    name: 'blind to silence', part: 'judge', patches: blind(JUDGE, '() => nobodyVotes(evidence, liveness)', '() => []'),
    search: OPERATOR, must: 'vanish', sign: { kind: 'nobody-votes' },
  },
  {
    name: 'blind to lost votes', part: 'judge', patches: blind(JUDGE, '() => lostState(evidence)', '() => []'),
    search: FAST_COPY, must: 'vanish', sign: { kind: 'tower-lacks-votes' },
  },
  {
    name: 'every step is lawful', part: 'judge', patches: blind('check/lawful-step.js', 'return next.root === vote.event.root &&', 'return true ||'),
    search: FAST_COPY, must: 'vanish', sign: { kind: 'lockout-violation-stack' },
  },
  {
    name: 'equal blocks are two', part: 'judge', patches: blind('check/double-vote.js', '.event.hash !== first.event.hash', '.event.hash !== null'),
    search: FAST_COPY, must: 'appear', sign: { kind: 'double-vote' },
  },
  {
    name: 'a check throws', part: 'judge', patches: blind(JUDGE, '() => nearMisses(evidence, violating)', '() => { throw new Error("broken"); }'),
    search: MILD, must: 'appear', sign: { kind: 'unknown' },
  },
];

export const IDLE_SEARCHES: readonly Canary[] = [
  {
    name: 'all worlds look alike', part: 'search', patches: blind('sim/fingerprint.js', 'return keyOf(mixer.end());', "return '';"),
    search: SKIPS, must: 'vanish', sign: { kind: 'near-miss' },
  },
  {
    name: 'faults never strike', part: 'search', patches: blind('sim/faults.js', "    const struck = kind.start(world, fault.on, index);", '    const struck = null;'),
    search: FAILURES, must: 'vanish', sign: { kind: 'concurrent-identity' },
  },
  {
    name: 'nothing strikes inside', part: 'search', patches: blind('explore/choice.js', "if (moment.kind === 'point')", "if (moment.kind === 'point') return [];\n    if (moment.kind === 'point')"),
    search: CRASHES, must: 'vanish', sign: { kind: 'missed-votes', cause: 'never sent' },
  },
  {
    name: 'forks are never chosen', part: 'search', patches: blind('explore/choice.js', "forksAt(bounds, moment.slot);", '[];'),
    search: FORKS, must: 'vanish', sign: { kind: 'lockout-violation-stack' },
  },
  {
    name: 'operators make no mistakes', part: 'search', patches: blind('sim/faults.js', 'mutated = mutate(mutated, fault.at.index);', 'mutated = procedure;'),
    search: OPERATOR, must: 'vanish', sign: { kind: 'concurrent-identity' },
  },
  {
    name: 'all is well prepared', part: 'search', patches: blind('explore/choice.js', 'if (kinds.has(kind))\n            for (const on of HOST_NAMES)', 'if (false)\n            for (const on of HOST_NAMES)'),
    search: PREPARED_BADLY, must: 'vanish', sign: { kind: 'nobody-votes' },
  },
  {
    name: 'timings are all the mildest', part: 'search', patches: blind('explore/choice.js', 'fork: fork === undefined ? null : fork.fork, draws }', 'fork: fork === undefined ? null : fork.fork, draws: {} }'),
    search: FAST_COPY, must: 'vanish', sign: { kind: 'lockout-violation-stack' },
  },
];
