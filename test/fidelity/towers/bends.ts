/** Ways to bend a tower file. Those that need the owner's key can be made of a file whose key is known. */
import { signBytes, throwawayKey } from '../../../src/model/identity.ts';
import type { Keypair } from '../../../src/model/identity.ts';
import { encodeTowerData } from '../../../src/model/tower-codec.ts';
import type { TowerFile } from '../../../src/model/tower-codec.ts';
import { decodeTowerFile, encodeTowerFile } from '../../../src/model/tower-file.ts';

export interface Bend {
  readonly bytes: Uint8Array;
  /** Under which of the two names it lies. */
  readonly name: 'current' | 'old';
}

/** Offsets in the file (the header is tag 4, signature 64, length 8), and from the end. */
const AT = { tag: 0, signature: 4, length: 68, data: 76, votes: 189 };

const changed = (bytes: Uint8Array, at: number): Uint8Array => bytes.with(at, bytes[at]! ^ 0xff);

/** Without any key. */
export function plainBends(bytes: Uint8Array): Record<string, Bend> {
  const current = (made: Uint8Array): Bend => ({ bytes: made, name: 'current' });
  return {
    'as it is': current(bytes),
    'under the older name': { bytes, name: 'old' },
    empty: current(new Uint8Array(0)),
    'cut to 3 bytes': current(bytes.slice(0, 3)),
    'cut within the signature': current(bytes.slice(0, 40)),
    'cut to 1000 bytes': current(bytes.slice(0, 1000)),
    'without its last byte': current(bytes.slice(0, -1)),
    'a byte of the signature changed': current(changed(bytes, AT.signature + 10)),
    'a byte of the data changed': current(changed(bytes, 1500)),
    'the number of votes changed': current(changed(bytes, AT.votes)),
    'its owner changed': current(changed(bytes, AT.data)),
    'tag 0': current(bytes.with(AT.tag, 0)),
    'tag 7': current(bytes.with(AT.tag, 7)),
    'a length beyond its end': current(changed(bytes, AT.length + 1)),
    'a length of 2^56 and more': current(bytes.with(AT.length + 7, 1)),
    'all zeros': current(new Uint8Array(bytes.length)),
    text: current(new TextEncoder().encode('this is no tower\n'.repeat(20))),
    'three bytes behind it': current(new Uint8Array([...bytes, 1, 2, 3])),
  };
}

/** Signed anew, so that the loader gets to what stands behind the signature. */
export function signedBends(bytes: Uint8Array, key: Keypair): Record<string, Bend> {
  const decoded = decodeTowerFile(bytes, 'current');
  if (!decoded.ok) throw new Error(decoded.error.text);
  const { file } = decoded;
  const stranger = throwawayKey('stranger');
  const { hash, timestamp } = file.lastVote;
  const vote = { variant: 'Vote' as const, slots: file.voteState.votes.map(({ slot }) => slot), hash, timestamp };
  const from = (made: TowerFile, by = key): Bend => ({ bytes: signedBy(by, encodeTowerData(made), made.layout), name: made.layout === 'old-name' ? 'old' : 'current' });
  const withData = (change: (data: Uint8Array) => void): Bend => {
    const data = encodeTowerData(file);
    change(data);
    return { bytes: signedBy(key, data, 'current'), name: 'current' };
  };
  const votes = file.voteState.votes.length;
  // Behind the votes: root 9, authorized voters 8, prior voters 1536 + 8 + 1, epoch credits 8, timestamp 16.
  const root = 197 - AT.data + 12 * votes;
  const priorEmpty = root + 9 + 8 + 1536 + 8;
  const message = priorEmpty + 1 + 8 + 16;
  return {
    'signed by the owner anew': from(file),
    'of another identity': from({ ...file, node: stranger.publicKey }, stranger),
    'of another identity, signed by this one': from({ ...file, node: stranger.publicKey }),
    'signed bytes behind the tower': from({ ...file, slack: new Uint8Array([9, 9]) }),
    'in the layout with tag 0': from({ ...file, layout: 'tag-0', lastVote: vote }),
    'in the older layout, under the older name': from({ ...file, layout: 'old-name', lastVote: vote }),
    'no data at all': { bytes: signedBy(key, new Uint8Array(0), 'current'), name: 'current' },
    'an option that is neither': withData((data) => (data[root] = 2)),
    'a truth value of 7': withData((data) => (data[priorEmpty] = 7)),
    'a last vote of an unknown kind': withData((data) => (data[message] = 4)),
    'more votes than bytes': withData((data) => data.fill(0xff, AT.votes - AT.data, AT.votes - AT.data + 8)),
    'a vote length in a longer form': withData((data) => data.set([0x9f, 0x80, 0x00], message + 12)),
    'slots beyond 64 bits': withData((data) => data.set([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], message + 4)),
  };
}

function signedBy(key: Keypair, data: Uint8Array, layout: TowerFile['layout']): Uint8Array {
  const tag = layout === 'old-name' ? [] : [layout === 'current' ? 1 : 0, 0, 0, 0];
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return new Uint8Array([...tag, ...signBytes(key, data), ...length, ...data]);
}

/** Whether the file comes out of reading and writing as it went in. */
export function isWrittenAgain(bytes: Uint8Array, name: Bend['name']): boolean {
  const decoded = decodeTowerFile(bytes, name);
  return decoded.ok && Buffer.from(encodeTowerFile(decoded.file)).equals(bytes.subarray(0, bytes.length - decoded.trailing));
}
