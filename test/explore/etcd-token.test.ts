/** Tokens of worlds with etcd. */
import { expect, test } from 'vitest';
import { decodeToken, encodeToken, siteDifference } from '../../src/explore/token.ts';
import { MILDEST } from '../../src/explore/run-spec.ts';
import { GUIDE_SITE } from '../../src/transition/site.ts';

const token = (site: Partial<typeof GUIDE_SITE>) => ({ procedure: 'guide-etcd-failover', params: {}, site: siteDifference({ ...GUIDE_SITE, ...site }), steps: '0', spec: { ...MILDEST, faults: [{ kind: 'etcd-stop', on: 'etcd', at: { kind: 'slot', slot: 2 }, heal: 8 }] } } as const);

test('a fault of etcd, its nodes and the version of a site come back', () => {
  const given = token({ agave: '2.3.13', etcd: { ...GUIDE_SITE.etcd, nodes: 3 } });
  expect(decodeToken(encodeToken(given))).toEqual(given);
  expect(given.site).toEqual({ agave: '2.3.13', etcd: { ...GUIDE_SITE.etcd, nodes: 3 } });
});

test('a token without a version is rehearsed with that of its procedure', () => {
  expect(decodeToken(encodeToken(token({})))!.site).toEqual({});
});

test('etcd with two nodes, or a fault of etcd on a host, is none', () => {
  expect(decodeToken(encodeToken(token({ etcd: { ...GUIDE_SITE.etcd, nodes: 2 as never } })))).toBeNull();
  const on = token({});
  expect(decodeToken(encodeToken({ ...on, spec: { ...on.spec, faults: [{ ...on.spec.faults[0]!, on: 'active' }] } }))).toBeNull();
});
