import { expect, it } from 'vitest';
import { extended, nothingSelected, stillThere, toggled } from './selection';

const order = ['a', 'b', 'c', 'd', 'e'];
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort().join('');

it('chooses and lets go of one, and extends from there in either direction', () => {
  const c = toggled(nothingSelected, 'c');
  expect(ids(toggled(c, 'c'))).toBe('');
  expect(ids(extended(c, order, 'e'))).toBe('cde');
  expect(ids(extended(extended(c, order, 'e'), order, 'a'))).toBe('abcde');
  expect(ids(extended(nothingSelected, order, 'd'))).toBe('d');
});

it('never holds what has left the list, and never takes in what arrives', () => {
  const all = extended(toggled(nothingSelected, 'a'), order, 'e');
  expect(ids(stillThere(all, ['new', 'b', 'd', 'e', 'newer']))).toBe('bde');
  expect(stillThere(all, [...order, 'new'])).toBe(all);
  expect(ids(extended(toggled(nothingSelected, 'gone'), order, 'b'))).toBe('bgone');
});
