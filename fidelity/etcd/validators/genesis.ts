/**
 * Accounts for the first block of a test cluster: a vote account, and a stake on it that is active from the beginning.
 * Layouts: solana-vote-interface 2.2 `VoteStateVersions::Current`, solana-stake-interface 1.2 `StakeStateV2::Stake`. bincode.
 */
import { writeFileSync } from 'node:fs';
import type { Keypair } from '../../../src/model/identity.ts';

const SOL = 1_000_000_000n;
const VOTE_PROGRAM = 'Vote111111111111111111111111111111111111111';
const STAKE_PROGRAM = 'Stake11111111111111111111111111111111111111';
const SYSTEM_PROGRAM = '11111111111111111111111111111111';

const u32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
};
const u64 = (value: bigint): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(value);
  return buffer;
};
const f64 = (value: number): Buffer => {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleLE(value);
  return buffer;
};
const NEVER = (1n << 64n) - 1n;

/** 3,762 bytes of a vote account that has not voted; `identity` is its node and its authorized voter. */
export function voteAccountData(identity: Uint8Array): Buffer {
  const noVotes = [u64(0n), Buffer.from([0])];
  const voters = [u64(1n), u64(0n), identity];
  const priorVoters = [Buffer.alloc(32 * 48), u64(31n), Buffer.from([1])];
  const state = Buffer.concat([u32(2), identity, identity, Buffer.from([100]), ...noVotes, ...voters, ...priorVoters, u64(0n), u64(0n), u64(0n)]);
  return Buffer.concat([state], 3762);
}

/** 200 bytes of a stake account; an activation in epoch u64 max counts as active from genesis. */
export function stakeAccountData(owner: Uint8Array, vote: Uint8Array, lamports: bigint): Buffer {
  const meta = [u64(2_282_880n), owner, owner, u64(0n), u64(0n), Buffer.alloc(32)];
  const delegation = [vote, u64(lamports), u64(NEVER), u64(NEVER), f64(0.25)];
  return Buffer.concat([u32(2), ...meta, ...delegation, u64(0n), Buffer.from([0])], 200);
}

export interface Staked {
  readonly identity: Keypair;
  readonly vote: Keypair;
  readonly stake: Keypair;
  /** Of the cluster's own validator it is 1,000,000. */
  readonly sol: number;
}

/** Writes the account files into a folder; what is returned goes on the cluster's command line. */
export function genesisFlags(folder: string, { identity, vote, stake, sol }: Staked): string {
  const lamports = BigInt(sol) * SOL;
  const accounts = [
    { key: vote, lamports: 27_074_400n, data: voteAccountData(identity.publicKey), owner: VOTE_PROGRAM },
    { key: stake, lamports: lamports + 2_282_880n, data: stakeAccountData(identity.publicKey, vote.publicKey, lamports), owner: STAKE_PROGRAM },
    { key: identity, lamports: 100n * SOL, data: Buffer.alloc(0), owner: SYSTEM_PROGRAM },
  ];
  return accounts.map(({ key, lamports: balance, data, owner }) => {
    const file = `${folder}/${key.address}.json`;
    // All amounts are far below 2^53.
    const account = { lamports: Number(balance), data: [data.toString('base64'), 'base64'], owner, executable: false, rentEpoch: 0, space: data.length };
    writeFileSync(file, JSON.stringify({ pubkey: key.address, account }));
    return `--account ${key.address} ${file}`;
  }).join(' ');
}
