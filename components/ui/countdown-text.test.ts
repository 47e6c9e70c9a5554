import { expect, it } from 'vitest';
import { countdownLook } from './countdown-text';

const figure = (leftMs: number) => countdownLook(0, 900_000_000, 900_000_000 - leftMs).figure;

it('counts minutes and seconds, and hours and days where there are many', () => {
  expect([48_000, 60_000, 61_500, 3_599_000].map(figure)).toEqual(['0:48', '1:00', '1:02', '59:59']);
  expect([3_600_000, 47 * 3_600_000, 49 * 3_600_000].map(figure)).toEqual(['1 h', '47 h', '2 d']);
});

it('says what share is left, marks the last ten seconds, and ends in a word', () => {
  expect(countdownLook(0, 100_000, 25_000)).toEqual({ figure: '1:15', share: 0.75, isLast: false, isOver: false });
  expect(countdownLook(0, 100_000, 90_000)).toMatchObject({ figure: '0:10', isLast: true });
  expect(countdownLook(0, 100_000, 100_000)).toEqual({ figure: 'Expired', share: 0, isLast: false, isOver: true });
  expect(countdownLook(50_000, 50_000, 0).share).toBe(1);
  expect(countdownLook(0, 600_000, -900)).toMatchObject({ figure: '10:00', share: 1 });
});
