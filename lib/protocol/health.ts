import { z } from 'zod';
import { ServerName } from './ids';
import { LettaDialect, LettaState } from './letta-server';

/**
 * Open to everybody, hence without addresses or reasons. `status` is `degraded` while the ledger cannot be written
 * (answered 503) and `ok` otherwise: a lost Letta server is its own state, not Parley's.
 */
export const Health = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  database: z.enum(['ok', 'unavailable']),
  letta: z.array(z.object({ name: ServerName, dialect: LettaDialect, state: LettaState })),
});
export type Health = z.infer<typeof Health>;
