/**
 * One script for a fault of etcd, on a real one and on the simulated world: what a client is answered before, during and
 * after. A client here is the connection of one process.
 */
import type { Request } from './wire.ts';

/** answered: the store did it. fails: the client is told an error. waits: nothing comes as long as the fault lasts. */
export type Observed = 'answered' | 'fails' | 'waits';

export const FAULTS = ['freeze', 'kill', 'restore', 'data-lost', 'full-disk', 'server-certificate-expires', 'client-certificate-expires'] as const;
export type FaultName = (typeof FAULTS)[number];

export interface FaultSubject {
  /** A write by the client that has been connected from the beginning. */
  write(value: string): Promise<Observed>;
  /** The same by a client that connects only now. */
  writeAnew(value: string): Promise<Observed>;
  /** What a client that connects only now reads; null when it gets no answer, "" when there is no value. */
  read(): Promise<string | null>;
  /** What the last write that waited was answered after all. */
  late(): Promise<Observed>;
  strike(): Promise<void>;
  /** Resolves when etcd has ended by the fault. */
  ended(): Promise<void>;
  heal(): Promise<void>;
}

const KEY = 'identity/tower';
/** Bytes of a tower. */
const TOWER_SIZE = 2319;
export const writeOf = (value: string): Request => ({ op: 'put', key: KEY, value: value.padEnd(TOWER_SIZE) });
export const READ: Request = { op: 'range', key: KEY };
export const valueIn = (text: string): string => text.trimEnd();

type Script = (subject: FaultSubject) => AsyncGenerator<readonly [seen: string, what: string | null]>;

/** What is done, and in which words it is told. */
export const SCRIPTS: Readonly<Record<FaultName, { readonly title: string; readonly script: Script }>> = {
  freeze: {
    title: 'stands still (SIGSTOP), then goes on',
    async *script(subject) {
      yield ['write before', await subject.write('one')];
      await subject.strike();
      yield ['write meanwhile', await subject.write('two')];
      await subject.heal();
      yield ['that write, after', await subject.late()];
      yield ['stored', await subject.read()];
    },
  },
  kill: {
    title: 'is killed (kill -9), then started again',
    async *script(subject) {
      yield ['write before', await subject.write('one')];
      await subject.strike();
      yield ['write meanwhile', await subject.write('two')];
      yield ['of a new client', await subject.writeAnew('two')];
      await subject.heal();
      yield ['stored', await subject.read()];
      yield ['write after', await subject.write('three')];
    },
  },
  restore: {
    title: 'is restored from a snapshot',
    async *script(subject) {
      yield ['write after the snapshot', await subject.write('one')];
      await subject.strike();
      yield ['stored', await subject.read()];
      yield ['write of a new client', await subject.writeAnew('two')];
    },
  },
  'data-lost': {
    title: 'is started without its data',
    async *script(subject) {
      yield ['write before', await subject.write('one')];
      await subject.strike();
      yield ['stored', await subject.read()];
      yield ['write of a new client', await subject.writeAnew('two')];
    },
  },
  'full-disk': {
    title: 'its disk is full; then there is room, and it is started again',
    async *script(subject) {
      yield ['write before', await subject.write('one')];
      await subject.strike();
      yield ['the first write', await subject.write('two')];
      // What is under way when etcd ends is answered to nobody, and may be in its log all the same.
      const stored = ['two', 'more 0'];
      for (let n = 0; n < 5_000 && (await subject.write(`more ${n}`)) === 'answered'; n++) stored.splice(0, 2, `more ${n}`, `more ${n + 1}`);
      await subject.ended();
      yield ['a later one', await subject.write('late')];
      await subject.heal();
      yield ['stored', stored.includes((await subject.read()) ?? '') ? 'the last that was answered, or the one under way' : 'another'];
      yield ['write after', await subject.write('four')];
    },
  },
  'server-certificate-expires': {
    title: 'its certificate expires, and is renewed',
    async *script(subject) {
      yield ['write before', await subject.write('one')];
      await subject.strike();
      yield ['write on the connection that stands', await subject.write('two')];
      yield ['of a new client', await subject.writeAnew('three')];
      await subject.heal();
      yield ['of a new client, after', await subject.writeAnew('four')];
      yield ['stored', await subject.read()];
    },
  },
  'client-certificate-expires': {
    title: 'the certificate of the clients expires',
    async *script(subject) {
      yield ['write before', await subject.write('one')];
      await subject.strike();
      yield ['write on the connection that stands', await subject.write('two')];
      yield ['of a new client', await subject.writeAnew('three')];
    },
  },
};

/** What was seen, in order. */
export async function observe(name: FaultName, subject: FaultSubject): Promise<[string, string][]> {
  const seen: [string, string][] = [];
  for await (const [what, value] of SCRIPTS[name].script(subject)) seen.push([what, value === '' ? 'nothing' : value ?? 'no answer']);
  return seen;
}
