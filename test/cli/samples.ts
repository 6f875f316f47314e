/** Small inputs for the command line: procedures, a scenario, tokens and a trace. */
import { MILDEST } from '../../src/explore/run-spec.ts';
import type { RunSpec } from '../../src/explore/run-spec.ts';
import { encodeToken, stepsFingerprint } from '../../src/explore/token.ts';
import type { Token } from '../../src/explore/token.ts';
import { fillProcedure, loadProcedure, parseProcedure } from '../../src/transition/procedure-file.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

/** One step: a rehearsal of it is as short as one can be. */
export const DEMOTION = `procedure: mine
title: Demote, and nothing else
starts: prepared
params:
  tries: 1
steps:
  - id: demote
    host: active
    run: agave-validator -l {ledger} set-identity {junk-key}
    why: the first half of a swap
`;

/** A command that the simulation does not know. */
export const NOT_MODELLED = DEMOTION.replace('agave-validator -l {ledger} set-identity {junk-key}', 'rsync -a {tower-dir} backup:/towers');

const guide = loadProcedure('guide-hot-swap', GUIDE_SITE);

const EMPTY: Token = { procedure: 'guide-hot-swap', params: {}, site: {}, steps: stepsFingerprint(guide), spec: MILDEST };

/** A token of a procedure file, as "./mine.yaml" in the folder in which it will be replayed. */
export function tokenOf(text: string, file = './mine.yaml'): string {
  const procedure = fillProcedure(parseProcedure(text, file), GUIDE_SITE, {});
  return encodeToken({ ...EMPTY, procedure: file, steps: stepsFingerprint(procedure) });
}

/** A token of the guide's hot swap. */
export function guideToken(spec: Partial<RunSpec>, other: Partial<Token> = {}): string {
  return encodeToken({ ...EMPTY, ...other, spec: { ...MILDEST, ...spec } });
}

/** Nothing goes wrong. */
export const CLEAN = guideToken({});
/** The tower is copied before the last vote is in it. */
export const VIOLATED = guideToken({ draws: { 'latency/scp': 1 } });
/** The operator leaves after the third step: nobody votes. */
export const ABANDONED = guideToken({ faults: [{ kind: 'operator-stops', on: 'operator', at: { kind: 'step', index: 2, when: 'after' }, heal: 1 }] });

export const SCENARIO = `scenario: sample
title: The tower is copied at once
shows: [38]
why: The last vote is written later.
procedure: guide-hot-swap
timing: { scp: 20000 }
faults:
  - { kind: freeze, on: active, at: { step: promote, when: after }, heal: 4 }
expect: { result: violated }
twin:
  timing: { scp: 700000 }
  expect: { result: holds }
`;

const HEADER = {
  type: 'header', schema: 'solevoter.trace/1', product: '0.1.0', source: 'recording', hosts: ['active', 'inactive'], voteAccount: 'v',
  stakedIdentity: 's', client: 'agave 4.2.0', consensus: 'tower', slotMs: 400, stakeShare: 0.01,
};
const VOTE = { type: 'vote', t: 5, id: 0, host: 'active', identity: 's', slot: 7, hash: 'h7', lockouts: [[6, 2], [7, 1]], root: null, refresh: false };

/** A trace file of a header, a block and a vote, each changed as told. */
export function traceText(header: object = {}, vote: object = {}): string {
  const block = { type: 'block', t: 1, slot: 7, parent: 6, hash: 'h7', parentHash: 'h6', leader: 'other' };
  return [{ ...HEADER, ...header }, block, { ...VOTE, ...vote }].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A key file as solana-keygen writes it, of a key that is not the product's. */
export const FOREIGN_KEY = `[${Array.from({ length: 64 }, (_, i) => (i * 37 + 11) % 256).join(',')}]\n`;
