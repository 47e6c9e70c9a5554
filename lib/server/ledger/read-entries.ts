import { z } from 'zod';
import type { WireEntry } from '@/lib/protocol/entry';
import { EntryId, type WorkspaceId } from '@/lib/protocol/ids';
import type { JsonObject } from '@/lib/protocol/json';
import { Stream } from '@/lib/protocol/stream';
import type { Queryable } from './command';

/** The members of a stored envelope that an entry on the wire is made of. */
const Envelope = z.object({
  seq: z.number(),
  stream: Stream,
  streamSeq: z.number(),
  id: EntryId,
  type: z.string(),
  actor: z.object({ kind: z.enum(['person', 'agent', 'key', 'system']), id: z.string() }),
  occurredAt: z.string(),
  receivedAt: z.string(),
  cause: z.number().optional(),
});

type Row = { leaf: string; payload: string | null; name: string | null };

const SELECT = `
  SELECT e.leaf, p.payload, n.name FROM entry e
  LEFT JOIN entry_payload p ON p.workspace_id = e.workspace_id AND p.seq = e.seq
  LEFT JOIN actor_name n ON n.workspace_id = e.workspace_id AND n.kind = e.actor_kind AND n.id = e.actor_id`;

function toWireEntry(row: Row): WireEntry {
  const { actor, cause, ...envelope } = Envelope.parse(JSON.parse(row.leaf));
  const payload: JsonObject | null = row.payload === null ? null : JSON.parse(row.payload);
  return { ...envelope, actor: { ...actor, name: row.name ?? actor.id }, cause: cause ?? null, payload };
}

/** Entries of a stream after `after` (a streamSeq; 0 is the beginning), ascending. */
export async function readStream(
  db: Queryable,
  workspaceId: WorkspaceId,
  stream: Stream,
  { after, limit }: { after: number; limit: number },
): Promise<WireEntry[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE e.workspace_id = $1 AND e.stream = $2 AND e.stream_seq > $3 ORDER BY e.stream_seq LIMIT $4`,
    [workspaceId, stream, after, limit],
  );
  return rows.map(toWireEntry);
}

/** The last entries of a stream before `before` (a streamSeq; null is the end), ascending. */
export async function readStreamBackwards(
  db: Queryable,
  workspaceId: WorkspaceId,
  stream: Stream,
  { before, limit }: { before: number | null; limit: number },
): Promise<WireEntry[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE e.workspace_id = $1 AND e.stream = $2 AND ($3::int8 IS NULL OR e.stream_seq < $3)
     ORDER BY e.stream_seq DESC LIMIT $4`,
    [workspaceId, stream, before, limit],
  );
  return rows.map(toWireEntry).reverse();
}

/** Entries of a stream received at `from` (ISO-8601) and later, ascending. */
export async function readStreamFrom(
  db: Queryable,
  workspaceId: WorkspaceId,
  stream: Stream,
  { from, limit }: { from: string; limit: number },
): Promise<WireEntry[]> {
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE e.workspace_id = $1 AND e.stream = $2 AND e.received_at >= $3 ORDER BY e.stream_seq LIMIT $4`,
    [workspaceId, stream, from, limit],
  );
  return rows.map(toWireEntry);
}

/**
 * Entries of a stream whose payload, as JSON, holds `ascii` in capitals or not: ascending after `after`, or the last ones
 * before `before`, ascending. `ascii` null: every entry.
 */
export async function readStreamHolding(
  db: Queryable,
  workspaceId: WorkspaceId,
  stream: Stream,
  { ascii, after, before, limit }: { ascii: string | null; after: number; before: number | null; limit: number },
): Promise<WireEntry[]> {
  // HAZARD: what lower() makes of letters beyond ASCII follows the database's locale.
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE e.workspace_id = $1 AND e.stream = $2 AND e.stream_seq > $3
       AND ($4::int8 IS NULL OR e.stream_seq < $4)
       AND ($5::text IS NULL OR strpos(lower(p.payload COLLATE "C"), lower($5 COLLATE "C")) > 0)
     ORDER BY e.stream_seq ${before === null ? 'ASC' : 'DESC'} LIMIT $6`,
    [workspaceId, stream, after, before, ascii, limit],
  );
  const entries = rows.map(toWireEntry);
  return before === null ? entries : entries.reverse();
}

/** Where a stream stands: the `streamSeq` of its last entry, 0 without one. */
export async function streamHead(db: Queryable, workspaceId: WorkspaceId, stream: Stream): Promise<number> {
  const { rows } = await db.query<{ head: number }>(
    'SELECT stream_seq::float8 AS head FROM stream_head WHERE workspace_id = $1 AND stream = $2',
    [workspaceId, stream],
  );
  return rows[0]?.head ?? 0;
}

/** Names the ledger that positions belong to: another one after a restore. */
export async function ledgerEpoch(db: Queryable, workspaceId: WorkspaceId): Promise<string> {
  const { rows } = await db.query<{ epoch: string }>('SELECT epoch FROM ledger_head WHERE workspace_id = $1', [
    workspaceId,
  ]);
  const [head] = rows;
  if (!head) throw new Error(`workspace ${workspaceId} has no ledger`);
  return head.epoch;
}

/** What a reader of the whole log may ask for. `after` and `before` are seqs; times are ISO-8601. */
export type EntryFilter = {
  stream?: string | undefined;
  type?: string | undefined;
  actor?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
  after?: number | undefined;
  before?: number | undefined;
  limit: number;
};

/** Entries of the whole ledger that pass the filter: ascending, or the last ones when only `before` is given. */
export async function readLedger(db: Queryable, workspaceId: WorkspaceId, filter: EntryFilter): Promise<WireEntry[]> {
  const values: unknown[] = [workspaceId];
  const where = ['e.workspace_id = $1'];
  const add = (sql: (parameter: string) => string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    where.push(sql(`$${values.length}`));
  };
  add((p) => `e.stream = ${p}`, filter.stream);
  add((p) => `e.type = ${p}`, filter.type);
  add((p) => `e.actor_id = ${p}`, filter.actor);
  add((p) => `e.received_at >= ${p}`, filter.from);
  add((p) => `e.received_at < ${p}`, filter.to);
  add((p) => `e.seq > ${p}`, filter.after);
  add((p) => `e.seq < ${p}`, filter.before);
  // As it stands in the text of a payload, or as somebody said it: with quotes and line breaks that JSON writes otherwise.
  const said = filter.q === undefined ? undefined : JSON.stringify(filter.q).slice(1, -1);
  if (said === filter.q) add((p) => `strpos(lower(p.payload), lower(${p})) > 0`, filter.q);
  else {
    const words =
      'EXISTS (SELECT FROM unnest($::text[]) AS q (words) WHERE strpos(lower(p.payload), lower(q.words)) > 0)';
    add((p) => words.replace('$', () => p), [filter.q, said]);
  }
  const isBackwards = filter.before !== undefined && filter.after === undefined;
  values.push(filter.limit);
  const { rows } = await db.query<Row>(
    `${SELECT} WHERE ${where.join(' AND ')} ORDER BY e.seq ${isBackwards ? 'DESC' : 'ASC'} LIMIT $${values.length}`,
    values,
  );
  const entries = rows.map(toWireEntry);
  return isBackwards ? entries.reverse() : entries;
}
