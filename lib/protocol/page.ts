import { z } from 'zod';
import { SeatId } from './ids';
import { Instant } from './text';

/** Query of a list: `limit` 1–500, default 50; `after` is a cursor that an earlier page gave. */
export const PageQuery = z.object({
  after: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1, 'limit is 1–500').max(500, 'limit is 1–500').default(50),
});
export type PageQuery = z.infer<typeof PageQuery>;

const position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();

/**
 * Query of a history, whose items always ascend: those after `after`, the last ones before `before`, or those received at
 * `from` and later. With `q` only those that tell these words, whether in capitals or not.
 */
export const HistoryQuery = z
  .object({
    after: position,
    before: position,
    from: Instant.optional(),
    q: z.string().min(1).max(240).optional(),
    limit: z.coerce.number().int().min(1, 'limit is 1–500').max(500, 'limit is 1–500').default(50),
  })
  .superRefine((query, context) => {
    const given = (['after', 'before', 'from'] as const).filter((name) => query[name] !== undefined);
    if (query.q !== undefined && query.from !== undefined) {
      context.addIssue({ code: 'custom', path: ['from'], message: 'give q or from' });
    }
    if (given.length < 2) return;
    context.addIssue({ code: 'custom', path: [given[1] ?? 'before'], message: 'give one of after, before and from' });
  });
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** In which form a transcript is taken along. */
export const TranscriptQuery = z.object({ format: z.enum(['md', 'json']).default('md') });
export type TranscriptQuery = z.infer<typeof TranscriptQuery>;

/** What Letta holds of a seat's thread before its transcript begins, or before the message `before`. */
export const PastQuery = z.object({
  seat: SeatId,
  before: z.string().min(1).max(240).optional(),
  limit: z.coerce.number().int().min(1, 'limit is 1–500').max(500, 'limit is 1–500').default(50),
});
export type PastQuery = z.infer<typeof PastQuery>;

/** A list on the wire; `next` is the cursor of the following page, null at the end. */
export type Page<Item> = { items: Item[]; next: string | null };

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
