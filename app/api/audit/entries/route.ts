import { z } from 'zod';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readLedger } from '@/lib/server/ledger/read-entries';

const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const text = z.string().min(1).max(240).optional();
const time = z.iso.datetime({ offset: true }).optional();

const Query = z.object({
  stream: text,
  type: text,
  actor: text,
  q: text,
  from: time,
  to: time,
  after: seq,
  before: seq,
  limit: z.coerce.number().int().min(1, 'limit is 1–500').max(500, 'limit is 1–500').default(50),
});

/** Entries of the whole ledger, ascending; with `before` alone the last ones before it. Cursors are seqs. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, query }) => {
    const { limit, ...filter } = query(Query);
    const found = await readLedger(rt.database.pool, caller.workspaceId, { ...filter, limit: limit + 1 });
    const isBackwards = filter.before !== undefined && filter.after === undefined;
    const items = isBackwards ? found.slice(-limit) : found.slice(0, limit);
    const edge = isBackwards ? items[0] : items.at(-1);
    return { items, next: found.length > limit && edge ? String(edge.seq) : null };
  }),
});
