/**
 * How long the parts of a swap took, from the logs of both hosts and the times of the commands. Votes are told by the log of
 * the host that cast them: in the replay loop the line "voting: N" belongs to the identity that the loop has at that time.
 */

/** ms since 1970, with its fraction. */
type Time = number;

export interface SwapLog {
  readonly votes: readonly { readonly t: Time; readonly slot: number; readonly staked: boolean }[];
  /** When the loop took the staked identity, or gave it up. */
  readonly changes: readonly { readonly t: Time; readonly staked: boolean }[];
  /** When the admin RPC had set an identity: "Identity set to". */
  readonly set: readonly Time[];
  /** Votes that the tower storage wrote: the measuring point tower-vote. */
  readonly saved: readonly { readonly t: Time; readonly slot: number }[];
}

/** The commands of one swap. `from` and `to`: names of the hosts. */
export interface SwapCommands {
  readonly from: string;
  readonly to: string;
  readonly demote: readonly [start: Time, end: Time];
  readonly copy: readonly [start: Time, end: Time] | null;
  readonly promote: readonly [start: Time, end: Time];
}

/** ms; null: not to be had from the recording, or it did not come. */
export interface SwapTimes {
  readonly demote: number;
  readonly copy: number | null;
  readonly promote: number;
  /** "Identity set to" on the old host to the return of the demotion. */
  readonly setToReturn: number | null;
  /** Return of the demotion to "Identity changed" on the old host. */
  readonly demotedLoop: number | null;
  /** Votes of the old host with the staked identity after the demotion had returned, and when the last was cast. */
  readonly lateVotes: number;
  readonly lastOldVote: number | null;
  /** Return of the demotion to the last change of the old host's tower. */
  readonly lastTowerWrite: number | null;
  readonly promotedLoop: number | null;
  /** Return of the promotion to the first vote of the new host with the staked identity. */
  readonly firstNewVote: number | null;
  /** Return of the demotion to that vote. */
  readonly silence: number | null;
  /** Slot of that vote. */
  readonly firstNewSlot: number | null;
}

/** Time in a text with "2026-11-22T19:43:21.386814710" in it. Throws RangeError without one. */
export function timeIn(text: string): Time {
  const match = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d+)/.exec(text);
  if (match === null) throw new RangeError(`no time in: ${text}`);
  return Date.parse(`${match[1]!}Z`) + Number(`0.${match[2]!}`) * 1000;
}

/** What a validator's log says of votes and identities. `identity`: the staked one, base58. */
export function readSwapLog(log: string, identity: string): SwapLog {
  const lines = log.split('\n');
  const first = lines.find((line) => line.includes('Identity changed from'));
  let staked = first?.includes(`from ${identity}`) ?? false;
  const votes: SwapLog['votes'][number][] = [];
  const changes: SwapLog['changes'][number][] = [];
  const saved: SwapLog['saved'][number][] = [];
  const set: Time[] = [];
  for (const line of lines) {
    const voted = /\bvoting: (\d+) /.exec(line)?.[1];
    if (voted !== undefined) votes.push({ t: timeIn(line), slot: Number(voted), staked });
    else if (line.includes('Identity changed from')) {
      staked = line.includes(`to ${identity}`);
      changes.push({ t: timeIn(line), staked });
    } else if (line.includes('Identity set to')) set.push(timeIn(line));
    else {
      const written = /tower-vote latest=(\d+)/.exec(line)?.[1];
      if (written !== undefined) saved.push({ t: timeIn(line), slot: Number(written) });
    }
  }
  return { votes, changes, set, saved };
}

/**
 * Times of one swap. `until`: when the next one begins, or Infinity. `writes`: times of change of the old host's tower file,
 * where it was watched.
 */
export function swapTimes(logs: ReadonlyMap<string, SwapLog>, swap: SwapCommands, until: Time, writes: readonly Time[] | null): SwapTimes {
  const [old, fresh] = [logs.get(swap.from)!, logs.get(swap.to)!];
  const [, demoted] = swap.demote;
  const [promoting, promoted] = swap.promote;
  const gaveUp = old.changes.find(({ t, staked }) => !staked && t > swap.demote[0] && t < until)?.t ?? null;
  const late = old.votes.filter(({ t, staked }) => staked && t > demoted && gaveUp !== null && t < gaveUp);
  const took = fresh.changes.find(({ t, staked }) => staked && t > promoting && t < until)?.t ?? null;
  const first = fresh.votes.find(({ t, staked }) => staked && t > promoting && t < until);
  const next = first?.t ?? null;
  const written = writes?.filter((t) => t > swap.demote[0] && t < until && (took === null || t < took + 60_000)).at(-1) ?? null;
  const set = old.set.find((t) => t > swap.demote[0] && t < demoted) ?? null;
  const after = (t: Time | null, from: Time) => (t === null ? null : t - from);
  return {
    demote: demoted - swap.demote[0], copy: swap.copy === null ? null : swap.copy[1] - swap.copy[0], promote: promoted - promoting,
    setToReturn: set === null ? null : demoted - set, demotedLoop: after(gaveUp, demoted), lateVotes: late.length, lastOldVote: after(late.at(-1)?.t ?? null, demoted),
    lastTowerWrite: after(written, demoted), promotedLoop: after(took, promoted), firstNewVote: after(next, promoted), silence: after(next, demoted),
    firstNewSlot: first?.slot ?? null,
  };
}
