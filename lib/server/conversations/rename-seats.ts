import type { Actor } from '@/lib/protocol/actor';
import { ConversationId, SeatId } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import type { Runtime } from '../runtime';
import type { GatedAgent } from './gate-lock';

/** Tells in the open conversations of an agent that it is called `name` now, as the deed of whoever named it so. */
export async function renameSeats(rt: Runtime, actor: Actor, agent: GatedAgent, name: string): Promise<void> {
  const { workspaceId, server, agentId } = agent;
  const { rows } = await rt.database.pool.query<{ conversation_id: string; seat: string }>(
    `SELECT s.conversation_id, s.seat FROM seat s
     JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND s.agent_id = $3 AND s.name <> $4 AND c.phase <> 'stopped'`,
    [workspaceId, server, agentId, name],
  );
  for (const row of rows) {
    await renameSeat(rt, actor, ConversationId.parse(row.conversation_id), SeatId.parse(row.seat), name);
  }
}

async function renameSeat(
  rt: Runtime,
  actor: Actor,
  conversationId: ConversationId,
  seat: SeatId,
  name: string,
): Promise<void> {
  const { workspaceId } = rt;
  const stream = conversationStream(conversationId);
  await rt.ledger.append({
    workspaceId,
    actor,
    load: async (db) => {
      const { rows } = await db.query<{ streamSeq: number; before: string }>(
        `SELECT c.stream_seq::float8 AS "streamSeq", s.name AS before
         FROM conversation c JOIN seat s ON s.workspace_id = c.workspace_id AND s.conversation_id = c.id
         WHERE c.workspace_id = $1 AND c.id = $2 AND s.seat = $3 AND c.phase <> 'stopped'`,
        [workspaceId, conversationId, seat],
      );
      return rows[0] ?? null;
    },
    decide: (now) => {
      const isNew = now !== null && now.before !== name;
      return {
        ok: true,
        entries: isNew ? [{ stream, type: 'seat.renamed', payload: { seat, name, before: now.before } }] : [],
        // Somebody else may have told it meanwhile: then look again under the lock.
        expects: isNew ? [{ stream, streamSeq: now.streamSeq }] : [],
        answer: () => null,
      };
    },
  });
}
