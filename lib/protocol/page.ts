import { z } from 'zod';
import { SeatId } from './ids';
import { Instant } from './text';

const limit = z.coerce.number().int().min(1, 'limit is 1–500').max(500, 'limit is 1–500').default(50);

/** Query of a list: `limit` 1–500, default 50; `after` is a cursor that an earlier page gave. */
export const PageQuery = z.object({ after: z.string().min(1).max(200).optional(), limit });
export type PageQuery = z.infer<typeof PageQuery>;

const position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const place = { after: position, before: position, from: Instant.optional(), limit };

function holdToOnePlace(query: z.infer<z.ZodObject<typeof place>>, context: z.RefinementCtx): void {
  const given = (['after', 'before', 'from'] as const).filter((name) => query[name] !== undefined);
  if (given.length < 2) return;
  context.addIssue({ code: 'custom', path: [given[1] ?? 'before'], message: 'give one of after, before and from' });
}

/**
 * Query of the events of a task, which always ascend: those after `after`, the last ones before `before`, or those
 * received at `from` and later.
 */
export const EventsQuery = z.object(place).superRefine(holdToOnePlace);
export type EventsQuery = z.infer<typeof EventsQuery>;

/** The same of a conversation's history. With `q` only those that tell these words, whether in capitals or not. */
export const HistoryQuery = z
  .object({ ...place, q: z.string().min(1).max(240).optional() })
  .superRefine(holdToOnePlace)
  .superRefine(({ q, from }, context) => {
    if (q !== undefined && from !== undefined) {
      context.addIssue({ code: 'custom', path: ['from'], message: 'give q or from' });
    }
  });
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** In which form a transcript is taken along. */
export const TranscriptQuery = z.object({ format: z.enum(['md', 'json']).default('md') });
export type TranscriptQuery = z.infer<typeof TranscriptQuery>;

/** What Letta holds of a seat's thread before its transcript begins, or before the message `before`. */
export const PastQuery = z.object({
  seat: SeatId,
  before: z.string().min(1).max(240).optional(),
  limit,
});
export type PastQuery = z.infer<typeof PastQuery>;

/** A list on the wire; `next` is the cursor of the following page, null at the end. */
export type Page<Item> = { items: Item[]; next: string | null };

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
