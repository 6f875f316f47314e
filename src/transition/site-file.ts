/** The site file: what differs from the guide's site, checked. Keys that it names are never opened. */
import * as v from 'valibot';
import { GUIDE_SITE } from './site.ts';
import type { HostSite, Site } from './site.ts';
import { checkYaml, readTextFile } from './yaml.ts';

// Site values go into command lines without quotes, so they may hold nothing that the shell reads in its own way.
const path = v.pipe(v.string(), v.regex(/^\/[A-Za-z0-9_./@%+=:,-]*$/, 'an absolute path without spaces and signs of the shell'));
const word = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]*$/, 'a name of letters, digits, ".", "_", "@" and "-"'));
const address = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9.:-]*$/, 'an IP address or a host name'));
const version = v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+$/, 'a version in quotes, as "4.2.0"'));
const slotMs = v.pipe(v.number(), v.check((ms) => Number.isInteger(ms) && ms >= 50 && ms <= 10_000, 'a whole number of milliseconds, 50 to 10000'));
const share = v.pipe(v.number(), v.check((part) => part >= 0 && part <= 1, 'a share of the stake, 0 to 1'));
const windowStart = v.pipe(v.number(), v.check((slot) => Number.isSafeInteger(slot), 'a whole number of slots'));

const host = v.strictObject({
  address: v.optional(address),
  user: v.optional(word),
  'junk-key': v.optional(path),
});

/** The form of a site: of a file, and of the part of a scenario. */
export const siteSchema = v.strictObject({
  hosts: v.optional(v.strictObject({ active: v.optional(host), inactive: v.optional(host) })),
  ledger: v.optional(path),
  'tower-dir': v.optional(path),
  'identity-link': v.optional(path),
  'staked-key': v.optional(path),
  'vote-key': v.optional(path),
  home: v.optional(path),
  unit: v.optional(word),
  'start-script': v.optional(path),
  etcd: v.optional(v.strictObject({ address: v.optional(address), user: v.optional(word), nodes: v.optional(v.picklist([1, 3])) })),
  agave: v.optional(version),
  'slot-ms': v.optional(slotMs),
  'stake-share': v.optional(share),
  'leader-windows': v.optional(v.array(windowStart)),
});

/**
 * Reads a site file; what it leaves out is as the guide has it (the tower folder: the ledger folder). Throws InputError
 * with every problem.
 */
export function loadSite(file: string): Site {
  return parseSite(readTextFile(file), file);
}

/** As loadSite, of a text; `file` is its name in errors. */
export function parseSite(text: string, file: string): Site {
  return siteOf(checkYaml(text, file, siteSchema).value);
}

/** The whole site: what is given, and the guide's values. */
export function siteOf(value: v.InferOutput<typeof siteSchema>): Site {
  const ledger = value.ledger ?? GUIDE_SITE.ledger;
  return {
    hosts: {
      active: hostSite(value.hosts?.active, GUIDE_SITE.hosts.active),
      inactive: hostSite(value.hosts?.inactive, GUIDE_SITE.hosts.inactive),
    },
    etcd: {
      address: value.etcd?.address ?? GUIDE_SITE.etcd.address,
      user: value.etcd?.user ?? GUIDE_SITE.etcd.user,
      nodes: value.etcd?.nodes ?? GUIDE_SITE.etcd.nodes,
    },
    ledger,
    towerDir: value['tower-dir'] ?? ledger,
    identityLink: value['identity-link'] ?? GUIDE_SITE.identityLink,
    stakedKey: value['staked-key'] ?? GUIDE_SITE.stakedKey,
    voteKey: value['vote-key'] ?? GUIDE_SITE.voteKey,
    home: value.home ?? GUIDE_SITE.home,
    unit: value.unit ?? GUIDE_SITE.unit,
    startScript: value['start-script'] ?? GUIDE_SITE.startScript,
    agave: value.agave ?? GUIDE_SITE.agave,
    slotMs: value['slot-ms'] ?? GUIDE_SITE.slotMs,
    stakeShare: value['stake-share'] ?? GUIDE_SITE.stakeShare,
    leaderWindows: value['leader-windows'] ?? GUIDE_SITE.leaderWindows,
  };
}

function hostSite(given: v.InferOutput<typeof host> | undefined, guide: HostSite): HostSite {
  return {
    address: given?.address ?? guide.address,
    user: given?.user ?? guide.user,
    junkKey: given?.['junk-key'] ?? guide.junkKey,
  };
}
