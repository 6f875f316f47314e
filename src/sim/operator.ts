/**
 * The operator: takes the procedure step by step through the interpreter, over ssh to the hosts. Nothing here knows
 * what a step means; it runs lines and hands their outcomes back.
 */
import type { CommandOutcome } from '../transition/host.ts';
import { next, start } from '../transition/interpreter.ts';
import type { Effect, State } from '../transition/interpreter.ts';
import { providerView } from './commands/json-rpc.ts';
import { shell } from './commands/shell.ts';
import { sshReaches } from './commands/remote.ts';
import type { Run, Station } from './commands/command.ts';
import { FIXED } from './latency.ts';
import { at, emit, slotStart } from './world.ts';
import type { World } from './world.ts';

/** Between two commands of one script. */
const NEXT_LINE = 1_000;

/** Begins the procedure at its time in the start slot. */
export function startProcedure(world: World): void {
  const begin = slotStart(world, world.startSlot) + Math.floor((world.latencies.phase * world.slotMicros) / 16);
  at(world, begin, () => advance(world, start(world.operator.procedure), null));
}

function advance(world: World, state: State, outcome: CommandOutcome | null): void {
  const { state: following, effect } = next(state, outcome);
  const { operator } = world;
  if (effect.type === 'done') {
    operator.busy = false;
    operator.finished = true;
    operator.endedInSlot = world.slot;
    return;
  }
  const previous = operator.procedure.steps[effect.index - 1];
  const pause = previous === undefined ? 0 : previous.host === effect.host || effect.type === 'wait' ? NEXT_LINE : world.latencies.operatorPause;
  at(world, world.now + pause, () => {
    operator.busy = true;
    operator.step = effect.index;
    world.reach({ kind: 'step', index: effect.index, when: 'before' });
    if (operator.stopped) return advanceStopped(world);
    takeStep(world, effect, (result) => {
      for (const end of world.afterStep.splice(0)) end();
      world.reach({ kind: 'step', index: effect.index, when: 'after' });
      if (operator.stopped) advanceStopped(world);
      else advance(world, following, result);
    });
  });
}

/** The operator has left: the terminal is closed, what runs goes on, nothing more is typed. */
function advanceStopped(world: World): void {
  world.operator.busy = false;
  world.operator.finished = true;
  world.operator.endedInSlot = world.slot;
}

function takeStep(world: World, effect: Exclude<Effect, { type: 'done' }>, then: (outcome: CommandOutcome) => void): void {
  const line = effect.type === 'run' ? effect.line : `wait ${effect.slots} slots since ${effect.since}`;
  const common = { step: effect.index + 1, id: effect.step.id, host: effect.host, line } as const;
  emit(world, { type: 'command', t: world.now, phase: 'start', ...common });
  const run = effect.type === 'run' ? remoteRun(world, stationOf(world, effect.host), effect.line) : waitSlots(world, effect.slots, effect.since);
  drive(world, run, effect.index, (outcome) => {
    emit(world, { type: 'command', t: world.now, phase: 'end', ...common, exit: outcome.exit, stdout: outcome.stdout, stderr: outcome.stderr });
    if (outcome.gap !== undefined) emit(world, { type: 'gap', t: world.now, what: outcome.gap, host: effect.host });
    then(outcome);
  });
}

function stationOf(world: World, host: string): Station {
  return host === 'operator' ? world.desk : world.hosts[host as 'active' | 'inactive'];
}

/** Resumes a command at the times that it asks for. "During" is the moment after its first pause. */
function drive(world: World, run: Run, index: number, done: (outcome: CommandOutcome) => void): void {
  let resumed = 0;
  const resume = (): void => {
    const step = run.next();
    if (resumed++ === 1 || (step.done === true && resumed === 1)) world.reach({ kind: 'step', index, when: 'during' });
    if (step.done === true) done(step.value);
    else at(world, step.value, resume);
  };
  resume();
}

/** A command in an ssh session: without a connection, or with a machine that dies, there is only exit 255. */
function* remoteRun(world: World, station: Station, line: string): Run {
  const fault = world.commandFault;
  if (fault?.kind === 'fails') {
    yield world.now + FIXED.fileCommand;
    return { exit: 1, stdout: '', stderr: 'solevoter fault: the command failed and did nothing\n' };
  }
  if (fault?.kind === 'hangs') while (world.commandFault === fault) yield world.now + world.slotMicros;
  if (!sshReaches(world, world.desk, station)) {
    yield world.now + FIXED.sshTimeout;
    return { exit: 255, stdout: '', stderr: `ssh: connect to host ${station.address} port 22: Connection timed out\n` };
  }
  const boot = station.name === 'operator' ? 0 : world.hosts[station.name].bootId;
  const inner = shell(world, station, station.user, line);
  for (;;) {
    const step = inner.next();
    if (step.done === true) {
      if (sshReaches(world, world.desk, station)) return step.value;
      return { exit: 255, stdout: '', stderr: 'client_loop: send disconnect: Broken pipe\n' };
    }
    yield step.value;
    if (station.name !== 'operator' && (!world.hosts[station.name].powered || world.hosts[station.name].bootId !== boot)) {
      return { exit: 255, stdout: '', stderr: 'client_loop: send disconnect: Broken pipe\n' };
    }
  }
}

/** Watches the slot until it has reached the anchor plus `slots`, as `solana slot` of the operator's provider shows it. */
function* waitSlots(world: World, slots: number, since: 'last-landed-vote' | 'last-cast-vote' | 'here'): Run {
  yield world.now + FIXED.rpc;
  const view = providerView(world);
  if (typeof view === 'string') return { exit: 1, stdout: '', stderr: 'Error: the JSON-RPC provider does not answer\n' };
  const here = since === 'here' ? world.slot : view.lastVote;
  // A vote may still be under way when the wait begins.
  const lastCast = () => world.votes.findLast((vote) => vote.host === 'active')?.slot ?? world.slot;
  while (world.slot < (since === 'last-cast-vote' ? lastCast() : here) + slots) yield slotStart(world, world.slot + 1) + 1;
  return { exit: 0, stdout: `${world.slot}\n`, stderr: '' };
}
