import { z } from 'zod';
import type { ThreadRef, TurnState } from '@/lib/domain/conversation/conversation-state';
import { ConversationId, type WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';
import { TURN_COLUMNS, TurnRow } from './load-conversation';

export type NextTurn = { conversationId: ConversationId; turn: TurnState; agentName: string | null };

const Owner = z.object({ conversationId: ConversationId, agentName: z.string().nullable() });

/** A person sits in the agent's seat: nothing goes to it until they hand it back. */
const IS_HELD = `EXISTS (SELECT 1 FROM seat h WHERE h.workspace_id = $1 AND h.conversation_id = t.conversation_id
  AND h.seat = t.seat AND h.holder_id IS NOT NULL)`;

/**
 * What a thread is to do next: the turn that a stopped program left outstanding, else the first that may go out, else
 * nothing. While the agent stands at a call only answers may go out; in a paused conversation nothing travels, and nothing
 * goes to an agent in whose seat a person sits.
 */
export async function nextTurn(db: Queryable, workspaceId: WorkspaceId, thread: ThreadRef): Promise<NextTurn | null> {
  const { rows } = await db.query(
    `SELECT ${TURN_COLUMNS}, conversation_id AS "conversationId", (
       SELECT name FROM seat s WHERE s.workspace_id = $1 AND s.conversation_id = t.conversation_id AND s.seat = t.seat
     ) AS "agentName" FROM turn t
     WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND thread_key = $4 AND state <> 'ended' AND (
       state = 'started'
       OR state = 'queued' AND input->>'kind' = 'answers' AND NOT ${IS_HELD}
       OR state = 'queued' AND NOT ${IS_HELD}
         AND NOT EXISTS (SELECT 1 FROM seat s WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3
                         AND s.thread_key = $4 AND s.pending_id IS NOT NULL AND s.conversation_id = t.conversation_id)
         AND EXISTS (SELECT 1 FROM conversation c WHERE c.workspace_id = $1 AND c.id = t.conversation_id AND c.phase <> 'paused')
     )
     ORDER BY state = 'started' DESC, input->>'kind' = 'answers' DESC, input->>'isNext' = 'true' DESC NULLS LAST, position
     LIMIT 1`,
    [workspaceId, thread.server, thread.agentId, thread.threadId ?? ''],
  );
  const [row] = rows;
  return row ? { ...Owner.parse(row), turn: TurnRow.parse(row) } : null;
}
