import { z } from 'zod';
import { Actor } from './actor';
import { EntryId } from './ids';
import { JsonObject } from './json';
import { Stream } from './stream';
import { Timestamp } from './text';

/** An entry on the wire. `payload` is null where it was redacted; `type` may be newer than this program. */
export const WireEntry = z.object({
  seq: z.number().int().positive(),
  stream: Stream,
  streamSeq: z.number().int().positive(),
  id: EntryId,
  type: z.string(),
  actor: Actor,
  occurredAt: Timestamp,
  receivedAt: Timestamp,
  cause: z.number().int().positive().nullable(),
  payload: JsonObject.nullable(),
});
export type WireEntry = z.infer<typeof WireEntry>;
