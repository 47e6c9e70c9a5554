import { expect, test } from 'vitest';
import { wordDifference } from '@/lib/domain/draft/word-difference';
import { shortened } from './shortened-difference';

const words = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `word${from + index}`).join(' ');

test('what stayed the same is cut to what stands around the changes', () => {
  const before = `${words(0, 100)} tea ${words(100, 200)} black ${words(200, 300)}`;
  const difference = wordDifference(before, before.replace('tea', 'coffee').replace('black', 'white'));
  const short = shortened(difference);
  const text = short.pieces.map((piece) => piece.text).join('');
  expect(text.length).toBeLessThan(600);
  expect(text).toContain('word99');
  expect(text).toContain('word100');
  expect(text).not.toContain('word50 ');
  expect(short.pieces.filter(({ kind }) => kind !== 'same')).toEqual(
    difference.pieces.filter(({ kind }) => kind !== 'same'),
  );
});

test('a short text stays as it is', () => {
  const difference = wordDifference('Likes tea.', 'Likes coffee.');
  expect(shortened(difference)).toBe(difference);
});
