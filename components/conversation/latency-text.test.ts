import { expect, it } from 'vitest';
import { countText, latencyText } from './latency-text';

it('says how long something took in the unit that people would use', () => {
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

it('groups the digits of a count', () => {
  expect(countText(1_148)).toBe('1,148');
});
