import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, pageOfRows } from './cursor';

const Position = z.tuple([z.number(), z.string()]);

test('[HT14] a cursor goes into a URL as it is, and comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\u0000')),
      (seq, id) => {
        const cursor = encodeCursor([seq, id]);
        expect(encodeURIComponent(cursor)).toBe(cursor);
        expect(decodeCursor(Position, cursor)).toEqual([seq, id]);
      },
    ),
  );
});

test('[HT14] any other text is 400 and names `after`', () => {
  const others = ['x', '===', '%00', encodeCursor(['a', 1]), encodeCursor([1]), encodeCursor([1, 'a\u0000'])];
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...others), fc.string(), fc.base64String()), (text) => {
      expect(() => decodeCursor(Position, text)).toThrow(
        expect.objectContaining({ code: 'request.invalid', fields: { after: expect.any(String) } }),
      );
    }),
  );
  expect(decodeCursor(Position, undefined)).toBeUndefined();
});

test('[HT14] a page tells where the next begins, and null at the end', () => {
  const page = (rows: number[]) => pageOfRows(rows, 2, String, (row) => [row]);
  expect(page([1, 2, 3])).toEqual({ items: ['1', '2'], next: encodeCursor([2]) });
  expect(page([1, 2])).toEqual({ items: ['1', '2'], next: null });
  expect(page([])).toEqual({ items: [], next: null });
});
