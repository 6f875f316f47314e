/** The same faults in the simulated world: the product's own faults of etcd, asked through its own requests. */
import { ETCD_FAULT_KINDS } from '../../src/sim/etcd-faults.ts';
import { askEtcd, etcdOf } from '../../src/sim/etcd.ts';
import type { EtcdReply } from '../../src/sim/etcd.ts';
import type { Struck } from '../../src/sim/fault-kinds.ts';
import type { Validator } from '../../src/sim/machine.ts';
import { prepareRun } from '../../src/sim/run.ts';
import { at, stepWorld } from '../../src/sim/world.ts';
import type { World } from '../../src/sim/world.ts';
import { SITE, latencies, procedureOf } from '../../test/sim/facts/world.ts';
import { READ, valueIn, writeOf } from './fault-subject.ts';
import type { FaultName, FaultSubject, Observed } from './fault-subject.ts';
import type { Request } from './wire.ts';

const KINDS: Readonly<Record<FaultName, string | null>> = {
  freeze: 'etcd-freeze',
  kill: 'etcd-stop',
  restore: 'etcd-restore',
  'data-lost': 'etcd-data-lost',
  'full-disk': 'etcd-disk-full',
  'server-certificate-expires': 'etcd-certificate-expired',
  // In the simulation time goes on until it has expired.
  'client-certificate-expires': null,
};

const SECOND = 1_000_000;

interface Box {
  reply: EtcdReply | null;
}

/** The world of the guide with an etcd; who asks is the secondary, which by itself asks nothing. */
export function modelSubject(name: FaultName): FaultSubject {
  const world = prepareRun({
    site: SITE, procedure: { ...procedureOf([['operator', 'sleep 1']]), etcd: true, agave: '2.3.13' }, latencies: latencies(), fork: null, skips: [], preparation: [],
  }, []);
  const kind = KINDS[name] === null ? null : ETCD_FAULT_KINDS[KINDS[name]]!;
  const validator = world.hosts.inactive.validator!;
  if (name === 'client-certificate-expires') {
    const credentials = validator.etcdCredentials!;
    Object.assign(validator, { etcdCredentials: { ...credentials, certificate: { ...credentials.certificate, ends: world.now + 20 * SECOND } } });
  }
  if (name === 'restore') {
    seenIn(world, send(world, validator, writeOf('zero')));
    etcdOf(world).backup = etcdOf(world).store;
  }
  let struck: Struck | null = null;
  let waiting: Box = { reply: null };
  const write = async (value: string): Promise<Observed> => {
    waiting = send(world, validator, writeOf(value));
    return seenIn(world, waiting);
  };
  /** A process that connects only now. */
  const anew = async <T>(use: () => Promise<T>): Promise<T> => {
    const connection = validator.etcdRun;
    validator.etcdRun = null;
    const result = await use();
    // The first one has lost its own when etcd has ended meanwhile, and keeps it otherwise.
    if (connection === etcdOf(world).server!.run) validator.etcdRun = connection;
    return result;
  };
  return {
    write,
    writeAnew: (value) => anew(() => write(value)),
    read: () => anew(async () => {
      const box = send(world, validator, READ);
      if (seenIn(world, box) !== 'answered') return null;
      const { reply } = box;
      const pair = reply!.ok && reply!.answer.ok && reply!.answer.op === 'range' ? reply!.answer.pairs[0] : undefined;
      return valueIn(String(pair?.value ?? ''));
    }),
    late: async () => seenIn(world, waiting),
    strike: async () => {
      if (kind === null) return passTime(world, 21 * SECOND);
      struck = kind.start(world, 'etcd', 0);
      if (struck === null) throw new Error(`${name} does not strike`);
      // With a full disk the primary would write first.
      if (name !== 'full-disk') passTime(world, 2 * SECOND);
    },
    ended: async () => passTime(world, SECOND),
    heal: async () => {
      kind!.heal!(world, 'etcd', struck!);
      passTime(world, 2 * SECOND);
    },
  };
}

function send(world: World, validator: Validator, request: Request): Box {
  const box: Box = { reply: null };
  askEtcd<Box>(world, validator, request as Parameters<typeof askEtcd>[2], (_world, _validator, { reply, data }) => {
    data.reply = reply;
  }, box);
  return box;
}

/** A reply that has not come after two seconds waits for something. */
function seenIn(world: World, box: Box): Observed {
  const deadline = world.now + 2 * SECOND;
  while (box.reply === null && world.now < deadline) stepWorld(world);
  if (box.reply === null) return 'waits';
  return box.reply.ok && box.reply.answer.ok ? 'answered' : 'fails';
}

function passTime(world: World, micros: number): void {
  let passed = false;
  at(world, world.now + micros, () => {
    passed = true;
  }, null);
  while (!passed) stepWorld(world);
}
