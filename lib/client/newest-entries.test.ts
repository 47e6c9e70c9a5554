import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, onTestFinished, test, vi } from 'vitest';
import { newestEntriesQuery } from './newest-entries';

const SECONDS = 120;

test('a row that is looked at while something happens every second keeps a bounded number of pages', async () => {
  vi.useFakeTimers();
  const client = new QueryClient();
  const at = (second: number) => ({
    ...newestEntriesQuery('talk', new Date(second * 1_000).toISOString()),
    queryFn: async () => ({ items: [], next: null }),
  });
  const row = new QueryObserver(client, at(0));
  const leave = row.subscribe(() => undefined);
  onTestFinished(() => {
    leave();
    client.clear();
    vi.useRealTimers();
  });
  for (let second = 1; second <= SECONDS; second += 1) {
    row.setOptions(at(second));
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(row.getCurrentResult().isSuccess).toBe(true);
  expect(client.getQueryCache().getAll().length).toBeLessThan(15);
});
