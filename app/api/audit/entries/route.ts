import { LedgerQuery } from '@/lib/protocol/audit';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readLedger } from '@/lib/server/ledger/read-entries';

/** Entries of the whole ledger, ascending; with `before` alone the last ones before it. Cursors are seqs. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, query }) => {
    const { limit, ...filter } = query(LedgerQuery);
    const found = await readLedger(rt.database.pool, caller.workspaceId, { ...filter, limit: limit + 1 });
    const isBackwards = filter.before !== undefined && filter.after === undefined;
    const items = isBackwards ? found.slice(-limit) : found.slice(0, limit);
    const edge = isBackwards ? items[0] : items.at(-1);
    return { items, next: found.length > limit && edge ? String(edge.seq) : null };
  }),
});
