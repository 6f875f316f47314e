/** An RPC node, asked by @solana/web3.js, which is loaded only when it is needed. It reads, and sends nothing. */
import { setTimeout } from 'node:timers/promises';
import type * as web3Types from '@solana/web3.js';
import { InputError } from '../model/diagnostic.ts';
import { pubkeyBytes } from '../model/identity.ts';
import { RateLimited } from '../import/rpc-votes.ts';
import type { VoteNode } from '../import/rpc-votes.ts';

/** Blocks after a slot among which one is looked for. */
const SEARCHED = 100;
/** A node that does not answer in this time is asked again, ms. */
const PATIENCE = 30_000;

/** Waits so many ms. */
export const pause = (ms: number): Promise<void> => setTimeout(ms);

/** The node at a URL, for one vote account. Throws InputError when web3.js is not there, or the words are no URL or address. */
export async function rpcNode(url: string, voteAccount: string): Promise<VoteNode> {
  const web3 = await loadWeb3();
  if (!/^https?:\/\/./.test(url)) throw new InputError([{ file: '--rpc', message: `"${url}" is no address of a node`, expected: 'a URL such as https://api.mainnet-beta.solana.com' }]);
  if (pubkeyBytes(voteAccount) === null) throw new InputError([{ file: '--vote-account', message: `"${voteAccount}" is no public key`, expected: 'an address in base58' }]);
  const account = new web3.PublicKey(voteAccount);
  const limitedFetch: typeof fetch = (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(PATIENCE) });
  const connection = new web3.Connection(url, { commitment: 'confirmed', disableRetryOnRateLimit: true, fetch: limitedFetch as never });
  const told = async <T>(ask: Promise<T>): Promise<T> => {
    try {
      return await ask;
    } catch (error) {
      if (error instanceof Error && /\b429\b/.test(error.message)) throw new RateLimited(error.message);
      throw error;
    }
  };
  return {
    async signatureAfter(slot) {
      const [block] = await told(connection.getBlocks(slot + 1, slot + SEARCHED, 'confirmed'));
      if (block === undefined) return null;
      const { signatures } = await told(connection.getBlockSignatures(block, 'confirmed'));
      return signatures[0] ?? null;
    },
    signatures: (before) => told(connection.getSignaturesForAddress(account, before === null ? {} : { before }, 'confirmed')),
    async transaction(signature) {
      const answer = await told(connection.getTransaction(signature, { commitment: 'confirmed', maxSupportedTransactionVersion: 0 }));
      if (answer === null) return null;
      const { message } = answer.transaction;
      const keys = message.staticAccountKeys;
      const instructions = message.compiledInstructions.filter(({ programIdIndex }) => keys[programIdIndex]?.equals(web3.VoteProgram.programId) === true);
      return { slot: answer.slot, err: answer.meta?.err ?? null, instructions: instructions.map(({ data }) => data) };
    },
  };
}

type Web3 = Pick<typeof web3Types, 'Connection' | 'PublicKey' | 'VoteProgram'>;

async function loadWeb3(): Promise<Web3> {
  try {
    return await import('@solana/web3.js');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new InputError([{ file: '--rpc', message: '@solana/web3.js is not installed', expected: 'npm install @solana/web3.js@1.99.0, or the votes as a file: --votes' }]);
  }
}
