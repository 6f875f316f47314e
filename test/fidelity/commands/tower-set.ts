/** Tower files of the staked identity, good and bad, made from a good one. */
import { signBytes, throwawayKey } from '../../../src/model/identity.ts';
import type { Keypair } from '../../../src/model/identity.ts';
import { decodeTowerFile, encodeTowerFile } from '../../../src/model/tower-file.ts';
import type { TowerFile } from '../../../src/model/tower-file.ts';
import { encodeTowerData } from '../../../src/model/tower-codec.ts';
import { siteKeys } from '../../../src/sim/key-files.ts';

export type TowerSet = Readonly<Record<string, Uint8Array>>;

/** `good` is a tower of the staked identity in the current layout. */
export function towerSet(good: Uint8Array): TowerSet {
  const { staked } = siteKeys();
  const stranger = throwawayKey('stranger');
  const decoded = decodeTowerFile(good, 'current');
  if (!decoded.ok) throw new Error(decoded.error.text);
  const { file } = decoded;
  const ofStranger: TowerFile = { ...file, node: stranger.publicKey };
  const { hash, timestamp } = file.lastVote;
  const vote = { variant: 'Vote' as const, slots: file.voteState.votes.map(({ slot }) => slot), hash, timestamp };
  return {
    good,
    torn: good.slice(0, 1000),
    changed: good.with(1500, good[1500]! ^ 1),
    empty: new Uint8Array(0),
    foreign: signedBy(stranger, ofStranger),
    'wrong-owner': signedBy(staked, ofStranger),
    'old-layout': signedBy(staked, { ...file, layout: 'old-name', lastVote: vote }),
  };
}

/** Signed whatever it says of its owner. */
export function signedBy(key: Keypair, file: TowerFile): Uint8Array {
  return encodeTowerFile({ ...file, signature: signBytes(key, encodeTowerData(file)) });
}
