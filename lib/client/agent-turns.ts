import { queryOptions } from '@tanstack/react-query';
import { knownConversationEntry } from '@/lib/protocol/conversation-entry';
import { pageOf } from '@/lib/protocol/page';
import { WireEntry } from '@/lib/protocol/wire-entry';
import { api } from './api';
import { BEYOND_ALL } from './newest-entries';

const SHOWN = 20;

/** One turn of an agent as its end told it. `conversationId` and `streamSeq` say where it stands. */
export type AgentTurn = {
  id: string;
  at: string;
  conversationId: string;
  streamSeq: number;
  runId: string | null;
  stopReason: string;
  error: string | null;
  usage: { promptTokens: number; completionTokens: number; steps: number } | null;
};

/** The turns of an agent that ended last, the newest first, as the ledger has them. */
export const agentTurnsQuery = (agentId: string) =>
  queryOptions({
    queryKey: ['live', 'agent-turns', agentId],
    queryFn: async ({ signal }): Promise<AgentTurn[]> => {
      const { items } = await api({
        path: '/api/audit/entries',
        query: { type: 'turn.ended', actor: agentId, before: BEYOND_ALL, limit: SHOWN },
        answer: pageOf(WireEntry),
        signal,
      });
      return items.flatMap(toTurn).reverse();
    },
  });

function toTurn(wire: WireEntry): AgentTurn[] {
  const entry = knownConversationEntry(wire);
  if (entry?.type !== 'turn.ended') return [];
  const { runId, stopReason, error, usage } = entry.payload;
  const conversationId = wire.stream.replace(/^conversation:/, '');
  return [
    { id: wire.id, at: wire.occurredAt, conversationId, streamSeq: wire.streamSeq, runId, stopReason, error, usage },
  ];
}
