import { expect, test } from 'vitest';
import { cutText, oneLine } from './cut-text';
import { splitHidden } from './hidden-characters';

test('what is short enough stays as it is; of the rest the beginning, with its end behind it', () => {
  expect(cutText('Alice', 5)).toBe('Alice');
  expect(cutText('Alice and Bob', 5)).toBe('Alice');
  expect(cutText('Alice and Bob', 6, '…')).toBe('Alice…');
});

test('a cut goes through no character, so that none is shown that nobody wrote', () => {
  const text = 'a👋b👩🏽‍🚀c';
  for (let max = 0; max <= text.length; max++) {
    const lone = splitHidden(cutText(text, max)).filter(({ text: piece }) => /^[\ud800-\udfff]$/.test(piece));
    expect(lone, `cut at ${max}`).toEqual([]);
  }
});

test('one line holds no break, and no more than a line can show', () => {
  expect(oneLine(' two\n\n  lines\there ')).toBe('two lines here');
  expect(oneLine(`${'x'.repeat(399)}👋`)).toBe('x'.repeat(399));
});
