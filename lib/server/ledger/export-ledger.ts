import type { Stream } from '@/lib/protocol/stream';
import type { SignedCheckpoint } from './checkpoints';
import type { Queryable } from './command';
import type { Workspace } from './open-workspace';
import { inclusionPath } from './proofs';

const PAGE = 500;

type Row = { seq: number; leaf: string; leaf_hash: Buffer; payload: string | null; salt: Buffer | null };

/**
 * The lines of an export (contract.md, Proof), up to a checkpoint that was just signed. With `stream`, only that
 * stream's entries, each with its inclusion path.
 */
export async function* exportLedger(
  db: Queryable,
  workspace: Workspace,
  checkpoint: SignedCheckpoint,
  stream: Stream | null,
): AsyncGenerator<string> {
  const { workspaceId, origin } = workspace;
  const kind = stream === null ? 'full' : 'partial';
  const vkey = workspace.signers[0]?.vkey;
  yield line({ format: 'parley-ledger-export/1', kind, origin, vkey, firstSeq: 1, size: checkpoint.size });
  for (let after = 0; ; ) {
    const { rows } = await db.query<Row>(
      `SELECT e.seq::float8 AS seq, e.leaf, e.leaf_hash, p.payload, p.salt FROM entry e
       LEFT JOIN entry_payload p ON p.workspace_id = e.workspace_id AND p.seq = e.seq
       WHERE e.workspace_id = $1 AND e.seq > $2 AND e.seq <= $3 AND ($4::text IS NULL OR e.stream = $4)
       ORDER BY e.seq LIMIT ${PAGE}`,
      [workspaceId, after, checkpoint.size, stream],
    );
    for (const row of rows) {
      const path = stream === null ? {} : { path: await inclusionPath(db, workspaceId, row.seq, checkpoint.size) };
      yield line({
        seq: row.seq,
        leaf: row.leaf,
        hash: row.leaf_hash.toString('base64'),
        payload: row.payload,
        salt: row.salt?.toString('base64') ?? null,
        ...path,
      });
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    after = last.seq;
  }
  yield* checkpointLines(db, workspace, checkpoint, stream);
}

async function* checkpointLines(db: Queryable, workspace: Workspace, last: SignedCheckpoint, stream: Stream | null) {
  for (let after = stream === null ? 0 : last.size - 1; ; ) {
    const { rows } = await db.query<SignedCheckpoint>(
      `SELECT size::float8 AS size, note FROM checkpoint WHERE workspace_id = $1 AND size > $2 AND size <= $3
       ORDER BY checkpoint.size LIMIT ${PAGE}`,
      [workspace.workspaceId, after, last.size],
    );
    for (const row of rows) yield line({ checkpoint: row.note });
    const newest = rows.at(-1);
    if (!newest || rows.length < PAGE) return;
    after = newest.size;
  }
}

const line = (members: object): string => `${JSON.stringify(members)}\n`;
