/**
 * Accounts that are there from the first slot: a vote account, its stake, and the identity that pays for votes. They are
 * made by transactions on a fresh cluster, read back, and told to have been active from the start. So the stake counts in
 * the first epoch, which lasts an hour here.
 */
import { Authorized, Keypair, LAMPORTS_PER_SOL, Lockup, StakeProgram, Transaction, VoteInit, VoteProgram } from '@solana/web3.js';
import type { AccountInfo, Connection, PublicKey } from '@solana/web3.js';
import { until } from './lab.ts';
import type { Keys } from './lab.ts';

export interface GenesisAccount {
  readonly name: string;
  /** A dump as `solana-test-validator --account` reads it. */
  readonly json: string;
}

/** In the data of a stake account: the delegated lamports, and the epoch from which they count (u64, little endian). */
const STAKE_AT = 156;
const ACTIVATION_EPOCH_AT = 164;
/** "Active from genesis on" (bootstrap stake). */
const FROM_GENESIS = 2n ** 64n - 1n;

export interface Template {
  readonly vote: AccountInfo<Buffer>;
  readonly stake: AccountInfo<Buffer>;
  readonly stakeAddress: PublicKey;
}

/** Makes a vote account with a stake on a fresh cluster, in its first epoch, and reads both. */
export async function takeTemplate(connection: Connection, { staked, vote }: Keys): Promise<Template> {
  const payer = Keypair.generate();
  const stake = Keypair.generate();
  await confirmed(connection, await connection.requestAirdrop(payer.publicKey, 100 * LAMPORTS_PER_SOL));
  const node = staked.publicKey;
  await send(connection, new Transaction().add(VoteProgram.createAccount({
    fromPubkey: payer.publicKey, votePubkey: vote.publicKey, voteInit: new VoteInit(node, node, payer.publicKey, 100), lamports: LAMPORTS_PER_SOL,
  })), [payer, vote, staked]);
  const created = StakeProgram.createAccount({
    fromPubkey: payer.publicKey, stakePubkey: stake.publicKey, authorized: new Authorized(payer.publicKey, payer.publicKey),
    lockup: new Lockup(0, 0, payer.publicKey), lamports: 2 * LAMPORTS_PER_SOL,
  });
  const delegated = StakeProgram.delegate({ stakePubkey: stake.publicKey, authorizedPubkey: payer.publicKey, votePubkey: vote.publicKey });
  await send(connection, new Transaction().add(created, delegated), [payer, stake]);
  const read = async (address: PublicKey) => {
    const account = await connection.getAccountInfo(address, 'confirmed');
    if (account === null) throw new Error(`the cluster has no account ${address.toBase58()}`);
    return account;
  };
  return { vote: await read(vote.publicKey), stake: await read(stake.publicKey), stakeAddress: stake.publicKey };
}

async function send(connection: Connection, transaction: Transaction, signers: Keypair[]): Promise<void> {
  await confirmed(connection, await connection.sendTransaction(transaction, signers));
}

/** Asks for the status again and again: only the RPC port is open, not that of its subscriptions. */
async function confirmed(connection: Connection, signature: string): Promise<void> {
  await until(`the transaction ${signature} is confirmed`, 60, async () => {
    const { value } = await connection.getSignatureStatus(signature);
    if (value?.err) throw new Error(`it failed: ${JSON.stringify(value.err)}`);
    return value?.confirmationStatus === 'confirmed' || value?.confirmationStatus === 'finalized';
  });
}

/** The accounts of a genesis in which so many lamports are staked from the start. */
export function genesisAccounts(template: Template, { staked, vote }: Keys, lamports: number): GenesisAccount[] {
  const stake = Buffer.from(template.stake.data);
  stake.writeBigUInt64LE(BigInt(lamports), STAKE_AT);
  stake.writeBigUInt64LE(FROM_GENESIS, ACTIVATION_EPOCH_AT);
  const own = template.stake.lamports - Number(template.stake.data.readBigUInt64LE(STAKE_AT));
  return [
    { name: 'vote', json: dump(vote.publicKey, template.vote.owner, template.vote.lamports, template.vote.data) },
    { name: 'stake', json: dump(template.stakeAddress, template.stake.owner, lamports + own, stake) },
    { name: 'identity', json: dump(staked.publicKey, SYSTEM, 500 * LAMPORTS_PER_SOL, Buffer.alloc(0)) },
  ];
}

const SYSTEM = { toBase58: () => '11111111111111111111111111111111' };

function dump(pubkey: PublicKey, owner: Pick<PublicKey, 'toBase58'>, lamports: number, data: Buffer): string {
  const account = { lamports, data: [data.toString('base64'), 'base64'], owner: owner.toBase58(), executable: false, rentEpoch: 0, space: data.length };
  return JSON.stringify({ pubkey: pubkey.toBase58(), account });
}
