import Link from 'next/link';
import { memo } from 'react';
import { counted } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import { SandboxLabel } from '@/components/ui/sandbox-label';
import type { Hue } from '@/components/ui/seat-hue';
import { StateBadge } from '@/components/ui/state-badge';
import { Tag } from '@/components/ui/tag';
import { Tile } from '@/components/ui/tile';
import type { Agent } from '@/lib/protocol/agent';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';

/** Columns of the list from 900 px on; head and rows share them. */
export const agentColumns =
  'desk:grid-cols-[20px_minmax(0,1.6fr)_minmax(0,1.2fr)_minmax(0,0.8fr)_minmax(0,1fr)_96px] desk:gap-x-3';

const TAGS_SHOWN = 3;

const toolsText = ({ tools }: Agent) => {
  if (tools.length === 0) return 'no tools';
  const messaging = tools.filter(isMessagingTool).length;
  return `${counted(tools.length, 'tool')}${messaging > 0 ? ', messages agents' : ''}`;
};

/** One agent; the whole row leads to its page. Drawn anew only when it has changed. */
export const AgentRow = memo(function AgentRow({ agent, hue }: { agent: Agent; hue: Hue }) {
  return (
    <div
      className={`relative grid min-h-11 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 px-3 py-2 desk:px-4 desk:py-1 ${agentColumns}`}
    >
      <Tile name={agent.name} hue={hue} />
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            href={`/agents/${encodeURIComponent(agent.id)}`}
            className="truncate font-control no-underline outline-none after:absolute after:inset-0"
          >
            <HostileText text={agent.name} wrap={false} />
          </Link>
        </div>
        <p className="truncate font-mono text-micro text-text-3">
          <HostileText text={agent.id} wrap={false} />
        </p>
      </div>
      <span className="truncate text-text-2 max-desk:col-start-2 max-desk:row-start-2">
        <HostileText text={agent.model ?? 'no model'} wrap={false} />
      </span>
      <span className="flex min-w-0 items-center gap-2 text-text-2 max-desk:hidden">
        <span className="truncate">{agent.server}</span>
        {agent.sandbox && <SandboxLabel />}
      </span>
      <span className="flex min-w-0 items-center gap-1.5 text-text-2 max-desk:hidden">
        <span className="flex-none">{toolsText(agent)}</span>
        {agent.tags.slice(0, TAGS_SHOWN).map((tag) => (
          <Tag key={tag} title={tag} className="min-w-6 shrink">
            <span className="truncate">
              <HostileText text={tag} wrap={false} />
            </span>
          </Tag>
        ))}
      </span>
      <span className="justify-self-end max-desk:col-start-3 max-desk:row-start-1">
        <StateBadge state={agent.state} />
      </span>
    </div>
  );
});
