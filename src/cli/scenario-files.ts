/** The scenarios that files, and folders of files, hold. */
import { statSync } from 'node:fs';
import { loadScenario, loadScenarios } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** In the order given, each folder by its names. Throws InputError. */
export function scenariosOf(paths: readonly string[]): Scenario[] {
  return paths.flatMap((path) => (isFolder(path) ? loadScenarios(path) : [loadScenario(path)]));
}

/** What cannot be looked at is no folder: reading it as a file tells why. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
