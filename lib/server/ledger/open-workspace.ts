import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { system } from '@/lib/protocol/actor';
import { WorkspaceId } from '@/lib/protocol/ids';
import { systemStream } from '@/lib/protocol/stream';
import { type Failpoint, noFailpoint } from '../failpoint';
import type { Ledger } from './ledger';
import { streamHead } from './read-entries';
import { generatePrivateKey, openSigner, type Signer } from './signed-note';

/** Any number: names the lock under which the first start makes the workspace. */
const WORKSPACE_LOCK = 7_275_391;

export type Workspace = { workspaceId: WorkspaceId; origin: string; signers: Signer[] };

/**
 * The one workspace of this installation; the first start makes it, with a ledger of its own and the key that signs its
 * checkpoints. `host` becomes part of the origin, once.
 */
export async function openWorkspace(
  pool: pg.Pool,
  host: string,
  failpoint: Failpoint = noFailpoint,
): Promise<Workspace> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [WORKSPACE_LOCK]);
    const { rows } = await client.query<{ workspace_id: string }>(
      'SELECT workspace_id FROM workspace ORDER BY created_at LIMIT 1',
    );
    const workspaceId = WorkspaceId.parse(rows[0]?.workspace_id ?? randomUUID());
    if (!rows[0]) await makeWorkspace(client, workspaceId, host);
    failpoint('workspace.before_commit');
    await client.query('COMMIT');
    return { workspaceId, ...(await readSigners(client, workspaceId)) };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

async function makeWorkspace(client: pg.PoolClient, workspaceId: WorkspaceId, host: string): Promise<void> {
  const origin = `${host}/log/${randomBytes(4).toString('hex')}`;
  const privateKey = generatePrivateKey();
  await client.query('INSERT INTO workspace VALUES ($1, $2, now())', [workspaceId, 'Parley']);
  await client.query(
    `INSERT INTO ledger_head (workspace_id, origin, epoch, size, frontier, received_at)
     VALUES ($1, $2, $3, 0, '', now())`,
    [workspaceId, origin, randomUUID()],
  );
  await client.query(
    'INSERT INTO signing_key (workspace_id, vkey, private_key, created_at) VALUES ($1, $2, $3, now())',
    [workspaceId, openSigner(origin, privateKey).vkey, privateKey],
  );
}

async function readSigners(
  client: pg.PoolClient,
  workspaceId: WorkspaceId,
): Promise<{ origin: string; signers: Signer[] }> {
  const { rows } = await client.query<{ origin: string; private_key: Buffer }>(
    `SELECT h.origin, k.private_key FROM ledger_head h JOIN signing_key k USING (workspace_id)
     WHERE workspace_id = $1 AND k.retired_at IS NULL ORDER BY k.created_at`,
    [workspaceId],
  );
  const [first] = rows;
  if (!first) throw new Error(`workspace ${workspaceId} has no signing key`);
  return { origin: first.origin, signers: rows.map((row) => openSigner(row.origin, row.private_key)) };
}

/** Appends entry 1, `log.created`, unless it is there. Before anything else may be appended. */
export async function beginLog(ledger: Ledger, workspace: Workspace): Promise<void> {
  const [signer] = workspace.signers;
  if (!signer) throw new Error('a ledger without a signer');
  await ledger.append({
    workspaceId: workspace.workspaceId,
    actor: system,
    load: (db) => streamHead(db, workspace.workspaceId, systemStream),
    decide: (head) => ({
      ok: true,
      entries: head === 0 ? [{ stream: systemStream, type: 'log.created', payload: { vkey: signer.vkey } }] : [],
      expects: [{ stream: systemStream, streamSeq: head }],
      answer: () => null,
    }),
  });
}
