/** `solana` and `curl`: what operators ask the cluster and a node, with the plain output that scripts look at. */
import { HOST_NAMES } from '../host-name.ts';
import { isCut } from '../network.ts';
import { FIXED } from '../latency.ts';
import type { Machine } from '../machine.ts';
import { done, failed, gap, hostOf, machineOf, parseOptions, pause, take } from './command.ts';
import type { Command, CommandContext, Run } from './command.ts';
import { curlToEtcd } from './etcd-tools.ts';
import { hostView, isHealthy, providerView } from './json-rpc.ts';
import type { RpcView } from './json-rpc.ts';
import type { World } from '../world.ts';

/** The view at a commitment: "processed" and "confirmed" are the newest bank here (an assumption). */
function atCommitment(view: RpcView, level: string): RpcView {
  return level === 'finalized' ? view.asFinalized() : view;
}

const UNREACHABLE = 'Error: error sending request for url (http://127.0.0.1:8899/)';
const PROVIDER_DOWN = 'Error: error sending request for url (https://api.example/)';

export const solana: Command = function* (context, argv) {
  const options = parseOptions(argv.slice(1), ['--our-localhost-default', '--verbose|-v', '--follow'], ['-u|--url', '--our-localhost', '--commitment', '--output']);
  const [sub, ...rest] = options.positionals;
  if (options.unknown !== null) return gap(`solana ${sub ?? ''} ${options.unknown}`);
  if (options.values.has('--output')) return gap('solana --output');
  // The client asks for "confirmed" where nothing else is said.
  const level = options.values.get('--commitment') ?? 'confirmed';
  switch (sub) {
    case 'slot':
      return yield* answer(context, options.values.get('--url'), (view) => `${atCommitment(view, level).slot}\n`);
    case 'catchup':
      return yield* catchup(context, options.values.has('--our-localhost'), rest);
    case 'vote-account':
      return yield* answer(context, options.values.get('--url'), (view) =>
        `Validator Identity: ${context.world.stakedIdentity}\nRoot Slot: ${view.finalized}\nRecent Votes:\n- slot: ${view.lastVote}\n  confirmation count: 1\n`);
    case 'validators':
      return yield* answer(context, options.values.get('--url'), (view) =>
        `  Identity  Vote Account  Last Vote\n${view.delinquent ? '! ' : '  '}${context.world.stakedIdentity}  ${context.world.voteAccount}  ${view.lastVote}\n`);
    case 'leader-schedule':
      return yield* answer(context, options.values.get('--url'), () => leaderSchedule(context));
    default:
      return gap(`solana ${sub ?? ''}`);
  }
};

function leaderSchedule(context: CommandContext): string {
  const { world } = context;
  const rows = [...world.site.leaderWindows].sort((a, b) => a - b).flatMap((first) => [0, 1, 2, 3].map((i) => `  ${world.startSlot + first + i}  ${world.stakedIdentity}\n`));
  return rows.join('');
}

/** A question to the provider, or to the own node with `-u l`, `-u localhost` or its address. */
function* answer(context: CommandContext, url: string | undefined, print: (view: RpcView) => string): Run {
  yield context.world.now + FIXED.rpc;
  const local = url === 'l' || url === 'localhost' || /127\.0\.0\.1|localhost/.test(url ?? '');
  if (local) {
    const machine = machineOf(context);
    const view = machine === null ? null : hostView(machine);
    return view === null ? failed(1, UNREACHABLE) : done(print(view));
  }
  const host = hostOf(context.station);
  if (host !== null && isCut(context.world.network, host, 'rpc', 'out')) return failed(1, PROVIDER_DOWN);
  const view = providerView(context.world);
  if (view === 'error') return failed(1, PROVIDER_DOWN);
  // An empty body: the client prints nothing that a script could parse.
  return view === 'empty' ? failed(1, 'Error: EOF while parsing a value at line 1 column 0') : done(print(view));
}

/** Between two polls of `solana catchup`, and after a slot that could not be asked for, µs; the sixth such slot in a row ends it. */
const CATCHUP_POLL = 2_000_000;
const CATCHUP_RETRY = 1_000_000;
const CATCHUP_RETRIES = 5;

/**
 * Until the node is ahead of the provider, or of where that was at the poll before: so a node that follows takes one
 * poll, about two seconds (agave cli/src/cluster_query.rs process_catchup, 4.2; 2.0 to 2.2 s on real validators).
 */
function* catchup(context: CommandContext, ourLocalhost: boolean, rest: readonly string[]): Run {
  if (!ourLocalhost) return gap(`solana catchup ${rest.join(' ')} without --our-localhost`);
  const { world } = context;
  const machine = machineOf(context);
  if (machine === null) return failed(1, UNREACHABLE);
  const ask = () => take(world, () => ({ us: hostView(machine)?.slot ?? null, them: providerSlot(world, machine), identity: machine.validator?.clusterIdentity ?? null }));
  yield* pause(world, world.now + FIXED.rpc);
  // Both are asked for their identity first, without a retry.
  let seen = ask();
  const { identity } = seen;
  if (seen.us === null) return failed(1, UNREACHABLE);
  if (seen.them === null) return failed(1, PROVIDER_DOWN);
  let previous = Number.POSITIVE_INFINITY;
  for (let failures = 0; ; seen = ask()) {
    const { us, them } = seen;
    if (them === null || us === null) {
      if (failures++ === CATCHUP_RETRIES) return failed(1, them === null ? PROVIDER_DOWN : UNREACHABLE);
      yield* pause(world, world.now + CATCHUP_RETRY);
      continue;
    }
    failures = 0;
    if (us > Math.min(previous, them)) return done(`${identity} has caught up (us:${us} them:${them})\n`);
    previous = them;
    yield* pause(world, world.now + CATCHUP_POLL);
  }
}

/** The provider's slot as this host is told it; null when it does not answer. */
function providerSlot(world: World, { name }: Machine): number | null {
  if (isCut(world.network, name, 'rpc', 'out')) return null;
  const view = providerView(world);
  return typeof view === 'string' ? null : view.slot;
}

/** getHealth and the few JSON-RPC methods that failover scripts use. */
export const curl: Command = function* (context, argv) {
  const options = parseOptions(argv.slice(1), ['-s|--silent', '-f|--fail', '-S|--show-error', '-sS', '-sf', '-fsS'], ['-X|--request', '-H|--header', '-d|--data', '-m|--max-time']);
  if (context.world.etcd !== null && argv.some((word) => /^https:\/\/.*:2379(\/|$)/.test(word))) return yield* curlToEtcd(context, argv);
  if (options.unknown !== null) return gap(`curl ${options.unknown}`);
  const [url, extra] = options.positionals;
  if (url === undefined || extra !== undefined) return gap(`curl ${options.positionals.join(' ')}`);
  yield context.world.now + FIXED.rpc;
  const machine = targetOf(context, url);
  if (machine === 'provider') return rpcMethod(context, options.values.get('--data'), null);
  if (machine === null || hostView(machine) === null) return failed(7, `curl: (7) Failed to connect to ${new URL(url).host} port 8899: Connection refused`);
  if (url.endsWith('/health')) return done(isHealthy(context.world, machine) ? 'ok' : 'behind');
  return rpcMethod(context, options.values.get('--data'), machine);
};

function targetOf(context: CommandContext, url: string): Machine | 'provider' | null {
  const host = /^https?:\/\/([^:/]+)/.exec(url)?.[1] ?? url.split(/[:/]/)[0];
  if (host === 'localhost' || host === '127.0.0.1') return machineOf(context);
  const name = HOST_NAMES.find((candidate) => context.world.hosts[candidate].address === host);
  return name === undefined ? 'provider' : context.world.hosts[name];
}

function commitmentOf(params: unknown): string {
  const options = (Array.isArray(params) ? params : []).find((one) => typeof one === 'object' && one !== null) as { commitment?: unknown } | undefined;
  return typeof options?.commitment === 'string' ? options.commitment : 'finalized';
}

function rpcMethod(context: CommandContext, body: string | undefined, machine: Machine | null): ReturnType<typeof done> {
  if (body === undefined) return gap('curl without --data on a JSON-RPC address');
  let method: unknown;
  let params: unknown;
  try {
    ({ method, params } = JSON.parse(body) as { method?: unknown; params?: unknown });
  } catch {
    return done('{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"},"id":null}\n');
  }
  const seen = machine === null ? providerView(context.world) : hostView(machine);
  if (seen === null || seen === 'error') return failed(28, 'curl: (28) Operation timed out');
  if (seen === 'empty') return failed(52, 'curl: (52) Empty reply from server');
  // The server's own default is "finalized" (agave rpc/src/rpc.rs, the default of CommitmentConfig).
  const view = atCommitment(seen, commitmentOf(params));
  const result = (value: unknown) => done(`${JSON.stringify({ jsonrpc: '2.0', result: value, id: 1 })}\n`);
  if (method === 'getSlot') return result(view.slot);
  if (method === 'getHealth') return result('ok');
  if (method === 'getIdentity' && machine?.validator != null) return result({ identity: machine.validator.clusterIdentity });
  if (method === 'getVoteAccounts') {
    const account = { votePubkey: context.world.voteAccount, nodePubkey: context.world.stakedIdentity, lastVote: view.lastVote, rootSlot: view.finalized };
    return result(view.delinquent ? { current: [], delinquent: [account] } : { current: [account], delinquent: [] });
  }
  return gap(`JSON-RPC method ${String(method)}`);
}
