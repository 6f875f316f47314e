/** `solevoter show PROCEDURE`. */
import { InputError, nearestWord, withNearest } from '../model/diagnostic.ts';
import { asBash, runbook } from '../report/runbook.ts';
import { EXIT } from '../model/exit-code.ts';
import { loadSubject } from './subject.ts';
import type { SubjectOptions } from './subject.ts';
import { printLines } from './terminal.ts';

const FORMS = ['runbook', 'bash'];

/** Throws InputError. */
export function showCommand(name: string, options: SubjectOptions & { readonly as: string }): number {
  if (!FORMS.includes(options.as)) {
    throw new InputError([withNearest({ file: '--as', message: `"${options.as}" is no form`, expected: FORMS.join(' or ') }, nearestWord(options.as, FORMS))]);
  }
  const { procedure } = loadSubject(name, options);
  if (options.as === 'runbook') printLines([runbook(procedure).trimEnd()]);
  else {
    const scripts = asBash(procedure);
    const hosts = (['active', 'inactive', 'etcd', 'operator'] as const).filter((host) => procedure.steps.some((step) => step.host === host));
    printLines(hosts.map((host) => scripts[host].trimEnd()));
  }
  return EXIT.holds;
}
