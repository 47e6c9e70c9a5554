import { AppError } from '@/lib/protocol/errors';
import type { AgentId } from '@/lib/protocol/ids';
import type { EngineAgent, Gateway } from '../letta/gateway';
import type { LettaServerStatus } from '../letta/letta-servers';
import type { Runtime } from '../runtime';

export type FoundAgent = { agent: EngineAgent; server: LettaServerStatus; gateway: Gateway };

/**
 * The agent with this id, on whichever connected server it lives. Throws `agent.not_found`, or `engine.unavailable`
 * where it may live on a server that is away.
 */
export async function requireAgent(rt: Runtime, agentId: AgentId): Promise<FoundAgent> {
  let away: string | null = null;
  for (const server of rt.letta.list()) {
    if (server.state !== 'connected') {
      away = server.name;
      continue;
    }
    const { gateway } = rt.letta.require(server.name);
    const agent = await gateway.findAgent(agentId);
    if (agent) return { agent, server, gateway };
  }
  if (away !== null) {
    throw new AppError(
      'engine.unavailable',
      `No connected Letta server has this agent, and “${away}” is not connected.`,
    );
  }
  throw new AppError('agent.not_found', 'No Letta server has an agent with this id.');
}
