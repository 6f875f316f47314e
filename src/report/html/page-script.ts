/** The script of the page as text, as tsc compiled it: its files one after the other, without imports and exports. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FILES = ['markup.js', 'tower-table.js', 'client/page.js'];

export interface PageScript {
  readonly text: string;
  /** For a Content-Security-Policy that lets this script run and no other. */
  readonly hash: string;
}

/** Read once. Throws when the product is not built. */
export function pageScript(): PageScript {
  return (read ??= scriptOf(FILES.map(compiled).join('\n')));
}

let read: PageScript | undefined;

/** From the sources as from dist the compiled files are read, so that the same document gives the same bytes. */
function compiled(file: string): string {
  const beside = fileURLToPath(new URL(`./${file}`, import.meta.url));
  return readFileSync(existsSync(beside) ? beside : fileURLToPath(new URL(`../../../dist/report/html/${file}`, import.meta.url)), 'utf8');
}

function scriptOf(modules: string): PageScript {
  const plain = modules.replace(/^import .*;$/gm, '').replace(/^export (?=function|const|let|class)/gm, '').replace(/^export \{.*\};$/gm, '');
  const text = `(() => {\n'use strict';\n${plain}\n})();`;
  if (/<\/script|<!--/i.test(text)) throw new Error('the script of the page would end its element');
  return { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` };
}
