/** Landed votes read from an RPC node (a fake one on loopback, through @solana/web3.js) are those of the record. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readRecording } from '../../src/cli/import.ts';
import { rpcNode } from '../../src/cli/rpc-node.ts';
import { parseLanded } from '../../src/import/landed-vote.ts';
import type { LandedLine } from '../../src/import/landed-vote.ts';
import { AT_ONCE, PAUSES, readVotes } from '../../src/import/rpc-votes.ts';
import { emptyFolder } from '../cli/solevoter.ts';
import { fakeNode } from './fake-node.ts';
import type { FakeNode } from './fake-node.ts';
import { fixture } from './recordings.ts';

const ACCOUNT = 'FHQjjnga1Mhye2HhT1GyvqXhhx8jJFvmPjFBx7Zq6eYN';
const VOTES = fixture('lockout-violation/votes.jsonl');
const recorded = parseLanded(readFileSync(VOTES, 'utf8'), VOTES).votes;

let open: FakeNode | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

async function reading(refuse: (n: number) => boolean, over: { from?: number; to?: number; known?: readonly LandedLine[] } = {}) {
  open = await fakeNode(VOTES, ACCOUNT, refuse);
  const kept: LandedLine[] = [];
  const pauses: number[] = [];
  const read = readVotes({
    node: await rpcNode(open.url, ACCOUNT), from: over.from ?? 0, to: over.to ?? 1000, known: over.known ?? [],
    keep: (line) => kept.push(line),
    pause: async (ms) => void pauses.push(ms),
    progress: () => {},
  });
  return { read, kept, pauses, node: open };
}

const votesOf = (lines: readonly LandedLine[]) => parseLanded(lines.map((line) => JSON.stringify(line)).join('\n'), 'rpc').votes;
const content = ({ bank, error, voted }: (typeof recorded)[number]) => ({ bank, error, voted });

describe('reading votes from a node', () => {
  test('gives the recorded votes: bank, error and stack, in order', async () => {
    const { read, node } = await reading(() => false);
    const { lines, gone } = await read;
    expect(votesOf(lines).map(content)).toEqual(recorded.map(content));
    expect(gone).toBe(0);
    expect(node.asked.get('getTransaction')).toBe(227);
    expect(node.atOnce()).toBeLessThanOrEqual(AT_ONCE);
  });

  test('asks for the banks of the logs only', async () => {
    const { read, node } = await reading(() => false, { from: 256, to: 293 });
    const wanted = recorded.filter(({ bank }) => bank >= 256 && bank <= 293);
    expect(votesOf((await read).lines).map(content)).toEqual(wanted.map(content));
    expect(node.asked.get('getTransaction')).toBe(wanted.length);
    // Newest first: the pages before bank 256 are not turned.
    expect(node.asked.get('getSignaturesForAddress')).toBe(2);
  });

  test('pauses when the node refuses, longer each time, and then goes on', async () => {
    const { read, pauses, node } = await reading((n) => n >= 10 && n < 13, { from: 350 });
    const { lines } = await read;
    expect(lines).toHaveLength(recorded.filter(({ bank }) => bank >= 350).length);
    expect(pauses).toHaveLength(3);
    expect(pauses[0]).toBe(PAUSES[0]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(PAUSES[2]!);
    expect(node.asked.get('getTransaction')).toBe(lines.length);
  });

  test('gives up when the node refuses for good, keeps what it has, and goes on from there the next time', async () => {
    const first = await reading((n) => n > 40);
    await expect(first.read).rejects.toThrow(/the node refuses more requests \(429\); what was read is kept/);
    expect(first.pauses.slice(0, 2 * PAUSES.length).sort((a, b) => a - b).at(-1)).toBe(PAUSES.at(-1));
    expect(first.kept.length).toBeGreaterThan(20);
    await first.node.close();
    const second = await reading(() => false, { known: first.kept });
    expect(votesOf((await second.read).lines).map(content)).toEqual(recorded.map(content));
    expect(second.node.asked.get('getTransaction')).toBe(227 - first.kept.length);
  });

  test('import goes on from the file that an interrupted reading has left, and its last line may be cut short', async () => {
    open = await fakeNode(VOTES, ACCOUNT, () => false);
    const { lines } = await readVotes({ node: await rpcNode(open.url, ACCOUNT), from: 0, to: 1000, known: [], keep: () => {}, pause: async () => {}, progress: () => {} });
    const cache = join(emptyFolder(), 'votes.jsonl');
    writeFileSync(cache, `${lines.slice(0, 200).map((line) => JSON.stringify(line)).join('\n')}\n{"slot":35`);
    open.asked.clear();
    const { matched, disagreements } = await readRecording(fixture('lockout-violation'), { rpc: open.url, cache, output: '' });
    expect(open.asked.get('getTransaction')).toBe(27);
    expect(matched.stacksEqual).toBe(227);
    expect(disagreements).toEqual([]);
    expect(readFileSync(cache, 'utf8').trim().split('\n')).toHaveLength(227);
  });

  test('of another account there is nothing', async () => {
    open = await fakeNode(VOTES, 'Vote111111111111111111111111111111111111112', () => false);
    const node = await rpcNode(open.url, ACCOUNT);
    const { lines } = await readVotes({ node, from: 0, to: 1000, known: [], keep: () => {}, pause: async () => {}, progress: () => {} });
    expect(lines).toEqual([]);
  });

  test('words that are no URL, or no address, are refused', async () => {
    await expect(rpcNode('mainnet', ACCOUNT)).rejects.toThrow(/--rpc: "mainnet" is no address of a node; expected a URL/);
    await expect(rpcNode('http://127.0.0.1:1', 'me')).rejects.toThrow(/--vote-account: "me" is no public key/);
  });
});
