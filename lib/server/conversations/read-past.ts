import { threadOf } from '@/lib/domain/conversation/conversation-state';
import { AppError, isAppError } from '@/lib/protocol/errors';
import type { ConversationId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import type { Page, PastQuery } from '@/lib/protocol/page';
import type { Caller } from '../access/caller';
import type { Gateway, Thread } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { loadConversation } from './load-conversation';
import { requireSeat } from './require-seat';

/**
 * What the engine holds of a seat's thread before what its transcript begins with, or before `before`: ascending, and not
 * recorded. `next` goes into `before`.
 */
export async function readPast(
  rt: Runtime,
  { workspaceId }: Caller,
  conversationId: ConversationId,
  { seat: seatId, before, limit }: PastQuery,
): Promise<Page<AgentMessage>> {
  const state = await loadConversation(rt.database.pool, workspaceId, conversationId);
  const seat = requireSeat(state, seatId);
  const { gateway } = rt.letta.require(state.server);
  const thread = threadOf(state, seat);
  const place =
    before ??
    (await firstSeen(rt, workspaceId, conversationId, seatId)) ??
    (await firstUnseen(rt, gateway, thread, [workspaceId, conversationId, seatId]));
  const page = { ...(place === null ? {} : { before: place }), limit };
  const items = await gateway.listMessages(thread, page).catch((error: unknown) => {
    if (!isAppError(error) || error.code !== 'request.invalid' || before === undefined) throw error;
    throw new AppError('request.invalid', error.message, { fields: { before: 'a message of this thread' } });
  });
  const [first] = items;
  // A page may hold fewer than were asked for and not be the last (sync-thread.ts).
  return { items, next: first && items.length * 2 >= limit ? first.messageId : null };
}

async function firstSeen(rt: Runtime, workspaceId: string, conversationId: string, seat: string) {
  const { rows } = await rt.database.pool.query<{ payload: string | null }>(
    `SELECT p.payload FROM entry e JOIN entry_payload p ON p.workspace_id = e.workspace_id AND p.seq = e.seq
     WHERE e.workspace_id = $1 AND e.stream = $2 AND e.type = 'message.seen' AND strpos(p.payload, $3) > 0
     ORDER BY e.stream_seq LIMIT 1`,
    [workspaceId, `conversation:${conversationId}`, `"seat":${JSON.stringify(seat)}`],
  );
  const payload: { messageId?: unknown } | null = rows[0]?.payload ? JSON.parse(rows[0].payload) : null;
  return typeof payload?.messageId === 'string' ? payload.messageId : null;
}

/** Where a transcript will begin that holds nothing yet. */
async function firstUnseen(rt: Runtime, gateway: Gateway, thread: Thread, key: string[]): Promise<string | null> {
  const { rows } = await rt.database.pool.query<{ cursor: string | null }>(
    'SELECT cursor FROM seat WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3',
    key,
  );
  const after = rows[0]?.cursor ?? null;
  if (after === null) return null;
  return (await gateway.listMessages(thread, { after, limit: 1 }))[0]?.messageId ?? null;
}
