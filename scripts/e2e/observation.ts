/** What was seen on the hosts after a procedure: which processes ended and why, and who votes. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../../src/sim/faults.ts';
import { execute } from './lab.ts';
import type { Keys, Lab } from './lab.ts';
import { reasonOf } from './prediction.ts';
import type { Ended } from './prediction.ts';
import type { ProcessRecord, Recorder } from './recorder.ts';
import { lastVote } from './stage.ts';
import type { Cast, Role } from './stage.ts';

const ROLES: readonly Role[] = ['active', 'inactive'];
/** Time in a line of the log. */
const TIME = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+)/;
/** From the reason in a log to the end of its process, and the inaccuracy of the two clocks. */
const NEAR_MS = 8_000;

/** With this reason all services of a process end, and it hangs: its supervisor sees no end. */
const HANGS = 'Unable to load new tower';

/** Ends of processes that nobody asked for. A kill is one only where the plan has a crash. */
export async function endsSeen(recorder: Recorder, faults: readonly Fault[]): Promise<Ended[]> {
  const crash = faults.some(({ kind }) => kind === 'crash');
  const ended = (await recorder.processes()).filter(({ exit }) => exit !== null && exit !== 143 && (exit !== 137 || crash));
  const reasons = new Map<Role, readonly (readonly [at: number, reason: string])[]>();
  for (const host of ROLES) reasons.set(host, reasonsIn(await recorder.logSince(host)));
  const ends = ended.map((process) => ({ host: process.host, reason: reasonFor(process, reasons.get(process.host)!) }));
  const hung = ROLES.filter((host) => reasons.get(host)!.some(([, reason]) => reason === HANGS) && !ends.some((end) => end.host === host && end.reason === HANGS));
  return [...ends, ...hung.map((host) => ({ host, reason: HANGS }))];
}

function reasonFor({ time, exit }: ProcessRecord, reasons: readonly (readonly [at: number, reason: string])[]): string {
  if (exit === 137) return 'killed';
  const at = Date.parse(time);
  return reasons.find(([told]) => told > at - NEAR_MS && told < at + 1000)?.[1] ?? `exit ${exit!}`;
}

/** Lines that tell why a process ends. A panic has no time of its own: that of the line before it. */
function reasonsIn(log: string): (readonly [at: number, reason: string])[] {
  let at = 0;
  return log.split('\n').flatMap((line) => {
    const time = TIME.exec(line)?.[1];
    if (time !== undefined) at = Date.parse(`${time}Z`);
    const reason = reasonOf(line);
    return reason === null ? [] : [[at, reason] as const];
  });
}

/** Hosts that have the staked identity and do not say that they cannot vote, if votes of the account land at all. */
export async function votersNow(lab: Lab, keys: Keys, cast: Cast, seconds: number): Promise<Role[]> {
  const before = await lastVote(lab.connection, keys.vote);
  const marks = await Promise.all(ROLES.map((role) => logSize(cast, role)));
  await pause(seconds * 1000);
  if ((await lastVote(lab.connection, keys.vote)) < before + 3) return [];
  const votes = await Promise.all(ROLES.map(async (role, i) => {
    const { container } = cast[role];
    const identity = await execute(container, ['agave-validator', '-l', '/mnt/ledger', 'contact-info'], 'sol');
    if (!identity.stdout.includes(`Identity: ${keys.staked.publicKey.toBase58()}`)) return false;
    const fresh = await execute(container, ['bash', '-c', `tail -c +${marks[i]! + 1} ${LOG} | grep -c 'Unable to vote'`], 'sol');
    return fresh.stdout.trim() === '0';
  }));
  return ROLES.filter((_, i) => votes[i]);
}

const LOG = '/home/sol/solana-validator.log';

async function logSize(cast: Cast, role: Role): Promise<number> {
  return Number((await execute(cast[role].container, ['stat', '-c', '%s', LOG], 'sol')).stdout || 0);
}
