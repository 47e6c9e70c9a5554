import { expect, test } from 'vitest';
import { SeatId } from '@/lib/protocol/ids';
import { memoryChanges } from './memory-changes';

test('[CV53] each block that is new, gone or different is one change, and no other', () => {
  const seat = SeatId.parse('a');
  const before = new Map([
    ['same', 'x'],
    ['other', 'old'],
    ['gone', 'was'],
    ['emptied', 'full'],
  ]);
  const after = new Map([
    ['same', 'x'],
    ['other', 'new'],
    ['emptied', ''],
    ['fresh', ''],
  ]);
  expect(memoryChanges(seat, before, after).map(({ payload }) => payload)).toEqual([
    { seat, label: 'other', before: 'old', after: 'new' },
    { seat, label: 'gone', before: 'was', after: null },
    { seat, label: 'emptied', before: 'full', after: '' },
    { seat, label: 'fresh', before: null, after: '' },
  ]);
  expect(memoryChanges(seat, after, after)).toEqual([]);
});
