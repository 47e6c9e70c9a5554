import { RelativeTime } from '@/components/ui/relative-time';
import { StateBadge } from '@/components/ui/state-badge';
import type { LettaServer } from '@/lib/protocol/letta-server';

export const dialectNames = { rest: 'REST', 'app-server': 'App Server' } as const;

/** Whether a server is connected, since when, and what came back where it is not. */
export const LettaState = ({ server }: { server: LettaServer }) => (
  <span className="inline-flex min-w-0 items-center gap-2">
    <StateBadge state={server.state} className="flex-none" />
    <RelativeTime at={server.since} className="flex-none font-mono text-micro text-text-3" />
  </span>
);
