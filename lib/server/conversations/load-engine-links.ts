import { z } from 'zod';
import { incomingWords } from '@/lib/domain/conversation/incoming-words';
import type { EngineMessage, LinkContext } from '@/lib/domain/conversation/link-engine-message';
import { messagingCall } from '@/lib/domain/conversation/messaging-call';
import { AgentId, type ConversationId, ConveyanceId, SeatId, type WorkspaceId } from '@/lib/protocol/ids';
import type { AgentMessage, ToolCall } from '@/lib/protocol/message';
import { callsOf, returnsOf } from '@/lib/protocol/message-calls';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';
import { StoredText } from '../database/stored-text';
import { StoredCall } from '../drafts/load-drafts';
import type { Queryable } from '../ledger/command';

const SeatRow = z.object({
  id: SeatId,
  agentId: AgentId,
  name: z.string(),
  pendingId: z.string().nullable(),
  pendingCalls: z.array(StoredCall).nullable(),
});
const KnownRow = z.object({
  id: ConveyanceId,
  from: SeatId,
  toAgentId: AgentId.nullable(),
  words: StoredText,
  toolCallId: StoredText.nullable(),
  isSent: z.boolean(),
  isReceived: z.boolean(),
  isAnswered: z.boolean(),
});

export type EngineLinks = { context: LinkContext; known: EngineMessage[] };

type Key = { workspaceId: WorkspaceId; conversationId: ConversationId; seat: SeatId };

/** What is needed to tell which of these messages the engine carries between agents; null where none of them can be. */
export async function loadEngineLinks(
  db: Queryable,
  { workspaceId, conversationId, seat }: Key,
  messages: readonly AgentMessage[],
): Promise<EngineLinks | null> {
  const arrivals = messages.filter((message) => incomingWords(message) !== null);
  const calls = messages.filter(({ messageType }) => messageType === 'tool_call_message').flatMap(callsOf);
  const returns = messages.flatMap(returnsOf);
  const hasCalls = calls.some(({ name }) => isMessagingTool(name));
  if (arrivals.length + returns.length === 0 && !hasCalls) return null;
  const key = [workspaceId, conversationId];
  const seats = (
    await db.query(
      `SELECT s.seat AS id, s.agent_id AS "agentId", s.name, s.pending_calls AS "pendingCalls",
         -- In a conversation that is over nobody lets a call go on: what stands there is given up.
         CASE WHEN c.phase <> 'stopped' THEN s.pending_id END AS "pendingId"
       FROM seat s JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
       WHERE s.workspace_id = $1 AND s.conversation_id = $2 ORDER BY s.seat`,
      key,
    )
  ).rows.map((row) => SeatRow.parse(row));
  const known = (
    await db.query(
      `SELECT id, from_seat AS "from", to_agent_id AS "toAgentId", words, tool_call_id AS "toolCallId",
         is_sent AS "isSent", is_received AS "isReceived", is_answered AS "isAnswered"
       FROM engine_message WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY told_at, id`,
      key,
    )
  ).rows.map((row) => KnownRow.parse(row));
  const own = seats.find((each) => each.id === seat);
  const standing = own?.pendingId ? { messageId: own.pendingId, calls: own.pendingCalls ?? [] } : null;
  if (arrivals.length === 0 && !hasCalls && known.length === 0 && !standing) return null;
  const context: LinkContext = {
    seats,
    names: await readNames(db, workspaceId, seats, messages),
    ownCalls: await readOwnCalls(db, workspaceId, [...calls, ...(standing?.calls ?? [])]),
    standing,
  };
  return { context, known };
}

async function readNames(
  db: Queryable,
  workspaceId: WorkspaceId,
  seats: readonly z.infer<typeof SeatRow>[],
  messages: readonly AgentMessage[],
): Promise<Map<string, string>> {
  const names = new Map(seats.map((each): [string, string] => [each.agentId, each.name]));
  const mentioned = messages.flatMap((message): string[] => {
    const targets = callsOf(message).map(messagingCall);
    const called = targets.flatMap((parsed) =>
      parsed?.ok && 'agentId' in parsed.target ? [parsed.target.agentId] : [],
    );
    return [...called, incomingWords(message)?.senderId ?? ''];
  });
  const strangers = mentioned.filter((agentId) => agentId !== '' && !names.has(agentId));
  if (strangers.length === 0) return names;
  const { rows } = await db.query<{ id: string; name: string }>(
    `SELECT id, name FROM actor_name WHERE workspace_id = $1 AND kind = 'agent' AND id = ANY($2::text[])`,
    [workspaceId, strangers],
  );
  for (const { id, name } of rows) names.set(id, name);
  return names;
}

async function readOwnCalls(db: Queryable, workspaceId: WorkspaceId, calls: readonly ToolCall[]): Promise<Set<string>> {
  const callIds = calls.filter(({ name }) => isMessagingTool(name)).map(({ toolCallId }) => toolCallId);
  if (callIds.length === 0) return new Set();
  const { rows } = await db.query<{ id: string }>(
    'SELECT tool_call_id AS id FROM conveyance WHERE workspace_id = $1 AND tool_call_id = ANY($2::text[])',
    [workspaceId, callIds],
  );
  return new Set(rows.map(({ id }) => id));
}
