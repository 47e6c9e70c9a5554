import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from './monotonic-ms';

/** Calls `work` `count` times, `perSecond` on average, by the clock and not by the timer: a late call does not shift the rest. */
export async function atPace(perSecond: number, count: number, work: (index: number) => void): Promise<void> {
  const began = monotonicMs();
  for (let index = 0; index < count; index += 1) {
    const waitMs = began + (index * 1_000) / perSecond - monotonicMs();
    if (waitMs > 0) await delay(waitMs);
    work(index);
  }
}
