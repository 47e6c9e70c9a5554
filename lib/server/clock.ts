/** Time as the program sees it; tests move it. */
export type Clock = {
  /** Wall time, for what is recorded. */
  now(): Date;
  /** Milliseconds that only ever grow, for what is measured. */
  monotonicMs(): number;
};

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
