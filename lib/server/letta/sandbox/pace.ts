import { setTimeout as delay } from 'node:timers/promises';

/**
 * How fast simulated agents are, in milliseconds. `tokenMs` is the time between two pieces of a text, `thinkMs` the time
 * before the first one, `toolMs` what a tool that runs outside the server's process takes (the real one: 3 to 6 s).
 */
export type Pace = { tokenMs: number; thinkMs: number; toolMs: number };

const TOKEN_MS = 55;
const SLICE_MS = 200;

/** `undefined` is the pace for people who read along; `instant` never starts a timer. */
export function paceOf(paceMs: number | 'instant' | undefined): Pace {
  const tokenMs = paceMs === 'instant' ? 0 : (paceMs ?? TOKEN_MS);
  return { tokenMs, thinkMs: tokenMs * 8, toolMs: tokenMs * 40 };
}

/**
 * Waits `ms`, in slices; after each of them `between` may throw to end the waiting (a cancelled run).
 * Rejects at once when `signal` aborts. Zero does not wait at all.
 */
export async function pause(ms: number, signal: AbortSignal, between?: () => Promise<void>): Promise<void> {
  for (let left = ms; left > 0; left -= SLICE_MS) {
    await delay(Math.min(left, SLICE_MS), undefined, { signal });
    await between?.();
  }
}
