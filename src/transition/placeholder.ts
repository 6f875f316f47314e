/** `{name}` in a procedure's texts stands for a value of the site or a parameter. */
import { nearestWord, withNearest } from '../model/diagnostic.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { StepHost } from './procedure.ts';
import type { Site } from './site.ts';

/** `{{name}}` and bash's `${name}` are no placeholders, nor is anything with a space or another sign inside. */
const PLACEHOLDER = /(?<![${])\{([A-Za-z][A-Za-z0-9_-]*)\}/g;

/** The site's values as the steps of a host see them: "junk-key" and "peer-…" depend on it, the operator has none. */
export function siteValues(site: Site, host: StepHost): Record<string, string> {
  const { active, inactive } = site.hosts;
  const values: Record<string, string> = {
    ledger: site.ledger,
    'tower-dir': site.towerDir,
    'identity-link': site.identityLink,
    'staked-key': site.stakedKey,
    'vote-key': site.voteKey,
    home: site.home,
    unit: site.unit,
    'start-script': site.startScript,
    'active-address': active.address,
    'active-user': active.user,
    'active-junk-key': active.junkKey,
    'inactive-address': inactive.address,
    'inactive-user': inactive.user,
    'inactive-junk-key': inactive.junkKey,
    'etcd-address': site.etcd.address,
    'etcd-user': site.etcd.user,
  };
  if (host === 'operator' || host === 'etcd') return values;
  const [own, peer] = host === 'active' ? [active, inactive] : [inactive, active];
  return {
    ...values,
    'junk-key': own.junkKey,
    // As typed in the home folder, where a login starts.
    'junk-key-from-home': own.junkKey.startsWith(`${site.home}/`) ? own.junkKey.slice(site.home.length + 1) : own.junkKey,
    'peer-address': peer.address,
    'peer-user': peer.user,
    'peer-junk-key': peer.junkKey,
  };
}

/** Text with its placeholders filled in; for each that means nothing a problem (without a place) is added. */
export function fill(text: string, values: Readonly<Record<string, string>>, problems: Omit<Diagnostic, 'file'>[]): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    if (Object.hasOwn(values, name)) return values[name]!;
    problems.push(withNearest({
      message: `the placeholder "${whole}" stands for nothing here`,
      expected: `${Object.keys(values).join(', ')} (or "{ ${name} }", with spaces, for the braces themselves)`,
    }, nearestWord(name, Object.keys(values))));
    return whole;
  });
}
