import type { Conversation } from '@/lib/protocol/conversation';
import { listConversations } from '../conversations/read-conversations';
import type { EngineAgent } from '../letta/gateway';
import { demoAgents } from '../letta/sandbox/demo-agents';
import type { Runtime } from '../runtime';
import { DEMO_TAG, sandboxServer } from './scene';

export const isSandboxReached = (rt: Pick<Runtime, 'letta'>): boolean =>
  rt.letta.list().some(({ name, state }) => name === sandboxServer && state === 'connected');

const names = new Set<string>(Object.values(demoAgents).map(({ name }) => name));

/** What there is of the walk-through: its agents, and the conversations in which nobody else sits, the newest first. */
export async function readDemo(rt: Runtime): Promise<{ agents: EngineAgent[]; conversations: Conversation[] }> {
  if (!isSandboxReached(rt)) return { agents: [], conversations: [] };
  const tagged = await rt.letta.require(sandboxServer).gateway.findAgentsByTag(DEMO_TAG);
  const agents = tagged.filter(({ name }) => names.has(name));
  const ids = new Set<string>(agents.map(({ id }) => id));
  const { items } = await listConversations(rt.database.pool, rt.workspaceId, { limit: 500 });
  const isDemo = ({ sandbox, seats }: Conversation) => sandbox && seats.every(({ agentId }) => ids.has(agentId));
  return { agents, conversations: items.filter(isDemo) };
}
