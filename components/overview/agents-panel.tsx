'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { agentHue } from '@/components/shell/agent-hue';
import { countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { StateBadge } from '@/components/ui/state-badge';
import { Tile } from '@/components/ui/tile';
import { AGENTS_REFRESH_MS, agentsQuery } from '@/lib/client/agent-queries';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import type { Agent } from '@/lib/protocol/agent';

const SHOWN_MAX = 8;
const urgency: Record<Agent['state'], number> = { waiting: 0, running: 1, idle: 2, unknown: 3 };

/** The agents, those that wait or run first. */
export function AgentsPanel() {
  const agents = useQuery({ ...agentsQuery, refetchInterval: AGENTS_REFRESH_MS }).data?.items ?? [];
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  if (agents.length === 0) return null;
  const shown = agents.toSorted((one, other) => urgency[one.state] - urgency[other.state]).slice(0, SHOWN_MAX);
  return (
    <Panel title="Agents" beside={countText(agents.length)} end={<Link href="/agents">All agents</Link>}>
      <ul>
        {shown.map((agent) => (
          <li
            key={agent.id}
            className="relative flex min-h-9 items-center gap-2.5 border-line border-t px-3 first:border-t-0 hover:bg-hover"
          >
            <Tile name={agent.name} hue={agentHue(agent.id, conversations)} />
            <span className="min-w-0 flex-1 truncate">
              <Link
                href={`/agents/${encodeURIComponent(agent.id)}`}
                className="no-underline after:absolute after:inset-0"
              >
                <HostileText text={agent.name} wrap={false} />
              </Link>
              {agent.model !== null && (
                <span className="ml-2 text-meta text-text-3">
                  <HostileText text={agent.model} wrap={false} />
                </span>
              )}
            </span>
            <StateBadge state={agent.state} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
