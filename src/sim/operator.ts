/**
 * The operator: takes the procedure step by step through the interpreter, over ssh to the hosts. Nothing here knows
 * what a step means; it runs lines and hands their outcomes back.
 */
import type { CommandOutcome } from '../transition/host.ts';
import { next, start } from '../transition/interpreter.ts';
import type { Done, Effect } from '../transition/interpreter.ts';
import type { CommandEvent } from '../model/trace.ts';
import { providerView } from './commands/json-rpc.ts';
import { shell } from './commands/shell.ts';
import { sshReaches } from './commands/remote.ts';
import { hostOf, pause, take } from './commands/command.ts';
import type { Run, Station } from './commands/command.ts';
import type { HostName } from './host-name.ts';
import { healAfterStep, missStep } from './faults.ts';
import { FIXED } from './latency.ts';
import { areUp } from './run-end.ts';
import { STANDING, at, emit, slotStart } from './world.ts';
import type { World } from './world.ts';

/** Between two commands of one script. */
const NEXT_LINE = 1_000;

type Step = Exclude<Effect, Done>;

/** Times that the operator runs a procedure with `resume: rerun` again. */
const MOST_RESUMES = 2;
/** Slots after which the operator runs it again in any case. */
const LONGEST_REST = 400;

/** Begins the procedure at its time in the start slot. */
export function startProcedure(world: World): void {
  const begin = slotStart(world, world.startSlot) + Math.floor((world.latencies.phase * world.slotMicros) / 16);
  at(world, begin, advance, null);
}

/** Hands the outcome of the last step to the interpreter, and turns to the step that it names. */
function advance(world: World, outcome: CommandOutcome | null): void {
  const { operator } = world;
  const { state, effect } = next(operator.state, outcome);
  operator.state = state;
  if (effect.type === 'done') return leave(world, !effect.completed);
  const previous = operator.procedure.steps[effect.index - 1];
  const pause = previous === undefined ? 0 : previous.host === effect.host || effect.type === 'wait' ? NEXT_LINE : world.latencies.operatorPause;
  at(world, world.now + pause, takeStep, effect);
}

/**
 * The end of a run of the procedure: everything is typed, a step that must not fail has failed, or the operator has
 * left (what runs goes on). One that ended early is run again from the top, where it says so.
 */
function leave(world: World, early: boolean): void {
  const { operator } = world;
  operator.busy = false;
  operator.finished = true;
  operator.endedInSlot = world.slot;
  operator.returns = early && operator.written.resume === 'rerun' && operator.resumes < MOST_RESUMES;
  if (operator.returns) at(world, slotStart(world, world.slot + 1), considerReturn, null);
}

/** Looks once a slot: when every fault has healed and the machines are up, the whole procedure is run as it is written. */
function considerReturn(world: World): void {
  const { operator } = world;
  const rested = world.plan.open.size === 0 && (areUp(world) || world.slot >= operator.endedInSlot + LONGEST_REST);
  if (!rested) return at(world, slotStart(world, world.slot + 1), considerReturn, null);
  operator.returns = false;
  operator.resumes++;
  operator.stopped = false;
  operator.finished = false;
  operator.procedure = operator.written;
  operator.state = start(operator.procedure);
  advance(world, null);
}

function reachStep(world: World, index: number, when: 'before' | 'during' | 'after'): void {
  const { resumes } = world.operator;
  world.reach?.(world, resumes === 0 ? { kind: 'step', index, when } : { kind: 'step', index, when, resume: resumes });
}

function takeStep(world: World, step: Step): void {
  const { operator } = world;
  operator.busy = true;
  operator.step = step.index;
  reachStep(world, step.index, 'before');
  if (operator.stopped) {
    missStep(world);
    return leave(world, true);
  }
  emit(world, { type: 'command', t: world.now, phase: 'start', ...inTrace(step) });
  if (step.type === 'wait') return at(world, world.now + FIXED.rpc, beginWait, step);
  operator.tape = [];
  operator.played = 0;
  operator.run = remoteRun(world, stationOf(world, step.host), step.line);
  operator.resumed = 0;
  resumeCommand(world, step);
}

function inTrace(step: Step): Pick<CommandEvent, 'step' | 'id' | 'host' | 'line'> {
  const line = step.type === 'run' ? step.line : `wait ${step.slots} slots since ${step.since}`;
  return { step: step.index + 1, id: step.step.id, host: step.host, line };
}

/** Resumes a command at the times that it asks for. "During" is the moment after its first pause. */
function resumeCommand(world: World, step: Exclude<Step, Wait>): void {
  const { operator } = world;
  if (operator.run === STANDING) {
    operator.played = 0;
    operator.run = remoteRun(world, stationOf(world, step.host), step.line);
    operator.run.next();
  }
  const result = operator.run!.next();
  const resumed = operator.resumed++;
  if (resumed === 1 || (result.done === true && resumed === 0)) reachStep(world, step.index, 'during');
  if (result.done === true) endStep(world, step, result.value);
  else at(world, result.value, resumeCommand, step);
}

function endStep(world: World, step: Step, outcome: CommandOutcome): void {
  const { operator } = world;
  operator.run = null;
  operator.tape = [];
  operator.played = 0;
  operator.resting = false;
  emit(world, { type: 'command', t: world.now, phase: 'end', ...inTrace(step), exit: outcome.exit, stdout: outcome.stdout, stderr: outcome.stderr });
  if (outcome.gap !== undefined) emit(world, { type: 'gap', t: world.now, what: outcome.gap, host: step.host });
  healAfterStep(world);
  reachStep(world, step.index, 'after');
  if (operator.stopped) leave(world, true);
  else advance(world, outcome);
}

function stationOf(world: World, host: string): Station {
  if (host === 'etcd' && world.etcd !== null) return world.etcd;
  return host === 'operator' ? world.desk : world.hosts[host as HostName];
}

/** A command in an ssh session: without a connection, or with a machine that dies, there is only exit 255. */
function* remoteRun(world: World, station: Station, line: string): Run {
  const fault = world.commandFault;
  if (fault?.kind === 'fails') {
    yield world.now + FIXED.fileCommand;
    return { exit: 1, stdout: '', stderr: 'solevoter fault: the command failed and did nothing\n' };
  }
  while (take(world, () => world.commandFault?.kind === 'hangs')) yield* pause(world, world.now + world.slotMicros);
  const reaches = () => take(world, () => sshReaches(world, world.desk, station));
  if (!reaches()) {
    yield* pause(world, world.now + FIXED.sshTimeout);
    return { exit: 255, stdout: '', stderr: `ssh: connect to host ${station.address} port 22: Connection timed out\n` };
  }
  const host = hostOf(station);
  const boot = take(world, () => (host === null ? 0 : world.hosts[host].bootId));
  const inner = shell(world, station, station.user, line);
  for (;;) {
    const step = inner.next();
    if (step.done === true) {
      if (reaches()) return step.value;
      return { exit: 255, stdout: '', stderr: 'client_loop: send disconnect: Broken pipe\n' };
    }
    yield step.value;
    if (host !== null && (!world.hosts[host].powered || world.hosts[host].bootId !== boot)) {
      return { exit: 255, stdout: '', stderr: 'client_loop: send disconnect: Broken pipe\n' };
    }
  }
}

type Wait = Extract<Effect, { type: 'wait' }>;

/** Watches the slot until it has reached the anchor plus `slots`, as `solana slot` of the operator's provider shows it. */
function beginWait(world: World, wait: Wait): void {
  const view = providerView(world);
  reachStep(world, wait.index, 'during');
  if (typeof view === 'string') return endStep(world, wait, { exit: 1, stdout: '', stderr: 'Error: the JSON-RPC provider does not answer\n' });
  watchSlot(world, { wait, from: wait.since === 'here' ? world.slot : view.lastVote });
}

function watchSlot(world: World, watch: { readonly wait: Wait; readonly from: number }): void {
  const { wait, from } = watch;
  // A vote may still be under way when the wait begins.
  const anchor = wait.since === 'last-cast-vote' ? (world.votes.findLast((vote) => vote.host === 'active')?.slot ?? world.slot) : from;
  if (world.slot < anchor + wait.slots) at(world, slotStart(world, world.slot + 1) + 1, watchSlot, watch);
  else endStep(world, wait, { exit: 0, stdout: `${world.slot}\n`, stderr: '' });
}
