import { z } from 'zod';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';

const NAME = 'address';

/** Keeps where Parley answers, for commands that run beside it and know neither its port nor its host. */
export async function rememberAddress(db: Queryable, workspaceId: WorkspaceId, url: string): Promise<void> {
  await db.query(
    `INSERT INTO setting (workspace_id, name, value) VALUES ($1, $2, $3)
     ON CONFLICT (workspace_id, name) DO UPDATE SET value = excluded.value`,
    [workspaceId, NAME, JSON.stringify(url)],
  );
}

/** Where the instance that started last answers; null before the first start. */
export async function readLastAddress(db: Queryable, workspaceId: WorkspaceId): Promise<string | null> {
  const { rows } = await db.query('SELECT value FROM setting WHERE workspace_id = $1 AND name = $2', [
    workspaceId,
    NAME,
  ]);
  return z.tuple([z.object({ value: z.string() })]).safeParse(rows).data?.[0].value ?? null;
}
