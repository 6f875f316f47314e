/** The interpreter and its driver, with hosts that only take notes. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CommandOutcome, Host } from '../../src/transition/host.ts';
import { next, runProcedure, start } from '../../src/transition/interpreter.ts';
import type { Effect, State } from '../../src/transition/interpreter.ts';
import type { Procedure, Step, StepHost } from '../../src/transition/procedure.ts';
import { loadProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const OK: CommandOutcome = { exit: 0, stdout: '', stderr: '' };
const FAILED: CommandOutcome = { exit: 1, stdout: '', stderr: 'no' };

function procedureOf(...steps: Step[]): Procedure {
  return { name: 'p', title: 'P', params: {}, starts: 'prepared', steps };
}

function run(id: string, onFailure: 'continue' | 'stop' = 'continue', host: StepHost = 'active'): Step {
  return { kind: 'run', id, host, run: `do ${id}`, onFailure };
}

const WAIT: Step = { kind: 'wait', id: 'pause', host: 'operator', slots: 9, since: 'here', onFailure: 'stop' };

test('one effect after the other, then done, and done for good', () => {
  let { state, effect } = next(start(procedureOf(run('a'), WAIT)), null);
  expect(effect).toMatchObject({ type: 'run', index: 0, host: 'active', line: 'do a' });
  ({ state, effect } = next(state, OK));
  expect(effect).toMatchObject({ type: 'wait', index: 1, host: 'operator', slots: 9, since: 'here' });
  ({ state, effect } = next(state, OK));
  expect(effect).toEqual({ type: 'done', completed: true });
  expect(next(state, null)).toEqual({ state, effect });
  expect(next(state, FAILED)).toEqual({ state, effect });
});

test('a failure is passed over, or ends the procedure, as the step says', () => {
  const procedure = procedureOf(run('a'), run('b', 'stop'), run('c'));
  let { state, effect } = next(start(procedure), null);
  ({ state, effect } = next(state, FAILED));
  expect(effect).toMatchObject({ type: 'run', index: 1 });
  ({ state, effect } = next(state, FAILED));
  expect(effect).toEqual({ type: 'done', completed: false, stoppedAt: 'b' });
  expect(next(state, null)).toEqual({ state, effect });
});

test('an empty procedure is done at once', () => {
  expect(next(start(procedureOf()), null).effect).toEqual({ type: 'done', completed: true });
});

test('an outcome out of turn is refused', () => {
  const begun = start(procedureOf(run('a')));
  expect(() => next(begun, OK)).toThrow('no step has been started yet');
  expect(() => next(next(begun, null).state, null)).toThrow('the outcome of step "a" is missing');
});

test('states are plain and stay as they are: a search may go back to any of them', () => {
  const outcome = fc.constantFrom(OK, FAILED);
  const step = fc.tuple(fc.nat({ max: 99 }), fc.constantFrom('continue' as const, 'stop' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6 }), fc.array(outcome, { maxLength: 8 }), (steps, outcomes) => {
      const procedure = procedureOf(...steps.map(([n, onFailure], i) => run(`s${i}-${n}`, onFailure)));
      const history: { state: State; given: CommandOutcome | null; effect: Effect; text: string }[] = [];
      let state = start(procedure);
      for (const given of [null, ...outcomes]) {
        const before = state;
        const result = next(before, given);
        history.push({ state: before, given, effect: result.effect, text: JSON.stringify(before) });
        state = result.state;
      }
      for (const { state: kept, given, effect, text } of history) {
        expect(JSON.stringify(kept)).toBe(text);
        expect(next(JSON.parse(text) as State, given).effect).toEqual(effect);
      }
      // It ends at the first failure that is to stop it, and takes every step before that.
      const failing = steps.findIndex(([, onFailure], i) => onFailure === 'stop' && outcomes[i]?.exit === 1);
      const taken = history.filter(({ effect }) => effect.type === 'run').length;
      expect(taken).toBe(Math.min(steps.length, outcomes.length + 1, failing < 0 ? Infinity : failing + 1));
    }),
  );
});

/** Hosts that write down what they are told, and fail the lines that contain a word. */
function recording(failing = '\0'): { hosts: Record<StepHost, Host>; notes: string[] } {
  const notes: string[] = [];
  const host = (name: StepHost): Host => ({
    name,
    run: async (line) => {
      notes.push(`${name}: ${line}`);
      return line.includes(failing) ? FAILED : OK;
    },
  });
  return { notes, hosts: { active: host('active'), inactive: host('inactive'), etcd: host('etcd'), operator: host('operator') } };
}

test('the driver takes the guide through, on the right hosts and in order', async () => {
  const { hosts, notes } = recording();
  const result = await runProcedure(loadProcedure('guide-hot-swap-without-tower', GUIDE_SITE), hosts, async ({ slots, since }) => {
    notes.push(`wait ${slots} ${since}`);
    return OK;
  });
  expect(notes).toEqual([
    'active: agave-validator -l /mnt/ledger wait-for-restart-window --min-idle-time 2 --skip-new-snapshot-check',
    'active: agave-validator -l /mnt/ledger set-identity /home/sol/unstaked-identity.json',
    'active: ln -sf /home/sol/unstaked-identity.json /home/sol/identity.json',
    'wait 200 last-landed-vote',
    'inactive: agave-validator -l /mnt/ledger set-identity /home/sol/staked-identity.json',
    'inactive: ln -sf /home/sol/staked-identity.json /home/sol/identity.json',
    'inactive: solana catchup --our-localhost 8899',
  ]);
  expect(result).toMatchObject({ completed: true });
  expect(result.outcomes).toHaveLength(7);
});

test('the driver goes on after the failures of the guide, and stops at a failed check', async () => {
  const swap = recording('wait-for-restart-window');
  const went = await runProcedure(loadProcedure('guide-hot-swap', GUIDE_SITE), swap.hosts, async () => OK);
  expect(went.completed).toBe(true);
  expect(swap.notes).toHaveLength(7);
  expect(went.outcomes[0]!.outcome).toBe(FAILED);

  const setup = recording('readlink');
  const stopped = await runProcedure(loadProcedure('guide-setup', GUIDE_SITE), setup.hosts, async () => OK);
  expect(stopped).toMatchObject({ completed: false, stoppedAt: 'check-link-on-active' });
  expect(setup.notes.at(-1)).toContain('readlink');
});

test('a wait that cannot be made stops where the step says so', async () => {
  const { hosts, notes } = recording();
  const result = await runProcedure(procedureOf(WAIT, run('after')), hosts, async () => FAILED);
  expect(result).toMatchObject({ completed: false, stoppedAt: 'pause' });
  expect(notes).toEqual([]);
});

test('a witness is there before and after each step, waits included', async () => {
  const { hosts } = recording('set-identity');
  const seen: string[] = [];
  await runProcedure(loadProcedure('guide-hot-swap-without-tower', GUIDE_SITE), hosts, async () => OK, {
    before: async ({ step }) => void seen.push(`before ${step.id}`),
    after: async ({ step }, { exit }) => void seen.push(`after ${step.id} ${exit}`),
  });
  expect(seen.slice(2, 8)).toEqual(['before demote', 'after demote 1', 'before link-junk', 'after link-junk 0', 'before wait-out', 'after wait-out 0']);
  expect(seen).toHaveLength(14);
});
