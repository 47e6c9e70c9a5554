import { randomBytes } from 'node:crypto';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';

const NAME = 'access';

/** 32 random bytes that all instances share, made by whichever starts first. Cookies and seals rest on them. */
export async function readInstallationSecret(db: Queryable, workspaceId: WorkspaceId): Promise<Buffer> {
  await db.query('INSERT INTO secret (workspace_id, name, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    workspaceId,
    NAME,
    randomBytes(32),
  ]);
  const { rows } = await db.query<{ value: Buffer }>('SELECT value FROM secret WHERE workspace_id = $1 AND name = $2', [
    workspaceId,
    NAME,
  ]);
  const [row] = rows;
  if (!row) throw new Error('the secret of this installation is gone');
  return row.value;
}
