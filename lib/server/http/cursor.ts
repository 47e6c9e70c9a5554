import type { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import { FromJson } from '../from-json';

/** Where a page ended, as text that goes into a URL as it is: what the list is ordered by, of its last item. */
export const encodeCursor = (position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

/**
 * Reads a cursor of ours; `positionSchema` is usually a tuple. Undefined stays undefined: the list begins at its start.
 * @throws AppError `request.invalid` for any text that encodeCursor did not make for this list.
 */
export function decodeCursor<Schema extends z.ZodType>(
  positionSchema: Schema,
  cursor: string | undefined,
): z.infer<Schema> | undefined {
  if (cursor === undefined) return undefined;
  const text = /^[A-Za-z0-9_-]+$/.test(cursor) ? Buffer.from(cursor, 'base64url').toString('utf8') : '';
  const position = FromJson.pipe(positionSchema).safeParse(text);
  if (position.success && !text.includes('\\u0000')) return position.data;
  throw new AppError('request.invalid', 'The cursor is not one that this list gave.', {
    fields: { after: 'not a cursor of this list' },
  });
}

/**
 * Cuts a page of `limit` items from up to `limit + 1` rows: the extra one only says that there is more.
 * `positionOf` gives what the list is ordered by.
 */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  positionOf: (row: Row) => readonly (string | number)[],
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null;
  return { items: shown.map(toItem), next };
}
