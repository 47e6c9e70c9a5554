import { setTimeout as pause } from 'node:timers/promises';

/** Asks until `ready` gives true. Throws when `deadlineMs` has passed, with the words that `why` gives. */
export async function pollUntil(ready: () => Promise<boolean>, deadlineMs: number, why: () => string): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await ready())) {
    if (performance.now() > deadline) throw new Error(why());
    await pause(50);
  }
}
