'use client';

import Link from 'next/link';
import { dialectNames, LettaState } from '@/components/letta-servers/letta-state';
import { counted } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { SandboxLabel } from '@/components/ui/sandbox-label';
import type { LettaServer } from '@/lib/protocol/letta-server';

/** Each connected Letta: whether it is reached, and what came back where it is not. */
export const LettaPanel = ({ servers }: { servers: readonly LettaServer[] }) => (
  <Panel title="Letta" beside={counted(servers.length, 'server')} end={<Link href="/settings">Settings</Link>}>
    <ul>
      {servers.map((server) => (
        <li key={server.name} className="border-line border-t px-3 py-2 first:border-t-0">
          <div className="flex min-w-0 items-center justify-between gap-3">
            <span className="flex min-w-0 items-center gap-2">
              <b className="truncate font-name">{server.name}</b>
              {server.sandbox && <SandboxLabel />}
            </span>
            <LettaState server={server} />
          </div>
          <p className="truncate text-meta text-text-2">
            {server.reason ? (
              <span className="text-fail-text">
                <HostileText text={server.reason} wrap={false} />
              </span>
            ) : (
              `${dialectNames[server.dialect]}${server.version === null ? '' : `, version ${server.version}`}`
            )}
          </p>
        </li>
      ))}
    </ul>
  </Panel>
);
