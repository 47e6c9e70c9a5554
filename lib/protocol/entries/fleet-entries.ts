import { z } from 'zod';
import { Block } from '../agent';
import { AgentId, ServerName } from '../ids';

const AgentFacts = z.object({
  name: z.string(),
  model: z.string().nullable(),
  blocks: z.array(Block),
  tools: z.array(z.string()),
  tags: z.array(z.string()),
});

export const fleetEntries = {
  /** The intent, recorded before the engine is asked. The agent is made with this entry's id as a tag. */
  'agent.create_requested': z.object({
    server: ServerName,
    name: z.string(),
    model: z.string().nullable(),
    blocks: z.array(Block),
    tools: z.array(z.string()),
    tags: z.array(z.string()),
  }),
  'agent.created': AgentFacts.extend({ agentId: AgentId, server: ServerName, sandbox: z.boolean() }),
  'agent.create_failed': z.object({ server: ServerName, name: z.string(), reason: z.string() }),
  'agent.changed': AgentFacts.partial().extend({ agentId: AgentId, server: ServerName }),
  'agent.removed': z.object({ agentId: AgentId, server: ServerName, name: z.string() }),
  /** Calls of these tools stop at Parley from now on, or no longer do. */
  'agent.gated': z.object({ agentId: AgentId, server: ServerName, tools: z.array(z.string()) }),
  'agent.released': z.object({
    agentId: AgentId,
    server: ServerName,
    tools: z.array(z.string()),
    why: z.enum([
      'conversation_stopped',
      'edge_passes',
      'rule_revoked',
      'rule_expired',
      'seat_left',
      'server_removed',
      'doctor',
      'agent_removed',
      'by_hand',
    ]),
  }),
} as const;
