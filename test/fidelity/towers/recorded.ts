/** What the real loader has said of a tower file and its bends. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const place = (name: string) => fileURLToPath(new URL(`../../fixtures/fidelity/${name}`, import.meta.url));

/** A tower that agave-validator 4.2.0 has written for the product's throwaway staked identity. */
export const LOADER_TOWER = place('tower.bin');
const ANSWERS = place('tower-answers.json');

/** By the way of bending: the words of the loader, null where it takes the file. */
export type LoaderAnswers = Readonly<Record<string, string | null>>;

/** Reads the recorded answers. */
export function readLoaderAnswers(): LoaderAnswers {
  return JSON.parse(readFileSync(ANSWERS, 'utf8')) as LoaderAnswers;
}

/** Writes them. */
export function writeLoaderAnswers(answers: LoaderAnswers): void {
  writeFileSync(ANSWERS, `${JSON.stringify(answers, null, 2)}\n`);
}
