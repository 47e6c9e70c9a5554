import { z } from 'zod';
import { Stream } from './stream';
import { Instant } from './text';

const seq = z.coerce.number().int().max(Number.MAX_SAFE_INTEGER);
const position = seq.min(0).optional();
const text = z.string().min(1).max(240).optional();

/**
 * Which entries of the whole ledger: of a stream, a type, an actor's id; received `from` and before `to`; whose payload
 * holds the text `q`. Cursors are seqs: ascending after `after`, or the last ones before `before`.
 */
export const LedgerQuery = z.object({
  stream: text,
  type: text,
  actor: text,
  q: text,
  from: Instant.optional(),
  to: Instant.optional(),
  after: position,
  before: position,
  limit: z.coerce.number().int().min(1, 'limit is 1–500').max(500, 'limit is 1–500').default(50),
});
export type LedgerQuery = z.infer<typeof LedgerQuery>;

/** Without `stream`, the whole ledger. */
export const ExportQuery = z.object({ stream: Stream.optional() });
export type ExportQuery = z.infer<typeof ExportQuery>;

/** `seq`: that an entry is in the log. `from` and `to`: that the log of one size begins with the log of another. */
export const ProofQuery = z.union([
  z.strictObject({ seq: seq.positive() }),
  z.strictObject({ from: seq.positive(), to: seq.positive() }),
]);
export type ProofQuery = z.infer<typeof ProofQuery>;

/** `leaf` is the envelope as hashed, `path` base64 hashes from it to the root that `checkpoint`, a signed note, names. */
export const InclusionProof = z.object({
  seq: z.number().int().positive(),
  leaf: z.string(),
  path: z.array(z.string()),
  checkpoint: z.string(),
});
export type InclusionProof = z.infer<typeof InclusionProof>;

/** `checkpoint` is the one that was issued for the size `to`. */
export const ConsistencyProof = z.object({
  from: z.number().int().positive(),
  to: z.number().int().positive(),
  path: z.array(z.string()),
  checkpoint: z.string(),
});
export type ConsistencyProof = z.infer<typeof ConsistencyProof>;
