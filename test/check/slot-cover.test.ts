import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slotCover } from '../../src/check/slot-cover.ts';

test('holds the slots of all ranges, whatever their order', () => {
  const range = fc.record({ first: fc.nat(40), size: fc.nat(6) });
  fc.assert(
    fc.property(fc.array(range, { maxLength: 15 }), (ranges) => {
      const cover = slotCover();
      const slots = new Set<number>();
      for (const { first, size } of ranges) {
        cover.add(first, first + size);
        for (let slot = first; slot <= first + size; slot++) slots.add(slot);
      }
      for (let slot = 0; slot < 50; slot++) expect(cover.has(slot)).toBe(slots.has(slot));
    }),
  );
});
