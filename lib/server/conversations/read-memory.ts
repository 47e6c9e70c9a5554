import { isMessagingTool } from '@/lib/protocol/agent';
import type { AgentId } from '@/lib/protocol/ids';
import { type AgentMessage, callsOf } from '@/lib/protocol/message';
import type { Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { noteMemory } from './note-memory';
import type { SeatRef } from './record-messages';

/** Whether a message may have changed its agent's memory: any tool can, but those that only send messages. */
export const mayChangeMemory = (message: AgentMessage): boolean =>
  callsOf(message).some(({ name }) => !isMessagingTool(name));

/** Looks at the memory of the agent in a seat, and tells in the conversation what has changed in it. */
export async function readMemory(rt: Runtime, gateway: Gateway, seat: SeatRef, agentId: AgentId): Promise<void> {
  const agent = await gateway.findAgent(agentId);
  if (agent) await noteMemory(rt.ledger, seat, seat.agent, agent.blocks);
}
