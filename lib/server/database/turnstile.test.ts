import { expect, test } from 'vitest';
import { createTurnstile } from './turnstile';

test('so many are inside at a time, in their order, and one that fails lets the next one in', async () => {
  const through = createTurnstile(2);
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const work = (number: number) =>
    through(async () => {
      begun.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (number === 1) throw new Error('it failed');
    });
  const all = [1, 2, 3, 4].map(work);
  const first = expect(all[0]).rejects.toThrow('it failed');
  expect(begun).toEqual([1, 2]);
  ends[0]?.();
  await first;
  expect(begun).toEqual([1, 2, 3]);
  ends[1]?.();
  await all[1];
  await expect.poll(() => begun).toEqual([1, 2, 3, 4]);
  for (const end of ends) end();
  await Promise.all(all.slice(1));
});
