import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownBlock, markdownCode, markdownTable, markdownText } from '../../src/report/markdown-text.ts';
import { xmlAttribute, xmlElement, xmlText } from '../../src/report/xml.ts';

const DECODED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#10': '\n', '#9': '\t', '#13': '\r' };
const decode = (xml: string): string => xml.replace(/&(\w+|#\d+);/g, (_, name: string) => DECODED[name]!);
/** What XML 1.0 allows, written another way than in the code. */
const allowed = (character: string): boolean => {
  const code = character.codePointAt(0)!;
  return code === 9 || code === 10 || code === 13 || (code >= 0x20 && !(code >= 0xD800 && code <= 0xDFFF) && code !== 0xFFFE && code !== 0xFFFF);
};
const any = fc.string({ unit: 'binary' });

describe('XML', () => {
  it('has every text as it was, but for characters that XML has no form for', () => {
    fc.assert(fc.property(any, (text) => {
      const kept = [...text].map((character) => (allowed(character) ? character : '\uFFFD')).join('');
      expect(decode(xmlAttribute(text))).toBe(kept);
      expect(decode(xmlText(text))).toBe(kept);
      expect(xmlAttribute(text)).not.toMatch(/[<>"\n]/);
      expect(xmlText(text)).not.toMatch(/[<>]/);
    }), { seed: 5 });
  });

  it('has halves of surrogate pairs and control characters replaced', () => {
    expect(xmlText('a\u0000b\uD800c\uFFFFd\u{1F600}')).toBe('a\uFFFDb\uFFFDc\uFFFDd\u{1F600}');
    expect(xmlElement('a', { b: 'x"y', c: null, d: 1 }, [xmlText('<&>')])).toBe('<a b="x&quot;y" d="1">&lt;&amp;&gt;</a>');
    expect(xmlElement('a', {})).toBe('<a/>');
  });
});

describe('Markdown', () => {
  it('takes nothing in a text for markup', () => {
    fc.assert(fc.property(any, (text) => {
      const escaped = markdownText(text);
      expect(escaped).not.toMatch(/[<>\n]/);
      expect(escaped.replaceAll(/\\[\\`*_[\]|~#]/g, '')).not.toMatch(/[`*_[\]|~#]/);
    }), { seed: 5 });
  });

  it('keeps code within its fence, and a row within its line', () => {
    expect(markdownCode('a `b` c')).toBe('``a `b` c``');
    expect(markdownCode('`b')).toBe('`` `b ``');
    expect(markdownCode('a | b\nc')).toBe('`a \\| b c`');
    expect(markdownBlock(['```', 'x'])).toEqual(['````', '```', 'x', '````']);
    expect(markdownTable(['a', 'b'], [[markdownText('x|y'), '']])).toEqual(['| a | b |', '| --- | --- |', '| x\\|y |  |']);
  });
});
