import { threadKey } from '@/lib/domain/conversation/conversation-state';
import { AgentId, type ServerName } from '@/lib/protocol/ids';
import type { Thread } from '../letta/gateway';
import type { Runtime } from '../runtime';

/** Threads whose calls somebody follows: in a seat, or watched across an edge that holds. */
export async function seatedThreads(rt: Runtime, server: ServerName): Promise<{ has(thread: Thread): boolean }> {
  const { rows } = await rt.database.pool.query<{ agent_id: string; thread_key: string }>(
    `SELECT DISTINCT s.agent_id, s.thread_key FROM seat s
     JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND (s.taken OR s.gated)`,
    [rt.workspaceId, server],
  );
  const keys = new Set(
    rows.map((row) =>
      threadKey({
        server,
        agentId: AgentId.parse(row.agent_id),
        threadId: row.thread_key === '' ? null : row.thread_key,
      }),
    ),
  );
  return { has: (thread) => keys.has(threadKey({ server, ...thread })) };
}
