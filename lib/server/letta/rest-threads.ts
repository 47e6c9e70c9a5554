import { z } from 'zod';
import type { AgentId } from '@/lib/protocol/ids';
import type { EngineThread } from './gateway';
import type { RestClient } from './rest-client';
import { toTimestamp } from './rest-message';

const THREADS_MAX = 100;
const RawThread = z.looseObject({
  id: z.string().min(1),
  summary: z.string().nullish(),
  last_message_at: z.string().nullish(),
});

/** Threads of an agent beside its default one, the one with the newest message first. */
export async function listThreads(client: RestClient, agentId: AgentId): Promise<EngineThread[]> {
  const query = { agent_id: agentId, limit: THREADS_MAX };
  const rows = await client.read(z.array(RawThread), (options) => client.letta.conversations.list(query, options), {
    agentId,
  });
  return rows
    .map(({ id, summary, last_message_at: last }) => ({
      threadId: id,
      title: summary ?? null,
      lastMessageAt: last ? new Date(toTimestamp(last)) : null,
    }))
    .toSorted((one, other) => (other.lastMessageAt?.getTime() ?? 0) - (one.lastMessageAt?.getTime() ?? 0));
}
