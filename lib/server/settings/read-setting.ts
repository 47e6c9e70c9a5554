import type { WorkspaceId } from '@/lib/protocol/ids';
import { JsonValue } from '@/lib/protocol/json';
import type { Queryable } from '../ledger/command';

/** A setting of the workspace as it was last set; undefined where it never was. */
export async function readSetting(
  db: Queryable,
  workspaceId: WorkspaceId,
  name: string,
): Promise<JsonValue | undefined> {
  const { rows } = await db.query<{ value: unknown }>(
    'SELECT value FROM setting WHERE workspace_id = $1 AND name = $2',
    [workspaceId, name],
  );
  return rows[0] ? JsonValue.parse(rows[0].value) : undefined;
}
