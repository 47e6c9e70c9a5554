import type { Actor } from '@/lib/protocol/actor';
import type { ConversationId, SeatId, WorkspaceId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import { conversationStream } from '@/lib/protocol/stream';
import type { Ledger } from '../ledger/ledger';

export type SeatRef = { workspaceId: WorkspaceId; conversationId: ConversationId; seat: SeatId; agent: Actor };

const identity = (message: AgentMessage): string => `${message.messageType} ${message.messageId}`;

/**
 * Records messages of a seat's transcript that are not in it yet, in the order given. However often a message is given,
 * it is recorded once. `cursor` is where the engine's listing was read to; without it the messages have just been
 * written before our eyes, and happened now rather than at the engine's whole second.
 */
export async function recordMessages(
  ledger: Ledger,
  { workspaceId, conversationId, seat, agent }: SeatRef,
  messages: readonly AgentMessage[],
  cursor?: string,
): Promise<void> {
  const stream = conversationStream(conversationId);
  await ledger.append({
    workspaceId,
    actor: agent,
    load: async (db) => {
      const { rows } = await db.query<{ seen: string }>(
        `SELECT message_type || ' ' || message_id AS seen FROM seen_message
         WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3 AND message_id = ANY($4::text[])`,
        [workspaceId, conversationId, seat, messages.map((message) => message.messageId)],
      );
      const head = await db.query<{ streamSeq: number }>(
        'SELECT stream_seq::float8 AS "streamSeq" FROM conversation WHERE workspace_id = $1 AND id = $2',
        [workspaceId, conversationId],
      );
      return { seen: new Set(rows.map((row) => row.seen)), streamSeq: head.rows[0]?.streamSeq ?? 0 };
    },
    decide: ({ seen, streamSeq }) => {
      const fresh = messages.filter((message) => !seen.has(identity(message)));
      return {
        ok: true,
        entries: fresh.map((message) => ({
          stream,
          type: 'message.seen' as const,
          payload: { ...message, seat },
          ...(cursor === undefined ? {} : { occurredAt: new Date(message.date) }),
        })),
        // Another reader of the same thread may have been faster: then look again under the lock.
        expects: fresh.length > 0 ? [{ stream, streamSeq }] : [],
        write: async (db) => {
          if (cursor === undefined) return;
          await db.query('UPDATE seat SET cursor = $4 WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3', [
            workspaceId,
            conversationId,
            seat,
            cursor,
          ]);
        },
        answer: () => null,
      };
    },
  });
}
