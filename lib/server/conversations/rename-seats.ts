import type { Actor } from '@/lib/protocol/actor';
import type { ConversationId, SeatId } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import type { Runtime } from '../runtime';
import type { GatedAgent } from './gate-lock';
import { openSeatsOf } from './open-seats-of';

/** Tells in the open conversations of an agent that it is called `name` now, as the deed of whoever named it so. */
export async function renameSeats(rt: Runtime, actor: Actor, agent: GatedAgent, name: string): Promise<void> {
  for (const seat of await openSeatsOf(rt.database.pool, agent)) {
    if (seat.name !== name) await renameSeat(rt, actor, seat.conversationId, seat.seat, name);
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
