import { expect, test } from 'vitest';
import { seatHue } from './seat-hue';
import { initials, tileLetters, tileLettersAmong } from './tile-letters';

test('a tile shows the first letter or digit', () => {
  expect(tileLetters('Alice')).toBe('A');
  expect(tileLetters('  “émile”')).toBe('É');
  expect(tileLetters('😀')).toBe('?');
  expect(tileLetters('')).toBe('?');
});

test('of a group, those that share a letter show two', () => {
  expect(tileLettersAmong(['Alice', 'Bob', 'Analyst'])).toEqual(['A', 'B', 'An']);
});

test('initials of people', () => {
  expect(initials('Mira Okafor')).toBe('MO');
  expect(initials('Jonas')).toBe('J');
  expect(initials('')).toBe('?');
});

test('seats take the hues in order and repeat from the fifth', () => {
  expect(['a', 'b', 'c', 'd', 'e', 'z'].map(seatHue)).toEqual(['a', 'b', 'c', 'd', 'a', 'b']);
});
