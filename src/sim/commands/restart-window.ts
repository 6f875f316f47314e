/**
 * `agave-validator wait-for-restart-window`: the algorithm of agave validator/src/commands/wait_for_restart_window/mod.rs
 * (4.2), blind spots included: 0.4 s a slot whatever the cluster does, `--skip-new-snapshot-check` skips the delinquency
 * check as well, and nothing is looked at again after it returns. Epochs end outside of the simulated time, and after the
 * leader windows that the site names comes an idle time (assumptions). So the error "Validator has no idle window of at
 * least …", exit 1, does not occur here: seen in 4.2 where the rest of the epoch has no window that is long enough, and
 * not in 2.3 and 3.0, where it is guarded by a list that has just been emptied, and the command waits on.
 */
import { throwawayKeyIn } from '../../model/identity.ts';
import { attempt } from '../disk-error.ts';
import { FIXED } from '../latency.ts';
import { isOwnLeaderSlot } from '../slots.ts';
import type { World } from '../world.ts';
import { done, failed, gap, parseOptions, pause, take } from './command.ts';
import type { CommandContext, Run } from './command.ts';
import type { Socket } from './agave-validator.ts';
import { isHealthy } from './json-rpc.ts';
import { REFUSED, commandFailed } from './validator-failure.ts';

const SECONDS_PER_SLOT = 0.4;
const POLL = 5_000_000;
/** Until the snapshot for which it waits: an assumption. Every 100 slots there is one; who asks may come at any time. */
const NEW_SNAPSHOT = 2_000_000;

export function* waitForRestartWindow(context: CommandContext, socket: Socket, args: readonly string[]): Run {
  const options = parseOptions(args, ['--skip-new-snapshot-check', '--skip-health-check'], ['--min-idle-time', '--max-delinquent-stake', '--identity']);
  if (options.unknown !== null || options.positionals.length > 0) return gap(`agave-validator wait-for-restart-window ${args.join(' ')}`);
  const minutes = Number(options.values.get('--min-idle-time') ?? '10');
  if (!Number.isInteger(minutes) || minutes < 0) return failed(1, `error: Invalid value for '--min-idle-time <MINUTES>': invalid digit found in string`);
  const { world } = context;
  const seen = take(world, () => ({
    error: socket.error, loading: socket.validator?.phase === 'loading', identity: watchedIdentity(context, options.values.get('--identity')) ?? socket.validator?.clusterIdentity ?? null,
  }));
  if (seen.error !== null) return commandFailed(`Failed to check if validator is generating snapshots: ${seen.error}`);
  if (seen.loading) return commandFailed('Failed to check if validator is generating snapshots: Server returned rpc error Invalid params: snapshot_controller unavailable');
  const { identity } = seen;
  const idleSlots = Math.floor((minutes * 60) / SECONDS_PER_SLOT);
  let stdout = `Identity: ${identity}\nMinimum Idle Time: ${idleSlots} slots (~${minutes} minutes)\nMaximum permitted delinquency: ${options.values.get('--max-delinquent-stake') ?? '5'}%\n`;
  if (!options.flags.has('--skip-new-snapshot-check')) yield* pause(world, world.now + NEW_SNAPSHOT);
  for (;;) {
    yield* pause(world, world.now + FIXED.rpc);
    const state = take(world, () => {
      if (socket.machine.validator === null) return 'gone';
      const next = identity === world.stakedIdentity ? nextLeaderSlot(world) : null;
      const healthy = options.flags.has('--skip-health-check') || isHealthy(world, socket.machine);
      return healthy && (next === null || next - world.slot >= idleSlots) ? 'idle' : 'busy';
    });
    if (state === 'gone') return commandFailed(`admin rpc error: ${REFUSED}`, stdout);
    if (state === 'idle') break;
    yield* pause(world, world.now + POLL);
  }
  stdout += 'Ready to restart\n';
  return done(stdout);
}

/** `--identity` takes an address or a key file. */
function watchedIdentity(context: CommandContext, given: string | undefined): string | null {
  if (given === undefined) return null;
  const file = attempt(() => context.station.disk.readFile(given, { user: context.user, cwd: context.cwd }));
  if (!file.ok) return given;
  const key = throwawayKeyIn(new TextDecoder().decode(file.value));
  return typeof key === 'string' ? given : key.address;
}

function nextLeaderSlot(world: World): number | null {
  const ahead = world.site.leaderWindows
    .flatMap((first) => [0, 1, 2, 3].map((i) => world.startSlot + first + i))
    .filter((slot) => slot > world.slot && isOwnLeaderSlot(world, slot));
  return ahead.length === 0 ? null : Math.min(...ahead);
}
