import { z } from 'zod';

/** Who did something. `id` is stable and pseudonymous; `name` is for reading and never part of what is hashed. */
export const Actor = z.object({
  kind: z.enum(['person', 'agent', 'key', 'system']),
  id: z.string().min(1),
  name: z.string(),
});
export type Actor = z.infer<typeof Actor>;

/** Parley itself. */
export const system: Actor = { kind: 'system', id: 'parley', name: 'Parley' };
