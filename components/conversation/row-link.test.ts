import { expect, test } from 'vitest';
import { placeOf } from '@/lib/domain/transcript/read-entry';
import { SeatId } from '@/lib/protocol/ids';
import { rowLink } from './row-link';

const [a, b, c] = ['a', 'b', 'c'].map((seat) => SeatId.parse(seat));

test('a link names the entry that told the row first, and the seats where they are not the first two', () => {
  const row = { place: placeOf(1234, 3) };
  const ids = (...seats: (typeof a)[]) => seats.flatMap((seat) => seat ?? []);
  expect(rowLink('http://127.0.0.1:3000', 'x', row, ids(a, b))).toBe('http://127.0.0.1:3000/conversations/x?at=1234');
  expect(rowLink('http://127.0.0.1:3000', 'x', row, ids(a, c))).toBe(
    'http://127.0.0.1:3000/conversations/x?at=1234&seats=a%2Cc',
  );
});
