/** Tower files beside the logs: their stacks, and whether the votes of the logs lead to them. */
import { InputError } from '../model/diagnostic.ts';
import { toBase58 } from '../model/identity.ts';
import { lastVotedSlot, sameStack } from '../model/lockout.ts';
import type { VoteStack } from '../model/lockout.ts';
import { decodeTowerFile, loadTowerFile } from '../model/tower-file.ts';
import type { CastVote } from './host-track.ts';

export interface SavedStack {
  readonly file: string;
  /** Identity of the owner, base58. */
  readonly node: string;
  readonly stack: VoteStack;
}

/** The stack in a tower file whose signature is its owner's. Throws InputError. */
export function savedStack(bytes: Uint8Array, file: string): SavedStack {
  const decoded = decodeTowerFile(bytes, 'current');
  const node = decoded.ok ? toBase58(decoded.file.node) : '';
  const loaded = decoded.ok ? loadTowerFile(bytes, 'current', node) : decoded;
  if (!loaded.ok) throw new InputError([{ file, message: `this tower cannot be read: ${loaded.error.text}`, expected: 'a tower file (tower-1_9-ADDRESS.bin), as solevoter inspect explains it' }]);
  const { votes, root } = (loaded as Extract<ReturnType<typeof loadTowerFile>, { ok: true }>).tower;
  return { file, node, stack: { votes, root } };
}

/** Files of the staked identity whose stack no vote of the logs has, though the logs show a vote for its newest slot. */
export function towerDisagreements(saved: readonly SavedStack[], votes: readonly CastVote[]): string[] {
  return saved.flatMap(({ file, stack }) => {
    const newest = lastVotedSlot(stack);
    const own = votes.filter(({ slot }) => slot === newest);
    if (own.length === 0 || own.some((vote) => sameStack(vote.stack, stack))) return [];
    return [`${file}: its stack for slot ${newest} is not the one that the votes of the logs lead to`];
  });
}
