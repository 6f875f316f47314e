/** Where the product is installed, and where the packages lie that it needs: a copy of it needs them too. */
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The compiled product. */
export const DIST = join(PACKAGE_ROOT, 'dist');

/** The folder node_modules that holds what the product imports: its own, or the one in which it is installed itself. */
export function nodeModules(): string {
  const path = createRequire(import.meta.url).resolve('valibot');
  const inside = `${sep}node_modules${sep}`;
  return path.slice(0, path.lastIndexOf(inside) + inside.length - 1);
}
