/** A build of the product, loaded from its folder: the shipped one, or a copy with seeded bugs. */
import { pathToFileURL } from 'node:url';
import type * as RunSpecs from '../explore/run-spec.ts';
import type * as BoundsSearch from '../explore/search.ts';
import type * as SingleFaults from '../explore/single-faults.ts';
import type * as Tokens from '../explore/token.ts';
import type * as ScenarioFiles from '../scenario/load.ts';
import type * as FaultKinds from '../sim/fault-kinds.ts';
import type * as Faults from '../sim/faults.ts';
import type * as Preparation from '../sim/preparation.ts';
import type * as ProcedureFiles from '../transition/procedure-file.ts';
import type * as Sites from '../transition/site.ts';

export type Product = typeof RunSpecs & typeof BoundsSearch & typeof SingleFaults & typeof Tokens & typeof ScenarioFiles & typeof FaultKinds &
  typeof Faults & typeof Preparation & typeof ProcedureFiles & typeof Sites;

const MODULES = [
  'explore/run-spec', 'explore/search', 'explore/single-faults', 'explore/token', 'scenario/load', 'sim/fault-kinds', 'sim/faults', 'sim/preparation',
  'transition/procedure-file', 'transition/site',
];

/** What the modules of a build export, together. `dist`: its folder. */
export async function loadProduct(dist: string): Promise<Product> {
  const modules = await Promise.all(MODULES.map((name) => import(pathToFileURL(`${dist}/${name}.js`).href) as Promise<object>));
  return Object.assign({}, ...modules) as Product;
}
