import { ConversationId, SeatId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';
import type { GatedAgent } from './gate-lock';

/** `name`: what the agent is called there. */
type OpenSeat = { conversationId: ConversationId; seat: SeatId; name: string };

/** Where an agent sits, or is watched, in conversations that are not stopped. */
export async function openSeatsOf(db: Queryable, { workspaceId, server, agentId }: GatedAgent): Promise<OpenSeat[]> {
  const { rows } = await db.query<{ conversation_id: string; seat: string; name: string }>(
    `SELECT s.conversation_id, s.seat, s.name FROM seat s
     JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND c.phase <> 'stopped'`,
    [workspaceId, server, agentId],
  );
  return rows.map(({ conversation_id, seat, name }) => ({
    conversationId: ConversationId.parse(conversation_id),
    seat: SeatId.parse(seat),
    name,
  }));
}
