import type { ThreadRef } from '@/lib/domain/conversation/conversation-state';
import type { Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { recordMessages, type SeatRef } from './record-messages';

const PAGE = 100;
/**
 * HAZARD: a page may hold fewer than were asked for and not be the last: the engine takes what stands twice out of what it
 * has counted, such as the return of a call by which an agent says something. It never takes out half of them.
 */
const LAST = PAGE / 2;

/**
 * Reads what the engine lists of a seat's thread beyond what the transcript holds, and records it. The listing is the
 * truth about order and about what the stream of a turn does not show: inputs, answers to calls, turns of others.
 */
export async function syncThread(rt: Runtime, gateway: Gateway, seat: SeatRef, thread: ThreadRef): Promise<void> {
  for (;;) {
    const { rows } = await rt.database.pool.query<{ cursor: string | null }>(
      'SELECT cursor FROM seat WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3',
      [seat.workspaceId, seat.conversationId, seat.seat],
    );
    const after = rows[0]?.cursor ?? undefined;
    const messages = await gateway.listMessages(thread, { ...(after === undefined ? {} : { after }), limit: PAGE });
    const last = messages.at(-1);
    if (!last || last.messageId === after) return;
    await recordMessages(rt.ledger, seat, messages, { cursor: last.messageId, isPast: after === undefined });
    if (messages.length < LAST || after === undefined) return;
  }
}
