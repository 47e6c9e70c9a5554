import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { byteaArray, int8Array, textArray, timestamptzArray, uuidArray } from '@/lib/server/database/binary-array';
import type { Queryable } from '@/lib/server/ledger/command';

/** An entry as it lies in the ledger's tables. */
export type RawRow = {
  stream: string;
  type: string;
  actor_kind: string;
  actor_id: string;
  received_at: Date;
  leaf: string;
  leaf_hash: Buffer;
  payload: string;
  salt: Buffer;
};

const INSERT = {
  name: 'bench_raw_insert',
  text: `
    WITH entries AS (
      INSERT INTO entry (workspace_id, seq, stream, stream_seq, id, type, actor_kind, actor_id, received_at, leaf, leaf_hash)
      SELECT $1, * FROM unnest($2::int8[], $3::text[], $4::int8[], $5::uuid[], $6::text[], $7::text[], $8::text[],
                               $9::timestamptz[], $10::text[], $11::bytea[])
    )
    INSERT INTO entry_payload (workspace_id, seq, payload, salt)
    SELECT $1, * FROM unnest($2::int8[], $12::text[], $13::bytea[])`,
};

/** The newest rows that the ledger has written for these streams. */
export async function readRows(db: Queryable, workspaceId: string, limit: number): Promise<RawRow[]> {
  const { rows } = await db.query<RawRow>(
    `SELECT e.stream, e.type, e.actor_kind, e.actor_id, e.received_at, e.leaf, e.leaf_hash, p.payload, p.salt
     FROM entry e JOIN entry_payload p USING (workspace_id, seq)
     WHERE workspace_id = $1 AND e.type = 'unknown' ORDER BY seq DESC LIMIT $2`,
    [workspaceId, limit],
  );
  if (rows.length < limit) throw new Error(`only ${rows.length} rows to copy`);
  return rows;
}

/**
 * Copies rows into the ledger's own tables and indexes, under a workspace of its own: one prepared statement a batch,
 * one commit, and nothing that makes a ledger of them: no lock, no order, no hash. `clear` takes them away again.
 */
export function openRawInsert(db: Queryable) {
  const workspaceId = randomUUID();
  let seq = 0;
  return {
    async batch(rows: readonly RawRow[]): Promise<void> {
      const seqs = rows.map(() => {
        seq += 1;
        return seq;
      });
      await db.query({
        ...INSERT,
        values: [
          workspaceId,
          int8Array(seqs),
          textArray(rows.map((row) => row.stream)),
          int8Array(seqs),
          uuidArray(rows.map(() => uuidv7())),
          textArray(rows.map((row) => row.type)),
          textArray(rows.map((row) => row.actor_kind)),
          textArray(rows.map((row) => row.actor_id)),
          timestamptzArray(rows.map((row) => row.received_at)),
          textArray(rows.map((row) => row.leaf)),
          byteaArray(rows.map((row) => row.leaf_hash)),
          textArray(rows.map((row) => row.payload)),
          byteaArray(rows.map((row) => row.salt)),
        ],
      });
    },
    async clear(): Promise<void> {
      await db.query('DELETE FROM entry_payload WHERE workspace_id = $1', [workspaceId]);
      await db.query('DELETE FROM entry WHERE workspace_id = $1', [workspaceId]);
    },
  };
}
