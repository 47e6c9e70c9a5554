'use client';

import { useQuery } from '@tanstack/react-query';
import { GateList } from '@/components/shell/gate-list';
import { Panel } from '@/components/ui/panel';
import { agentsQuery } from '@/lib/client/agent-queries';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import { gatesQuery, rulesQuery } from '@/lib/client/gate-queries';
import { gatesOf } from '@/lib/domain/draft/gates-of';
import type { Agent } from '@/lib/protocol/agent';

/** What stops this agent's calls and words, by what, and the way to let them go. */
export function AgentGates({ agent }: { agent: Agent }) {
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const rules = useQuery(rulesQuery).data?.items ?? [];
  const agents = useQuery(agentsQuery).data?.items ?? [];
  const gates = gatesOf(agent, conversations, rules, Date.now(), useQuery(gatesQuery).data?.items);
  return (
    <Panel title="Gates" beside="what stops, and by what">
      {gates.length === 0 && <p className="px-3 py-2.5 text-text-2">Nothing of it stops anywhere.</p>}
      <GateList gates={gates} names={(agentId) => agents.find(({ id }) => id === agentId)?.name ?? agentId} />
    </Panel>
  );
}
