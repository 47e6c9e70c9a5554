import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlacedList } from '@/lib/domain/transcript/placed-list';
import { ESTIMATE, type Listed, nextAround, windowOf } from './list-window';

const listOf = (size: number) =>
  Array.from({ length: size }, (_, index) => ({ id: `${index}`, place: index * 10 })).reduce(
    (list, item) => list.put(item),
    new PlacedList<Listed>(),
  );
const long = listOf(9_000);

describe('the window of a long list', () => {
  it('holds all of a short one', () => {
    expect(windowOf(listOf(300), null)).toEqual([0, 300]);
    expect(windowOf(new PlacedList<Listed>(), null)).toEqual([0, 0]);
  });

  it('lies at the end, or around the place where the reader is, and is never larger for a longer list', () => {
    expect(windowOf(long, null)).toEqual([7_000, 9_000]);
    fc.assert(
      fc.property(fc.nat(8_999), (index) => {
        const [from, to] = windowOf(long, index * 10);
        expect(from <= index && index < to).toBe(true);
        expect(to - from).toBeLessThanOrEqual(2_500);
      }),
    );
  });

  it('stays as long as the reader is well within, and moves on before they reach its edge', () => {
    const [from, to] = windowOf(long, 45_000);
    const at = (startIndex: number) =>
      nextAround(long, from, to, (from + startIndex) * ESTIMATE, { startIndex, endIndex: startIndex + 20 });
    expect(at(1_000)).toBeUndefined();
    expect(at(100)).toBe((from + 100) * 10);
    expect(at(to - from - 100)).toBe((to - 100) * 10);
  });

  it('goes where a reader jumped, and back to the end', () => {
    const [from, to] = windowOf(long, null);
    expect(nextAround(long, from, to, 1_000 * ESTIMATE, null)).toBe(10_000);
    const [early, late] = windowOf(long, 10_000);
    expect(nextAround(long, early, late, 8_900 * ESTIMATE, null)).toBeNull();
  });
});
