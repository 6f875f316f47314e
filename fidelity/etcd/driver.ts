/**
 * The driver of both stores: a client of etcd's own protocol (package etcd3, gRPC over TLS) that says what it was answered.
 * It repeats nothing by itself: a repeated transaction has another answer.
 */
import { noop } from 'cockatiel';
import { Etcd3 } from 'etcd3';
import { askStore } from '../../src/model/etcd-store.ts';
import type { EtcdStore } from '../../src/model/etcd-store.ts';
import type { ClientFiles } from './certificates.ts';
import { answerOf, callOf, requestOf, responseOf } from './wire.ts';
import type { Answer, Request, WireCall } from './wire.ts';

/** Why there is no answer of the store. */
export type Unanswered =
  /** Nobody listens there. */
  | 'connection refused'
  /** One of both sides does not accept the other's certificate. */
  | 'certificate refused'
  /** The connection broke while the answer was awaited: it is not known what the store did. */
  | 'connection broken'
  /** None came before the deadline. */
  | 'no answer';

export type Reply =
  | Answer
  | { readonly ok: false; readonly error: { readonly code: 'Unavailable'; readonly message: Unanswered } }
  /** The NOSPACE alarm, which the simulated store does not have. */
  | { readonly ok: false; readonly error: { readonly code: 'ResourceExhausted'; readonly message: string } };

const CODES: Readonly<Record<string, 'InvalidArgument' | 'ResourceExhausted' | 'OutOfRange'>> = { 3: 'InvalidArgument', 8: 'ResourceExhausted', 11: 'OutOfRange' };

export interface Driver {
  /** Sends one request and waits for the answer, for at most `patience` milliseconds. */
  ask(request: Request, patience?: number): Promise<Reply>;
  close(): void;
}

/** A client of the etcd at HOST:PORT. A broken connection is made anew by the next request. */
export function realDriver(address: string, files: ClientFiles): Driver {
  const connect = () => new Etcd3({
    hosts: `https://${address}`,
    credentials: files as ClientFiles & { rootCertificate: Buffer },
    faultHandling: { host: () => noop, global: noop },
    // A request may not share the connection of an earlier client, which may have shown another certificate.
    grpcOptions: { 'grpc.use_local_subchannel_pool': 1 },
  });
  let client = connect();
  let connected = false;
  return {
    ask: async (request, patience = 60_000) => {
      const reply = await exchange(client, request, Date.now() + patience);
      if (reply.ok || reply.error.code !== 'Unavailable') {
        connected = true;
        return reply;
      }
      client.close();
      client = connect();
      // The server's alert may be overtaken by the end of the connection (TLS 1.3 tells a client at once that it is through).
      const overtaken = !connected && reply.error.message === 'connection broken';
      connected = false;
      return overtaken ? unanswered('certificate refused') : reply;
    },
    close: () => client.close(),
  };
}

/** A client of a simulated store, which `store` holds: the same client, up to the wire. */
export function simulatedDriver(store: { current: EtcdStore<string> }): Driver {
  // It is never connected.
  const client = new Etcd3({ hosts: 'http://127.0.0.1:1' });
  client.mock({
    exec: (_service: string, method: string, params: unknown) => {
      const { store: next, answer } = askStore(store.current, requestOf({ method, params } as WireCall));
      store.current = next;
      if (answer.ok) return Promise.resolve(responseOf(answer));
      const code = Object.keys(CODES).find((number) => CODES[number] === answer.error.code);
      return Promise.reject(new Error(`${code} STATUS: ${answer.error.message}`));
    },
  } as Parameters<typeof client.mock>[0]);
  return { ask: (request) => exchange(client, request, Infinity), close: () => client.close() };
}

async function exchange(client: Etcd3, request: Request, deadline: number): Promise<Reply> {
  const call = callOf(request);
  try {
    const options = { deadline };
    switch (call.method) {
      case 'range': return answerOf(request, await client.kv.range(call.params, options));
      case 'put': return answerOf(request, await client.kv.put(call.params, options));
      case 'deleteRange': return answerOf(request, await client.kv.deleteRange(call.params, options));
      case 'txn': return answerOf(request, await client.kv.txn(call.params, options));
      case 'compact': return answerOf(request, await client.kv.compact(call.params, options));
    }
  } catch (error) {
    return failure(error as Error);
  }
}

/** The gRPC status of a failed call. Throws what is none. */
function failure(error: Error): Reply {
  const [, number, message = ''] = /^(\d+) [A-Z_]+: ([^]*)$/.exec(error.message) ?? [];
  if (number === '4') return unanswered('no answer');
  if (number === '14') {
    if (/SSL|TLS|certificate/i.test(message)) return unanswered('certificate refused');
    return unanswered(/ECONNREFUSED/.test(message) ? 'connection refused' : 'connection broken');
  }
  const code = CODES[number ?? ''];
  if (code === undefined) throw error;
  return { ok: false, error: { code, message } } as Reply;
}

function unanswered(message: Unanswered): Reply {
  return { ok: false, error: { code: 'Unavailable', message } };
}
