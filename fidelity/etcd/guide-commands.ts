/** The etcd commands of the guide, taken from its text, so that what runs here is what operators read. */
import { readFileSync } from 'node:fs';

const PAGES = {
  guide: new URL('../../test/fixtures/guide.md', import.meta.url),
  corrected: new URL('../../docs/etcd-real.md', import.meta.url),
};

/** The one fenced block of a page that holds `mark`. Throws when there is none, or more than one. */
function block(page: keyof typeof PAGES, mark: string): string {
  const blocks = [...readFileSync(PAGES[page], 'utf8').matchAll(/^```\w*\n([^]*?)\n```/gm)].map(([, text]) => text!);
  const found = blocks.filter((text) => text.includes(mark));
  if (found.length !== 1) throw new Error(`${PAGES[page].pathname} has ${found.length} blocks with "${mark}"`);
  return found[0]!;
}

/** Where the guide has etcd listen; tests replace it by a port of their own. */
export const GUIDE_ADDRESS = '127.0.0.1:2379';

/** Makes the folder `certs`, the authority and the two certificates, as the guide says. */
export const GUIDE_CERTIFICATES = `${block('guide', '> certs/config.json')}\n${block('guide', 'gencert -initca')}`;

/** The same with a subject of its own for the authority, as docs/etcd-real.md says. */
export const CORRECTED_CERTIFICATES = block('corrected', 'gencert -initca');

/** etcd with the guide's flags. */
export const START_ETCD = block('guide', '--auto-compaction-mode');

/** "On success, curl will return a 404 response." */
export const CURL_CHECK = block('guide', 'curl --cacert');

/** What the primary's command line has besides. */
export const PRIMARY_FLAGS = block('guide', '--tower-storage etcd');
