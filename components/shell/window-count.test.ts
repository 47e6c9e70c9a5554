import { expect, it } from 'vitest';
import { countedTitle } from './window-count';

it('stands before the title once, however often it is put there', () => {
  expect(countedTitle('Drafts · Parley', 3)).toBe('(3) Drafts · Parley');
  expect(countedTitle('(3) Drafts · Parley', 4)).toBe('(4) Drafts · Parley');
  expect(countedTitle('(99+) Drafts · Parley', 120)).toBe('(99+) Drafts · Parley');
  expect(countedTitle('(4) Drafts · Parley', 0)).toBe('Drafts · Parley');
  expect(countedTitle('(draft) of a title', 0)).toBe('(draft) of a title');
});
