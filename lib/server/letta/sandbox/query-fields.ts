import { z } from 'zod';

/** `true` and `false` as a query string writes them. */
export const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');

export const list = z.array(z.string()).optional();

/** What every list takes: cursors, limit and order, with the default that the list has. */
export const pageFields = (limit: number, order: 'asc' | 'desc') => ({
  after: z.string().optional(),
  before: z.string().optional(),
  limit: z.coerce.number().int().min(0).default(limit),
  order: z.enum(['asc', 'desc']).default(order),
});
