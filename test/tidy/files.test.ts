/** What holds for every file of the repository. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRODUCT_VERSION } from '../../src/model/version.ts';
import { FILES, SOURCES, textOf } from './source.ts';

const CODE = FILES.filter((file) => file.endsWith('.ts'));
const TEXTS = FILES.filter((file) => !/\.(?:gz|bin|png)$/.test(file));

describe('files', () => {
  it('of code have at most 400 lines', () => {
    const lengths = CODE.map((file) => ({ file, lines: textOf(file).split('\n').length - 1 }));
    const long = lengths.filter(({ lines }) => lines > 300).sort((a, b) => b.lines - a.lines);
    process.stdout.write(`more than 300 lines: ${long.map(({ file, lines }) => `${file} (${lines})`).join(', ')}\n`);
    expect(long.filter(({ lines }) => lines > 400)).toEqual([]);
  });

  it('are named after an idea', () => {
    expect(FILES.filter((file) => /(?:^|[-_.])(?:utils?|helpers?|common|stuff|tmp|temp)(?:$|[-_.])/i.test(basename(file)))).toEqual([]);
    expect(CODE.filter((file) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z]+)*\.ts$/.test(basename(file)))).toEqual([]);
  });

  it('hold nothing that was not finished', () => {
    const words = /\b(?:TODO|FIXME|XXX|HACK)\b|\b(?:describe|it|test)\.(?:only|skip|todo)\b|\bdebugger\b/;
    expect(CODE.filter((file) => file !== 'test/tidy/files.test.ts' && words.test(textOf(file)))).toEqual([]);
  });

  it('speak of the product alone, not of where and by what it was written', () => {
    // Each pattern is written so that it does not find itself.
    const patterns = [/(?<![\w.])\/wor[k]\//, /\bshare[d]\/(?:facts|guide|agave(?!\/bin)|vectors|hooks)/, /\bfact[s]\/[\w-]+\.md/, /\/roo[t]\/(?!\.ssh)/, /\/tm[p]\/common/,
      /\bsub-?agen[t]s?\b/i, /\bClaud[e]\b/i, /\bAnthropi[c]\b/i, /\bChatGP[T]\b/i, /\bCopilo[t]\b/i, /\blanguage mode[l]s?\b/i, /\bLL[M]s?\b/, /\bother worker[s]? (?:is|are|edit)/i,
      /\b(?:this|previous|next|worker|parallel) sessio[n]\b/i, /\bhelper sessio[n]/i, /\bthe lea[d] (?:will|commits|said)/i];
    const met = TEXTS.flatMap((file) => patterns.flatMap((pattern) => {
      const found = pattern.exec(textOf(file));
      return found === null ? [] : [`${file}: ${found[0]}`];
    }));
    expect(met).toEqual([]);
  });

  it('hold no key but those that the product makes from names', () => {
    const keyFile = /\[\s*\d{1,3}\s*(?:,\s*\d{1,3}\s*){63}\]/;
    const pem = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\r\n]/;
    expect(TEXTS.filter((file) => keyFile.test(textOf(file)) || pem.test(textOf(file)))).toEqual([]);
  });

  it('of text end with a line end and have no blanks before one', () => {
    const untidy = FILES.filter((file) => /\.(?:ts|json|yaml|md|sh)$/.test(file) && !file.startsWith('test/fixtures/') && !file.startsWith('reports/'));
    expect(untidy.filter((file) => !textOf(file).endsWith('\n') || /[ \t]$/m.test(textOf(file)) || textOf(file).includes('\r'))).toEqual([]);
  });
});

describe('the code', () => {
  it('tells of every exported function what it does: above it, or above the file that has no other', () => {
    const untold = SOURCES.flatMap((file) => {
      const lines = textOf(file).split('\n');
      const exported = lines.flatMap((line, i) => {
        const name = /^export (?:async )?function\*? (\w+)/.exec(line)?.[1];
        return name === undefined ? [] : [{ name, told: lines[i - 1]?.trimEnd().endsWith('*/') === true }];
      });
      if (exported.length === 1 && /^(?:#!.*\n)?\/\*\*/.test(textOf(file))) return [];
      return exported.filter(({ told }) => !told).map(({ name }) => `${file} ${name}`);
    });
    expect(untold).toEqual([]);
  });

  it('has a sentence at the top of every file of src', () => {
    expect(SOURCES.filter((file) => !/^(?:#!.*\n)?\/\*\*/.test(textOf(file)))).toEqual([]);
  });
});

describe('the package', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string; dependencies: Record<string, string>; devDependencies: Record<string, string>; bin: object; files: string[] };

  it('has the version that the product prints', () => {
    expect(manifest.version).toBe(PRODUCT_VERSION);
  });

  it('names exact versions of what it depends on', () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('has a check that can be run', () => {
    expect(() => accessSync('.ci/run', constants.X_OK)).not.toThrow();
  });
});
