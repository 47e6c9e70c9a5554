import { expect, test } from 'vitest';
import { relativeTimePhrase, relativeTimeText } from './relative-time-text';

const now = Date.parse('2026-11-20T12:00:00.000Z');

test('the nearest unit, cut down', () => {
  expect(relativeTimeText(now - 900, now)).toBe('now');
  expect(relativeTimeText(now - 4_900, now)).toBe('4 s');
  expect(relativeTimeText(now - 4 * 60_000, now)).toBe('4 min');
  expect(relativeTimeText(now - 3 * 3_600_000, now)).toBe('3 h');
  expect(relativeTimeText(now - 50 * 3_600_000, now)).toBe('2 d');
  expect(relativeTimeText(now - 30 * 86_400_000, now)).toBe('21 Oct');
  expect(relativeTimeText(now - 400 * 86_400_000, now)).toBe('16 Oct 2025');
});

test('a moment ahead counts down the same way', () => {
  expect(relativeTimeText(now + 48_000, now)).toBe('48 s');
});

test('as part of a sentence', () => {
  expect(relativeTimePhrase(now, now)).toBe('just now');
  expect(relativeTimePhrase(now - 4 * 60_000, now)).toBe('4 min ago');
  expect(relativeTimePhrase(now + 50 * 3_600_000, now)).toBe('in 2 d');
  expect(relativeTimePhrase(now - 30 * 86_400_000, now)).toBe('on 21 Oct');
});
