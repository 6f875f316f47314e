/** The recordings in test/fixtures/agave, imported once a test file. */
import { readRecording } from '../../src/cli/import.ts';
import type { Recording } from '../../src/import/recording.ts';

/** Path of a fixture of real validators. */
export const fixture = (path: string): string => new URL(`../fixtures/agave/${path}`, import.meta.url).pathname;

const imported = new Map<string, Promise<Recording>>();

/** The recording of a folder, as `solevoter import FOLDER` reads it. */
export function recording(folder: string): Promise<Recording> {
  let made = imported.get(folder);
  if (made === undefined) imported.set(folder, (made = readRecording(fixture(folder), { output: '' })));
  return made;
}
