/** The vote account with which the cluster of the tests begins, as solana-test-validator takes it. */
import { BincodeWriter } from '../../../src/model/bincode.ts';
import type { Keypair } from '../../../src/model/identity.ts';

/** Layout v4, of an account of this node that has voted once, for slot 0; `voter` signs its votes. */
export function votedAccount(node: Keypair, voter: Keypair, vote: Keypair): Uint8Array {
  const writer = new BincodeWriter();
  writer.u32(3);
  // Node, withdrawer; collectors of inflation and of block revenue.
  for (const key of [node, voter, vote, node]) writer.fixed(key.publicKey, 32);
  // Two commissions in basis points (u16), pending rewards (u64), no BLS key.
  writer.rest(new Uint8Array(2 + 2 + 8 + 1));
  // One vote: latency 1, slot 0, count 1; no root.
  writer.u64(1n);
  writer.u8(1);
  writer.u64(0n);
  writer.u32(1);
  writer.u8(0);
  // One authorized voter, from epoch 0 on.
  writer.u64(1n);
  writer.u64(0n);
  writer.fixed(voter.publicKey, 32);
  writer.rest(new Uint8Array(3762 - writer.finish().length));
  return writer.finish();
}

/** An account file for `--account ADDRESS FILE`. */
export function accountFile(address: string, owner: string, lamports: number, data: Uint8Array): string {
  return JSON.stringify({
    pubkey: address,
    account: { lamports, data: [Buffer.from(data).toString('base64'), 'base64'], owner, executable: false, rentEpoch: 0, space: data.length },
  });
}
