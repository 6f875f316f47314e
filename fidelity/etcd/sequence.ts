/** Random sequences of what two validators and an operator do to an etcd, and their run on one, answer by answer. */
import fc from 'fast-check';
import { readTower, storeError, takeLock, towerIn, writeTower } from '../../src/model/etcd-lock.ts';
import { CLIENT_CERTIFICATES, SERVER_CERTIFICATES } from './etcd.ts';
import type { ClientCertificate, Etcd, ServerCertificate } from './etcd.ts';
import type { Driver } from './driver.ts';
import type { Request } from './wire.ts';

const HOSTS = ['primary', 'secondary'] as const;
type HostName = (typeof HOSTS)[number];

/** Revisions count from the first of the sequence. Keys are `instance` and `tower` of the identity, and one more. */
export type Step =
  | { readonly do: 'nothing' }
  /** The process of a host starts: a new instance id, a new connection with the certificate that it finds. */
  | { readonly do: 'start'; readonly host: HostName; readonly millisecond: number; readonly certificate: ClientCertificate }
  | { readonly do: 'load'; readonly host: HostName }
  /** Only the first transaction of a load, as a process does that dies between the two. */
  | { readonly do: 'take-lock'; readonly host: HostName }
  | { readonly do: 'read-tower'; readonly host: HostName }
  | { readonly do: 'store'; readonly host: HostName; readonly tower: string }
  | { readonly do: 'range'; readonly host: HostName; readonly key: KeyName; readonly to: KeyName | null; readonly revision: number | null; readonly limit: number }
  | { readonly do: 'put'; readonly host: HostName; readonly key: KeyName; readonly value: string }
  | { readonly do: 'delete'; readonly host: HostName; readonly key: KeyName; readonly to: KeyName | null }
  | { readonly do: 'compare'; readonly host: HostName; readonly key: KeyName; readonly target: 'value' | 'version' | 'create' | 'mod'; readonly result: 'equal' | 'not-equal' | 'greater' | 'less'; readonly operand: number; readonly put: KeyName; readonly get: KeyName; readonly twice: boolean }
  | { readonly do: 'compact'; readonly host: HostName; readonly revision: number }
  /** What `--auto-compaction-mode revision --auto-compaction-retention 2` does every five minutes. */
  | { readonly do: 'auto-compact'; readonly host: HostName }
  | { readonly do: 'stop-etcd'; readonly signal: 'SIGTERM' | 'SIGKILL' }
  | { readonly do: 'start-etcd' }
  | { readonly do: 'restart-etcd'; readonly signal: 'SIGTERM' | 'SIGKILL' }
  | { readonly do: 'show-certificate'; readonly certificate: ServerCertificate };

/** In the order in which etcd sorts them. */
const KEYS = ['instance', 'note', 'tower', 'z'] as const;
type KeyName = (typeof KEYS)[number];

const host = fc.constantFrom(...HOSTS);
const key = fc.constantFrom(...KEYS);
const value = fc.constantFrom('', 'one', 'two', '\xff\x00');
const revision = fc.integer({ min: -1, max: 24 });
const signal = fc.constantFrom('SIGTERM' as const, 'SIGKILL' as const);
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const kind = <Name extends Step['do']>(name: Name) => ({ do: fc.constant(name) });

/** One step; shrinks to none. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'nothing' }) },
  { weight: 8, arbitrary: fc.record({ ...kind('start'), host, millisecond: fc.integer({ min: 1, max: 4 }), certificate: fc.oneof({ weight: 5, arbitrary: fc.constant('validator' as const) }, { weight: 2, arbitrary: fc.constantFrom(...CLIENT_CERTIFICATES) }) }) },
  { weight: 14, arbitrary: fc.record({ ...kind('load'), host }) },
  { weight: 6, arbitrary: fc.record({ ...kind('take-lock'), host }) },
  { weight: 4, arbitrary: fc.record({ ...kind('read-tower'), host }) },
  { weight: 20, arbitrary: fc.record({ ...kind('store'), host, tower: value }) },
  { weight: 10, arbitrary: fc.record({ ...kind('range'), host, key, to: optional(key), revision: optional(revision), limit: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ ...kind('put'), host, key, value }) },
  { weight: 4, arbitrary: fc.record({ ...kind('delete'), host, key, to: optional(key) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      ...kind('compare'), host, key, target: fc.constantFrom('value' as const, 'version' as const, 'create' as const, 'mod' as const),
      result: fc.constantFrom('equal' as const, 'not-equal' as const, 'greater' as const, 'less' as const), operand: fc.integer({ min: 0, max: 6 }), put: key, get: key, twice: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ ...kind('compact'), host, revision }) },
  { weight: 3, arbitrary: fc.record({ ...kind('auto-compact'), host }) },
  // A start of etcd takes longer than all other steps of a sequence together.
  {
    weight: 2,
    arbitrary: fc.oneof(fc.record({ ...kind('stop-etcd'), signal }), fc.record({ ...kind('start-etcd') }), fc.record({ ...kind('restart-etcd'), signal })),
  },
  { weight: 3, arbitrary: fc.record({ ...kind('show-certificate'), certificate: fc.oneof({ weight: 2, arbitrary: fc.constant('etcd' as const) }, { weight: 1, arbitrary: fc.constantFrom(...SERVER_CERTIFICATES) }) }) },
);

export const STEPS = 20;

/** `STEPS` steps; fewer when it has been shrunk. Of more drawn ones the first that do something are taken. */
export const sequence: fc.Arbitrary<readonly Step[]> = fc
  .array(step, { minLength: STEPS + 8, maxLength: STEPS + 8 })
  .map((steps) => steps.filter((one) => one.do !== 'nothing').slice(0, STEPS));

interface Process {
  readonly instance: string;
  readonly driver: Driver;
}

/** A sequence on one etcd. Its keys are those of an identity of its own, its revisions count on from `base`. */
export class Run {
  readonly #etcd: Etcd;
  readonly #identity: string;
  readonly #base: number;
  readonly #hosts: Record<HostName, Process>;
  #up = true;

  constructor(etcd: Etcd, identity: string, base: number) {
    this.#etcd = etcd;
    this.#identity = identity;
    this.#base = base;
    this.#hosts = { primary: this.#process(1, 'validator'), secondary: this.#process(2, 'validator') };
  }

  #process(millisecond: number, certificate: ClientCertificate): Process {
    return { instance: instanceId(millisecond), driver: this.#etcd.client(certificate) };
  }

  /** What a step was answered, as it is compared. */
  async take(step: Step): Promise<unknown> {
    switch (step.do) {
      case 'nothing': return null;
      case 'start':
        this.#hosts[step.host].driver.close();
        this.#hosts[step.host] = this.#process(step.millisecond, step.certificate);
        return null;
      case 'show-certificate': return this.#etcd.showCertificate(step.certificate);
      case 'stop-etcd': return await this.#stop(step.signal);
      case 'start-etcd': return await this.#start();
      case 'restart-etcd':
        await this.#stop(step.signal);
        return await this.#start();
      default: return await this.#ask(step);
    }
  }

  /** Ends the clients, and leaves etcd running with its own certificate. */
  async end(): Promise<void> {
    for (const name of HOSTS) this.#hosts[name].driver.close();
    this.#etcd.showCertificate('etcd');
    await this.#start();
  }

  async #stop(by: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#up) await this.#etcd.stop(by);
    this.#up = false;
  }

  async #start(): Promise<void> {
    if (!this.#up) await this.#etcd.start();
    this.#up = true;
  }

  async #ask(step: Extract<Step, { host: HostName }>): Promise<unknown> {
    const { instance, driver } = this.#hosts[step.host];
    const name = (of: KeyName): string => `${this.#identity}/${of}`;
    const range = (to: KeyName | null) => (to === null ? {} : { end: name(to) });
    switch (step.do) {
      case 'load': {
        const locked = await driver.ask(takeLock(this.#identity, instance));
        if (!locked.ok) return locked;
        const read = await driver.ask(readTower(this.#identity, instance));
        return [locked, read, read.ok ? towerIn(read) : null];
      }
      case 'take-lock': return await driver.ask(takeLock(this.#identity, instance));
      case 'read-tower': return await driver.ask(readTower(this.#identity, instance));
      case 'store': {
        const stored = await driver.ask(writeTower(this.#identity, instance, step.tower));
        return [stored, stored.ok ? storeError(stored) : null];
      }
      case 'range': {
        const at = step.revision === null ? {} : { revision: this.#base + step.revision };
        return await driver.ask({ op: 'range', key: name(step.key), ...range(step.to), ...at, limit: step.limit });
      }
      case 'put': return await driver.ask({ op: 'put', key: name(step.key), value: step.value });
      case 'delete': return await driver.ask({ op: 'delete', key: name(step.key), ...range(step.to) });
      case 'compare': return await driver.ask(this.#compare(step));
      case 'compact': return await driver.ask({ op: 'compact', revision: this.#base + step.revision });
      case 'auto-compact': {
        const now = await driver.ask({ op: 'range', key: name('tower') });
        return now.ok ? await driver.ask({ op: 'compact', revision: now.revision - 2 }) : now;
      }
      case 'start': throw new Error('not a request');
    }
  }

  #compare(step: Extract<Step, { do: 'compare' }>): Request {
    const name = (of: KeyName): string => `${this.#identity}/${of}`;
    const { target } = step;
    const operand = target === 'value' ? ['', 'one', 'two', '\xff\x00'][step.operand % 4]! : target === 'version' ? step.operand : this.#base + step.operand;
    const put = { op: 'put', key: name(step.put), value: 'one' } as const;
    const get = { op: 'range', key: name(step.get) } as const;
    return { op: 'txn', compare: [{ key: name(step.key), target, result: step.result, operand }], success: [put, get, ...(step.twice ? [put] : [])], failure: [get, { op: 'delete', key: name(step.put) }] };
  }
}

/** The value of the key `instance`: 8 bytes, the milliseconds as u64 little endian. */
export function instanceId(millisecond: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(millisecond));
  return bytes.toString('latin1');
}
