import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import type { AgentId } from '@/lib/protocol/ids';
import type { RestClient } from './rest-client';

const NEWER = new Set(['letta_v1_agent', 'sleeptime_agent']);
const KNOWN_MAX = 10_000;
const RawKind = z.looseObject({ agent_type: z.string().nullish() });

/** By server, whether an agent is of an older kind. It stays so for life. */
const known = new WeakMap<RestClient, Map<AgentId, boolean>>();

/** Takes over what an agent is, from however it was read. */
export function learnKind(client: RestClient, agentId: AgentId, agentType: string | null | undefined): void {
  const kinds = known.get(client) ?? new Map<AgentId, boolean>();
  known.set(client, kinds);
  kinds.set(agentId, typeof agentType === 'string' && !NEWER.has(agentType));
  const [first] = kinds.keys();
  if (kinds.size > KNOWN_MAX && first !== undefined) kinds.delete(first);
}

/**
 * Whether the server runs the agent in its older loop (`memgpt_v2_agent` and the like, letta 0.16.8). Such an agent only
 * calls tools: what it writes beside a call are thoughts, and what it says is a call of `send_message`. Asks the server
 * where that is not known yet; an agent that is gone is of no older kind.
 */
export async function isOlderKind(client: RestClient, agentId: AgentId): Promise<boolean> {
  const told = known.get(client)?.get(agentId);
  if (told !== undefined) return told;
  const ask = client.read(RawKind, (options) => client.letta.agents.retrieve(agentId, {}, options), { agentId });
  const { agent_type: agentType } = await ask.catch((error: unknown) => {
    if (isAppError(error) && error.code === 'agent.not_found') return { agent_type: null };
    throw error;
  });
  learnKind(client, agentId, agentType);
  return known.get(client)?.get(agentId) ?? false;
}
