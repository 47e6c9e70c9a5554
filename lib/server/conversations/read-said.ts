import { z } from 'zod';
import type { TurnState } from '@/lib/domain/conversation/conversation-state';
import type { Spoken } from '@/lib/domain/conversation/relay-spoken';
import { conversationStream } from '@/lib/protocol/stream';
import type { Runtime } from '../runtime';
import { POSITIONS_PER_SEQ } from './commit-decision';
import type { SeatRef } from './record-messages';

const Said = z.object({
  seat: z.string(),
  messageId: z.string(),
  messageType: z.string(),
  runId: z.string().nullable(),
  content: z.string().optional(),
});

/** What the agent in a seat has said to whoever listens since the root of this turn was queued, oldest first. */
export async function readSaid(
  rt: Runtime,
  seat: SeatRef,
  turn: TurnState,
): Promise<(Spoken & { runId: string | null })[]> {
  const { rows } = await rt.database.pool.query<{ payload: string | null }>(
    `SELECT p.payload FROM entry e JOIN entry_payload p ON p.workspace_id = e.workspace_id AND p.seq = e.seq
     WHERE e.workspace_id = $1 AND e.stream = $2 AND e.type = 'message.seen'
       AND e.seq > (SELECT position / $4 FROM turn WHERE workspace_id = $1 AND id = $3)
     ORDER BY e.seq`,
    [seat.workspaceId, conversationStream(seat.conversationId), turn.rootId, POSITIONS_PER_SEQ],
  );
  return rows.flatMap(({ payload }) => {
    const said = payload === null ? null : Said.parse(JSON.parse(payload));
    const isHere = said?.seat === seat.seat && said.messageType === 'assistant_message';
    return isHere && said.content ? [{ messageId: said.messageId, content: said.content, runId: said.runId }] : [];
  });
}
