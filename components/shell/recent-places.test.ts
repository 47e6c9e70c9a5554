import { expect, test } from 'vitest';
import { withVisit } from './recent-places';

const visit = (n: number, label = `Number ${n}`) => ({ href: `/conversations/${n}`, label });

test('the latest visit comes first, and each place stands once, under its latest name', () => {
  const places = [visit(1), visit(2)].reduce(withVisit, []);
  expect(withVisit(places, visit(1, 'Renamed')).map(({ label }) => label)).toEqual(['Renamed', 'Number 2']);
});

test('a dozen are kept', () => {
  const places = Array.from({ length: 40 }, (_, n) => visit(n)).reduce(withVisit, []);
  expect(places).toHaveLength(12);
  expect(places[0]).toEqual(visit(39));
});
