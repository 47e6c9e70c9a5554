import { z } from 'zod';

/** Query of a list: `limit` 1–500, default 50; `after` is a cursor that an earlier page gave. */
export const PageQuery = z.object({
  after: z.string().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1, 'limit is 1–500').max(500, 'limit is 1–500').default(50),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** A list on the wire; `next` is the cursor of the following page, null at the end. */
export type Page<Item> = { items: Item[]; next: string | null };

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
