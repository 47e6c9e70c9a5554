import { expect, test } from 'vitest';
import { countText } from './count-text';
import { latencyText, pauseText, stopwatchText } from './duration-text';

test('how long something took is said in the unit that people would use', () => {
  expect([0, 198, 999.4, 1_000, 6_440, 59_940, 240_000].map(latencyText)).toEqual([
    '0 ms',
    '198 ms',
    '999 ms',
    '1.0 s',
    '6.4 s',
    '59.9 s',
    '4 min',
  ]);
});

test('pauses and running times in words', () => {
  expect([340, 940, 42_000, 185_000, 18 * 60_000, 7_200_000].map(pauseText)).toEqual([
    '340 ms',
    '940 ms',
    '42 s',
    '3:05',
    '18 min',
    '2 h',
  ]);
  expect([3_000, 760_000, 3_727_000].map(stopwatchText)).toEqual(['0:03', '12:40', '1:02:07']);
});

test('the digits of a count are grouped', () => {
  expect(countText(1_148)).toBe('1,148');
});
