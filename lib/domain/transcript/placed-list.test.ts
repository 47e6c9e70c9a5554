import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlacedList } from './placed-list';

type Item = { place: number; word: string };

const changes = fc.array(
  fc.record({ place: fc.integer({ min: 1, max: 900 }), word: fc.string({ maxLength: 2 }), remove: fc.boolean() }),
  { maxLength: 1500 },
);

function carriedOut(list: { place: number; word: string; remove: boolean }[]) {
  const model = new Map<number, Item>();
  let placed = new PlacedList<Item>();
  for (const { place, word, remove } of list) {
    if (remove) model.delete(place);
    else model.set(place, { place, word });
    placed = remove ? placed.without(place) : placed.put({ place, word });
  }
  return { placed, model: [...model.values()].sort((one, other) => one.place - other.place) };
}

describe('a placed list', () => {
  it('is the sorted list of what was put and not taken away', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const { placed, model } = carriedOut(list);
        expect([...placed]).toEqual(model);
        expect(placed.size).toBe(model.length);
        expect([placed.first(), placed.last()]).toEqual([model[0], model.at(-1)]);
        for (let index = -1; index <= model.length; index++) expect(placed.at(index)).toEqual(model[index]);
      }),
    );
  });

  it('finds by place, and what comes before and after one', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 901 }), (list, place) => {
        const { placed, model } = carriedOut(list);
        expect(placed.get(place)).toEqual(model.find((item) => item.place === place));
        expect(placed.next(place)).toEqual(model.find((item) => item.place > place));
        expect(placed.previous(place)).toEqual(model.findLast((item) => item.place < place));
        expect(placed.floorIndex(place)).toBe(model.findLastIndex((item) => item.place <= place));
      }),
    );
  });

  it('leaves the list that it came from as it was, and shares what did not change', () => {
    let list = new PlacedList<Item>();
    for (let place = 1; place <= 1000; place++) list = list.put({ place, word: 'old' });
    const changed = list.put({ place: 1000, word: 'new' });
    expect([list.last()?.word, changed.last()?.word]).toEqual(['old', 'new']);
    expect(changed.at(10)).toBe(list.at(10));
  });
});
