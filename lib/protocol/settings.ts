import { z } from 'zod';
import { Conveyance } from './conversation';

const maxTurns = z.number().int().min(1, 'between 1 and 10,000').max(10_000, 'between 1 and 10,000');

/**
 * Settings of the whole workspace. `sandbox`: whether the sandbox runs; `sandboxFixed`: the environment decided it
 * (PARLEY_SANDBOX on or off) and a change is refused. The last two are what the form of a new conversation begins with.
 */
export const Settings = z.object({
  sandbox: z.boolean(),
  sandboxFixed: z.boolean(),
  conveyance: Conveyance,
  maxTurns,
});
export type Settings = z.infer<typeof Settings>;

/** What is not given stays as it is. */
export const ChangeSettings = z
  .strictObject({ sandbox: z.boolean().optional(), conveyance: Conveyance.optional(), maxTurns: maxTurns.optional() })
  .refine((change) => Object.keys(change).length > 0, 'nothing to change: give sandbox, conveyance or maxTurns');
export type ChangeSettings = z.infer<typeof ChangeSettings>;
