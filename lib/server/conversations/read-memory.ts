import { AgentId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import { callsOf } from '@/lib/protocol/message-calls';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';
import { toStoredText } from '../database/stored-text';
import type { Runtime } from '../runtime';
import { noteMemoryOf } from './agent-seats';
import type { GatedAgent } from './gate-lock';
import { type MemoryChange, noteMemory } from './note-memory';
import type { SeatRef } from './record-messages';

/** Whether a message may have changed its agent's memory: any tool can, but those that only send messages. */
export const mayChangeMemory = (message: AgentMessage): boolean =>
  callsOf(message).some(({ name }) => !isMessagingTool(name));

/**
 * Looks at the memory of the agent in a seat, and tells what has changed in it as its own deed: in this conversation, in
 * others that show it, and for agents beside it that share what it wrote.
 */
export async function readMemory(rt: Runtime, seat: SeatRef, agent: GatedAgent): Promise<void> {
  const { gateway } = rt.letta.require(agent.server);
  const found = await gateway.findAgent(agent.agentId);
  if (!found) return;
  // This one by itself: a conversation may have been stopped while its agent worked.
  const changes = await noteMemory(rt.ledger, seat, seat.agent, found.blocks);
  await noteMemoryOf(rt, seat.agent, agent, found.blocks);
  for (const agentId of await findSharers(rt, agent, changes)) {
    const sharer = await gateway.findAgent(agentId);
    if (sharer) await noteMemoryOf(rt, seat.agent, { ...agent, agentId }, sharer.blocks);
  }
}

/** Agents in the same open conversations whose blocks of these labels held the same: perhaps they are the same blocks. */
async function findSharers(
  rt: Runtime,
  { workspaceId, server, agentId }: GatedAgent,
  changes: readonly MemoryChange[],
): Promise<AgentId[]> {
  const known = changes.flatMap(({ label, before }) => (before === null ? [] : [{ label, before }]));
  if (known.length === 0) return [];
  const { rows } = await rt.database.pool.query<{ agent_id: string }>(
    `SELECT DISTINCT other.agent_id FROM seat own
     JOIN conversation c ON c.workspace_id = own.workspace_id AND c.id = own.conversation_id AND c.phase <> 'stopped'
     JOIN seat other ON other.workspace_id = own.workspace_id AND other.conversation_id = own.conversation_id
       AND other.agent_id <> own.agent_id
     JOIN memory_block m ON m.workspace_id = other.workspace_id AND m.conversation_id = other.conversation_id
       AND m.seat = other.seat
     JOIN unnest($4::text[], $5::text[]) AS k (label, before) ON m.label = k.label AND m.value = k.before
     WHERE own.workspace_id = $1 AND own.server = $2 AND own.agent_id = $3`,
    [
      ...[workspaceId, server, agentId],
      known.map(({ label }) => toStoredText(label)),
      known.map(({ before }) => toStoredText(before)),
    ],
  );
  return rows.map((row) => AgentId.parse(row.agent_id));
}
