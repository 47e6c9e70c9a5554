import type { Agent } from '@/lib/protocol/agent';
import type { EngineAgent } from '../letta/gateway';
import type { LettaServerStatus } from '../letta/letta-servers';

/** An agent as Parley shows it. `isRunning`: a turn of it is under way that Parley knows of. */
export const toAgent = (agent: EngineAgent, server: LettaServerStatus, isRunning: boolean): Agent => ({
  id: agent.id,
  server: server.name,
  name: agent.name,
  model: agent.model,
  blocks: agent.blocks,
  tools: agent.tools,
  tags: agent.tags.filter((tag) => !isOwnTag(tag)),
  sandbox: server.sandbox,
  state: server.state !== 'connected' ? 'unknown' : isRunning ? 'running' : agent.pending ? 'waiting' : 'idle',
});

const OWN_TAG = 'parley:';

/** The tag by which an agent is found again whose creation was cut off. */
export const intentTag = (intentId: string): string => `${OWN_TAG}${intentId}`;

export const isOwnTag = (tag: string): boolean => tag.startsWith(OWN_TAG);
