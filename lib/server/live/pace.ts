import type { Clock } from '../clock';

const BURST = 4;

/**
 * Runs `work` when asked: at once as long as it is asked rarely, else gathered, once per `tickMs`. A lone request never
 * waits, and `BURST` requests in a row do not either.
 */
export function createPace(clock: Clock, tickMs: number, work: () => void): { ask(): void; stop(): void } {
  let allowance = BURST;
  let at = clock.monotonicMs();
  let timer: NodeJS.Timeout | undefined;

  function refill(): void {
    const now = clock.monotonicMs();
    allowance = Math.min(BURST, allowance + (now - at) / tickMs);
    at = now;
  }

  function run(): void {
    timer = undefined;
    refill();
    allowance = Math.max(0, allowance - 1);
    work();
  }

  return {
    ask() {
      if (timer) return;
      refill();
      if (allowance >= 1) run();
      else timer = setTimeout(run, tickMs);
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
