import type { Session } from '@/lib/protocol/person';
import type { Runtime } from '../runtime';
import type { Caller } from './caller';
import { requireSession } from './require-session';
import { SESSION_COLUMNS, type SessionRow, toSession } from './session-row';

/** The browsers in which the caller is signed in, newest first. */
export async function listSessions(rt: Runtime, caller: Caller): Promise<Session[]> {
  const { personId, sessionId } = requireSession(caller);
  const { rows } = await rt.database.pool.query<SessionRow>(
    `SELECT ${SESSION_COLUMNS} FROM auth_session WHERE workspace_id = $1 AND user_id = $2 AND expires_at > $3
     ORDER BY created_at DESC, id DESC LIMIT 500`,
    [caller.workspaceId, personId, rt.clock.now()],
  );
  return rows.map((row) => toSession(row, sessionId));
}
