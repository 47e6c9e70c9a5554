import { expect, it } from 'vitest';
import { sinceText } from './since-text';

it('names the day, and the time zone with it, only of what began on another one', () => {
  const noon = new Date(2026, 10, 21, 12).getTime();
  expect(sinceText(noon - 5_000, noon)).toBe('11:59:55');
  expect(sinceText(noon - 86_400_000, noon)).toBe('20 Nov 2026, 12:00:00 UTC');
});
