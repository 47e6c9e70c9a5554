import { decideAdopt } from '@/lib/domain/conversation/decide-adopt';
import type { ChangeConversation } from '@/lib/protocol/conversation';
import type { ConversationId } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import type { NewEntry, Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';
import { loadConversation } from './load-conversation';
import { setGatesAhead } from './set-gates';

/** Carries on what Letta has carried: the agents take their seats, and their messaging calls stop at Parley. */
export async function adoptConversation(
  rt: Runtime,
  { workspaceId, actor }: Caller,
  conversationId: ConversationId,
  change: Pick<ChangeConversation, 'conveyance' | 'maxTurns'>,
): Promise<void> {
  const stream = conversationStream(conversationId);
  const state = await rt.ledger.append({
    workspaceId,
    actor,
    load: async (db) => ({
      state: await loadConversation(db, workspaceId, conversationId),
      seatedElsewhere: await seatedElsewhere(db, workspaceId, conversationId),
    }),
    decide: (loaded) => {
      const decision = decideAdopt(loaded.state, change, loaded.seatedElsewhere);
      if (!decision.ok) return decision;
      return {
        ok: true,
        entries: decision.facts.map((fact): NewEntry => ({ ...fact, stream })),
        expects: [{ stream, streamSeq: loaded.state.streamSeq }],
        answer: () => loaded.state,
      };
    },
  });
  const { server, seats } = state;
  await setGatesAhead(
    rt,
    seats.map(({ agentId }) => ({ workspaceId, server, agentId })),
  );
}

async function seatedElsewhere(db: Queryable, workspaceId: string, conversationId: string): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT DISTINCT own.name FROM seat own JOIN seat other ON other.workspace_id = own.workspace_id
       AND other.server = own.server AND other.agent_id = own.agent_id AND other.thread_key = own.thread_key
       AND other.conversation_id <> own.conversation_id AND other.taken
     WHERE own.workspace_id = $1 AND own.conversation_id = $2 ORDER BY own.name`,
    [workspaceId, conversationId],
  );
  return rows.map(({ name }) => name);
}
