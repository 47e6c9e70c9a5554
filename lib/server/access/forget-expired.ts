import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';

/** Removes what has expired and is looked at no more: challenges, sessions, links and invitations. Keys stay listed. */
export async function forgetExpired(db: Queryable, workspaceId: WorkspaceId, now: Date): Promise<void> {
  await db.query('DELETE FROM auth_verification WHERE expires_at < $1', [now]);
  const values = [workspaceId, now];
  await db.query('DELETE FROM auth_session WHERE workspace_id = $1 AND expires_at < $2', values);
  await db.query('DELETE FROM sign_in_link WHERE workspace_id = $1 AND expires_at < $2', values);
  await db.query('DELETE FROM invitation WHERE workspace_id = $1 AND expires_at < $2', values);
}
