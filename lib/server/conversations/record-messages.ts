import { randomUUID } from 'node:crypto';
import { lateOutput } from '@/lib/domain/conversation/late-output';
import { linkEngineMessage } from '@/lib/domain/conversation/link-engine-message';
import type { Actor } from '@/lib/protocol/actor';
import type { Conveyance } from '@/lib/protocol/conversation';
import type { ConversationId, SeatId, WorkspaceId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import { conversationStream, type Stream } from '@/lib/protocol/stream';
import type { NewEntry } from '../ledger/command';
import type { Ledger } from '../ledger/ledger';
import { type EngineLinks, loadEngineLinks } from './load-engine-links';

export type SeatRef = { workspaceId: WorkspaceId; conversationId: ConversationId; seat: SeatId; agent: Actor };

type Position = { streamSeq: number; conveyance: Conveyance; isHeld: boolean };

/** `deltaId`: under which its pieces were sent, where that is another id. */
type SeenMessage = AgentMessage & { deltaId?: string };

const identity = (message: AgentMessage): string => `${message.messageType} ${message.messageId}`;

/**
 * Records messages of a seat's transcript that are not in it yet, in the order given. However often a message is given,
 * it is recorded once. `cursor` is where the engine's listing was read to; without it the messages have just been
 * written before our eyes, and happened now rather than at the engine's whole second. What agents write each other
 * inside of the engine is told together with the messages that show it, and what the agent of a held seat writes is kept
 * back; neither in `isPast`: what was there before.
 */
export async function recordMessages(
  ledger: Ledger,
  { workspaceId, conversationId, seat, agent }: SeatRef,
  messages: readonly SeenMessage[],
  { cursor, isPast = false }: { cursor?: string; isPast?: boolean } = {},
): Promise<void> {
  const stream = conversationStream(conversationId);
  await ledger.append({
    workspaceId,
    actor: agent,
    load: async (db) => {
      // INVARIANT: where the stream stands is read first, so that what is recorded in between counts as a move of it.
      const head = await db.query<Position>(
        `SELECT c.stream_seq::float8 AS "streamSeq", c.conveyance, s.holder_id IS NOT NULL AS "isHeld"
         FROM conversation c JOIN seat s ON s.workspace_id = c.workspace_id AND s.conversation_id = c.id
         WHERE c.workspace_id = $1 AND c.id = $2 AND s.seat = $3`,
        [workspaceId, conversationId, seat],
      );
      const { rows } = await db.query<{ seen: string }>(
        `SELECT message_type || ' ' || message_id AS seen FROM seen_message
         WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3 AND message_id = ANY($4::text[])`,
        [workspaceId, conversationId, seat, messages.map((message) => message.messageId)],
      );
      const seen = new Set(rows.map((row) => row.seen));
      const fresh = messages.filter((message) => !seen.has(identity(message)));
      const links = isPast ? null : await loadEngineLinks(db, { workspaceId, conversationId, seat }, fresh);
      const { streamSeq = 0, conveyance, isHeld } = head.rows[0] ?? {};
      return { fresh, links, streamSeq, lateIn: isHeld && conveyance && !isPast ? conveyance : null };
    },
    decide: ({ fresh, links, streamSeq, lateIn }) => {
      return {
        ok: true,
        entries: toEntries(stream, seat, fresh, { links, lateIn, isListed: cursor !== undefined }),
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

/**
 * The messages, each followed by what it tells of messages that the engine carries between agents, and by what of it is
 * kept back (`lateIn`, where a person holds the seat: how the conversation's messages travel).
 */
function toEntries(
  stream: Stream,
  seat: SeatId,
  messages: readonly AgentMessage[],
  { links, lateIn, isListed }: { links: EngineLinks | null; lateIn: Conveyance | null; isListed: boolean },
): NewEntry[] {
  const entries: NewEntry[] = [];
  let known = links?.known ?? [];
  for (const message of messages) {
    const common = { stream, ...(isListed ? { occurredAt: new Date(message.date) } : {}) };
    const cause = { index: entries.length };
    entries.push({ ...common, type: 'message.seen', payload: { ...message, seat } });
    const late = lateIn ? lateOutput(seat, lateIn, message) : [];
    for (const payload of late) entries.push({ stream, type: 'output.quarantined', payload, cause });
    if (!links) continue;
    const linked = linkEngineMessage(links.context, known, seat, message, { next: () => randomUUID() });
    known = linked.known;
    for (const fact of linked.facts) entries.push({ ...common, ...fact, cause });
  }
  return entries;
}
