/** An RPC node on loopback that has the vote transactions of a recording, for tests. It may refuse, and may stop. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { toBase58 } from '../../src/model/identity.ts';

interface Row {
  readonly slot: number;
  readonly err: unknown;
  readonly hex: string;
}

export interface FakeNode {
  readonly url: string;
  /** Requests that were answered, by method. */
  readonly asked: Map<string, number>;
  /** Most requests that were under way at once. */
  readonly atOnce: () => number;
  readonly close: () => Promise<void>;
}

const VOTE_PROGRAM = 'Vote111111111111111111111111111111111111111';
const PAGE = 100;

/** `refuse`: whether the n-th request (from 1) is answered with 429. */
export async function fakeNode(votes: string, account: string, refuse: (n: number) => boolean): Promise<FakeNode> {
  const rows = readFileSync(votes, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Row);
  const signatures = rows.map((_, i) => toBase58(Buffer.alloc(64, `signature ${i + 1000}`)));
  const asked = new Map<string, number>();
  let requests = 0;
  let underWay = 0;
  let most = 0;

  function answer(method: string, params: readonly unknown[]): unknown {
    if (method === 'getBlocks') return [(params[0] as number) + 1];
    if (method === 'getBlock') return { blockhash: toBase58(Buffer.alloc(32, 1)), previousBlockhash: toBase58(Buffer.alloc(32, 2)), parentSlot: 0, blockTime: null, blockHeight: 1, signatures: ['newest'] };
    if (method === 'getSignaturesForAddress') {
      if (params[0] !== account) return [];
      const { before } = (params[1] ?? {}) as { before?: string };
      const end = before === undefined || before === 'newest' ? rows.length : signatures.indexOf(before);
      return Array.from({ length: Math.min(PAGE, end) }, (_, i) => end - 1 - i).map((i) => ({ signature: signatures[i], slot: rows[i]!.slot, err: rows[i]!.err, memo: null, blockTime: null, confirmationStatus: 'finalized' }));
    }
    const row = rows[signatures.indexOf(params[0] as string)];
    if (method !== 'getTransaction' || row === undefined) return null;
    const data = Buffer.from(row.hex, 'hex');
    const keys = [toBase58(Buffer.alloc(32, 3)), account, VOTE_PROGRAM];
    const header = { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 1 };
    return {
      slot: row.slot, blockTime: null, version: 'legacy',
      transaction: { signatures: [params[0]], message: { accountKeys: keys, header, recentBlockhash: toBase58(Buffer.alloc(32, 4)), instructions: [{ accounts: [1, 0], data: toBase58(data), programIdIndex: 2, stackHeight: null }] } },
      meta: { err: row.err, fee: 5000, innerInstructions: [], logMessages: [], preBalances: [1, 1, 1], postBalances: [1, 1, 1], preTokenBalances: [], postTokenBalances: [], rewards: [], status: row.err === null ? { Ok: null } : { Err: row.err } },
    };
  }

  const server = createServer((request, response) => {
    most = Math.max(most, ++underWay);
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      underWay--;
      if (refuse(++requests)) {
        response.writeHead(429, 'Too Many Requests').end('slow down');
        return;
      }
      const { id, method, params } = JSON.parse(body) as { id: string; method: string; params: readonly unknown[] };
      asked.set(method, (asked.get(method) ?? 0) + 1);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ jsonrpc: '2.0', id, result: answer(method, params) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    atOnce: () => most,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
