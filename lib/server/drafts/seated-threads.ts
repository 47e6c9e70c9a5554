import { threadKey } from '@/lib/domain/conversation/conversation-state';
import { AgentId, type ConversationId, type ServerName } from '@/lib/protocol/ids';
import type { Thread } from '../letta/gateway';
import type { Runtime } from '../runtime';

export type SeatedThreads = {
  has(thread: Thread): boolean;
  /** Whether its calls are followed, and not in this conversation; null: in none. */
  hasElsewhere(thread: Thread, conversationId: ConversationId | null): boolean;
};

/** Threads whose calls somebody follows: in a seat, or watched across an edge that holds. */
export async function seatedThreads(rt: Runtime, server: ServerName): Promise<SeatedThreads> {
  const { rows } = await rt.database.pool.query<{ agent_id: string; thread_key: string; conversation_id: string }>(
    'SELECT agent_id, thread_key, conversation_id FROM seat WHERE workspace_id = $1 AND server = $2 AND (taken OR gated)',
    [rt.workspaceId, server],
  );
  const keyOf = (thread: Thread) => threadKey({ server, ...thread });
  const followed = Map.groupBy(rows, (row) =>
    keyOf({ agentId: AgentId.parse(row.agent_id), threadId: row.thread_key === '' ? null : row.thread_key }),
  );
  return {
    has: (thread) => followed.has(keyOf(thread)),
    hasElsewhere: (thread, conversationId) =>
      followed.get(keyOf(thread))?.every((row) => row.conversation_id !== conversationId) === true,
  };
}
