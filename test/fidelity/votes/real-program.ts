/**
 * The real Vote program, run by LiteSVM: one vote account, any fork before it. The native part of LiteSVM is used as it
 * is: its wrapper encodes every address anew in each call, which takes more time than the program.
 */
import { Keypair, SystemProgram, SYSVAR_SLOT_HASHES_PUBKEY, Transaction, VoteInit, VoteProgram } from '@solana/web3.js';
import { Account, Clock, FailedTransactionMetadata, LiteSvm } from 'litesvm/dist/internal.js';
import { throwawayKey } from '../../../src/model/identity.ts';
import type { SlotHashes } from '../../../src/model/vote-program.ts';
import { decodeVoteAccount } from './account.ts';
import { encodeTowerSync, hashBytes } from './landing-vote.ts';
import type { Program } from './our-program.ts';

/** Slot u64 and hash. */
const ENTRY = 40;
const keypairOf = (name: string) => Keypair.fromSeed(throwawayKey(name).seed);

/** A Vote program of its own. The features that LiteSVM takes by default are active. */
export function realProgram(): Program {
  const svm = new LiteSvm();
  // History off: the same vote may come twice. No signatures: they are not what is asked about.
  svm.setSigverify(false);
  svm.setBlockhashCheck(false);
  svm.setTransactionHistory(0n);
  const payer = keypairOf('oracle payer and voter').publicKey;
  const vote = keypairOf('oracle vote account').publicKey;
  const voteBytes = vote.toBytes();
  const sysvarBytes = SYSVAR_SLOT_HASHES_PUBKEY.toBytes();
  svm.airdrop(payer.toBytes(), 10n ** 14n);
  const setClock = (slot: number, epoch: number) => svm.setClock(new Clock(BigInt(slot), 0n, BigInt(epoch), BigInt(epoch), 0n));
  setClock(0, 0);
  const created = new Transaction({ feePayer: payer, recentBlockhash: svm.latestBlockhash() }).add(
    SystemProgram.createAccount({
      fromPubkey: payer, newAccountPubkey: vote, space: VoteProgram.space, programId: VoteProgram.programId,
      lamports: Number(svm.minimumBalanceForRentExemption(BigInt(VoteProgram.space))),
    }),
    VoteProgram.initializeAccount({ votePubkey: vote, nodePubkey: payer, voteInit: new VoteInit(payer, payer, payer, 0) }),
  );
  const failure = send(svm, Uint8Array.from([2, ...new Uint8Array(128), ...created.compileMessage().serialize()]));
  if (failure !== null) throw new Error(`the vote account cannot be made: ${failure}`);
  const initial = svm.getAccount(voteBytes)!;
  const sysvar = svm.getAccount(sysvarBytes)!;
  // One empty signature; a legacy message: [payer and voter; vote account; program], no blockhash; one instruction of the
  // program on [vote account, voter].
  const head = [1, ...new Uint8Array(64), 1, 0, 1, 3, ...payer.toBytes(), ...voteBytes, ...VoteProgram.programId.toBytes(), ...new Uint8Array(32), 1, 2, 2, 1, 0];
  return {
    reset: () => svm.setAccount(voteBytes, initial),
    execute: (landing) => {
      svm.setAccount(sysvarBytes, new Account(sysvar.lamports(), sysvarData(landing.slotHashes), sysvar.owner(), false, 0n));
      setClock(landing.bank.slot, landing.bank.epoch);
      const data = encodeTowerSync(landing);
      const length = data.length < 0x80 ? [data.length] : [(data.length & 0x7f) | 0x80, data.length >> 7];
      const transaction = new Uint8Array(head.length + length.length + data.length);
      transaction.set(head);
      transaction.set(length, head.length);
      transaction.set(data, head.length + length.length);
      const error = send(svm, transaction);
      return { error, account: decodeVoteAccount(svm.getAccount(voteBytes)!.data()) };
    },
  };
}

/** null, the n of Custom(n), or another error as LiteSVM words it. */
function send(svm: LiteSvm, transaction: Uint8Array): number | string | null {
  const result = svm.sendLegacyTransaction(transaction);
  if (!(result instanceof FailedTransactionMetadata)) return null;
  const error = result.err();
  if (typeof error === 'object' && 'err' in error) {
    const inner = error.err();
    if (typeof inner === 'object' && 'code' in inner) return inner.code;
  }
  return result.toString();
}

const laidOut = new WeakMap<readonly number[], Uint8Array>();

/** The bytes of the sysvar: a length, then the entries, newest first. */
function sysvarData({ slots, hashes, from, to }: SlotHashes): Uint8Array {
  const entries = entriesOf(slots, hashes).subarray((slots.length - to) * ENTRY, (slots.length - from) * ENTRY);
  const data = new Uint8Array(8 + entries.length);
  new DataView(data.buffer).setBigUint64(0, BigInt(to - from), true);
  data.set(entries, 8);
  return data;
}

/** All banks of a fork, newest first, so that each window of them is one piece. */
function entriesOf(slots: readonly number[], hashes: readonly string[]): Uint8Array {
  const known = laidOut.get(slots);
  if (known !== undefined && known.length === slots.length * ENTRY) return known;
  const bytes = new Uint8Array(slots.length * ENTRY);
  const view = new DataView(bytes.buffer);
  slots.forEach((slot, i) => {
    const at = (slots.length - 1 - i) * ENTRY;
    view.setBigUint64(at, BigInt(slot), true);
    bytes.set(hashBytes(hashes[i]!), at + 8);
  });
  laidOut.set(slots, bytes);
  return bytes;
}
