import { z } from 'zod';

/** Query of a list: `limit` 1–500, default 50; `after` is a cursor that an earlier page gave. */
export const PageQuery = z.object({
  after: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1, 'limit is 1–500').max(500, 'limit is 1–500').default(50),
});
export type PageQuery = z.infer<typeof PageQuery>;

const position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();

/** Query of a history, whose items always ascend: those after `after`, or the last ones before `before`. */
export const HistoryQuery = z
  .object({
    after: position,
    before: position,
    limit: z.coerce.number().int().min(1, 'limit is 1–500').max(500, 'limit is 1–500').default(50),
  })
  .superRefine((query, context) => {
    if (query.after === undefined || query.before === undefined) return;
    context.addIssue({ code: 'custom', path: ['before'], message: 'give after or before, not both' });
  });
export type HistoryQuery = z.infer<typeof HistoryQuery>;

/** A list on the wire; `next` is the cursor of the following page, null at the end. */
export type Page<Item> = { items: Item[]; next: string | null };

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
