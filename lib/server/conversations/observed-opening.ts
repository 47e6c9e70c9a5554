import { ordinaryHold } from '@/lib/domain/draft/find-hold';
import type { ConversationId, SeatId, ServerName } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import type { NewEntry } from '../ledger/command';
import type { EngineAgent, Thread } from '../letta/gateway';

/** Who is watched, and in which of its threads. */
type Watched = { id: SeatId; agent: EngineAgent; thread: Thread };

/** The entry that opens a conversation to watch: Letta delivers, everything passes. */
export function observedOpening(
  conversationId: ConversationId,
  server: ServerName,
  sandbox: boolean,
  seats: readonly Watched[],
) {
  const edges = seats.flatMap(({ id: from }) =>
    seats.filter(({ id }) => id !== from).map(({ id: to }) => ({ from, to })),
  );
  return {
    stream: conversationStream(conversationId),
    type: 'conversation.opened',
    payload: {
      title: seats
        .map(({ agent }) => agent.name)
        .join(' and ')
        .slice(0, 200)
        .trim(),
      server,
      seats: seats.map(({ id, agent, thread }) => ({
        id,
        agentId: agent.id,
        name: agent.name,
        dialect: 'rest' as const,
        threadId: thread.threadId,
      })),
      conveyance: 'engine',
      maxTurns: 50,
      edges: edges.map((edge) => ({ ...edge, mode: 'pass' as const, ...ordinaryHold })),
      observed: true,
      sandbox,
    },
  } satisfies NewEntry;
}
