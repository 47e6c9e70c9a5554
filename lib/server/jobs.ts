import type { z } from 'zod';

/** What carries out one kind of effect. Runs at least once: it must look before it acts. */
export type Task<Payload extends z.ZodType = z.ZodType> = {
  name: string;
  payload: Payload;
  run: (payload: z.infer<Payload>, context: { signal: AbortSignal }) => Promise<void>;
};

export type Jobs = {
  /** Starts working. Effects appended before are found. */
  start(tasks: Task[]): Promise<void>;
  /** Lets running jobs end, up to `graceMs`; what is left runs again at the next start. */
  stop(graceMs: number): Promise<void>;
};
