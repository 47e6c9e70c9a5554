import { z } from 'zod';
import { Conveyance } from './conversation';

const upTo = (most: number) => {
  const words = `between 1 and ${most.toLocaleString('en')}`;
  return z.number().int().min(1, words).max(most, words);
};

const maxTurns = upTo(10_000);

/** What one address may try and one session or key may write. `writeBurst` writes may come at once. */
export const RateLimits = z.strictObject({
  signInPerMinute: upTo(1_000),
  writesPerSecond: upTo(100_000),
  writeBurst: upTo(1_000_000),
});
export type RateLimits = z.infer<typeof RateLimits>;

export const defaultRateLimits: RateLimits = { signInPerMinute: 10, writesPerSecond: 300, writeBurst: 3_000 };

/**
 * Settings of the whole workspace. `sandbox`: whether the sandbox runs; `sandboxFixed`: the environment decided it
 * (PARLEY_SANDBOX on or off) and a change is refused. `demoShown`: somebody has had their first look at the sandbox. `conveyance` and `maxTurns` are what the form of a new conversation
 * begins with.
 */
export const Settings = z.object({
  sandbox: z.boolean(),
  sandboxFixed: z.boolean(),
  demoShown: z.boolean(),
  conveyance: Conveyance,
  maxTurns,
  limits: RateLimits,
});
export type Settings = z.infer<typeof Settings>;

/** What is not given stays as it is, each of the limits too. */
export const ChangeSettings = z
  .strictObject({
    sandbox: z.boolean().optional(),
    conveyance: Conveyance.optional(),
    maxTurns: maxTurns.optional(),
    limits: RateLimits.partial().optional(),
  })
  .refine(
    (change) => Object.keys(change).length > 0,
    'nothing to change: give sandbox, conveyance, maxTurns or limits',
  );
export type ChangeSettings = z.infer<typeof ChangeSettings>;

/** Whether the first look at the sandbox begins with this request; it does once. */
export const DemoShown = z.object({ begun: z.boolean() });
export type DemoShown = z.infer<typeof DemoShown>;

/** How much of the walk-through was taken away. */
export const ClearedDemo = z.object({ conversations: z.number(), tasks: z.number(), agents: z.number() });
export type ClearedDemo = z.infer<typeof ClearedDemo>;
