'use client';

import { useQuery } from '@tanstack/react-query';
import { Plug, Stethoscope } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { ChangeServer } from '@/components/letta-servers/change-server';
import { DoctorPanel } from '@/components/letta-servers/doctor-panel';
import { dialectNames, LettaState } from '@/components/letta-servers/letta-state';
import { RemoveServer } from '@/components/letta-servers/remove-server';
import { Button } from '@/components/ui/button';
import { HostileText } from '@/components/ui/hostile-text';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { SandboxLabel } from '@/components/ui/sandbox-label';
import { LoadingRows } from '@/components/ui/skeleton';
import { tellFailed } from '@/components/ui/tell-failed';
import { useMay } from '@/lib/client/caller';
import { useExamineServer } from '@/lib/client/letta-server-mutations';
import { lettaServersQuery } from '@/lib/client/letta-servers-query';
import type { LettaServer } from '@/lib/protocol/letta-server';

const origins = {
  environment: 'named by the environment, and changed there',
  person: 'added here',
  sandbox: 'part of Parley',
} as const;

/** The Letta servers, each with its state and its doctor. */
export function LettaSettings() {
  const servers = useQuery(lettaServersQuery);
  const isAdmin = useMay('admin');
  return (
    <>
      <div className="flex items-center justify-between gap-3">
        <p className="text-pretty text-text-2">Parley holds the connections; a browser never talks to Letta itself.</p>
        {isAdmin && (
          <Button asChild variant="primary">
            <Link href="/?connect=true">
              <Plug aria-hidden="true" size={14} strokeWidth={1.5} />
              Connect a Letta
            </Link>
          </Button>
        )}
      </div>
      {servers.isPending && <LoadingRows rows={2} rowClass="h-16" what="servers" />}
      <LoadFailed what="The servers" query={servers} />
      {servers.data?.items.length === 0 && <p className="font-name">No Letta is connected.</p>}
      {servers.data?.items.map((server) => (
        <ServerPanel key={server.name} server={server} isAdmin={isAdmin} />
      ))}
    </>
  );
}

function ServerPanel({ server, isAdmin }: { server: LettaServer; isAdmin: boolean }) {
  const mayExamine = useMay('operator');
  const examine = useExamineServer(server.name);
  const [open, setOpen] = useState<'change' | 'remove' | null>(null);
  const run = () => examine.mutate(null, { onError: tellFailed });
  return (
    <Panel title={server.name} beside={server.sandbox && <SandboxLabel />} end={<LettaState server={server} />}>
      <dl className="grid grid-cols-[72px_minmax(0,1fr)] gap-x-3 gap-y-1 px-3 py-2.5">
        <dt className="text-text-3">Address</dt>
        <dd className="font-mono text-mono [overflow-wrap:anywhere]">{server.url}</dd>
        <dt className="text-text-3">Speaks</dt>
        <dd>
          {dialectNames[server.dialect]}
          {server.version !== null && `, version ${server.version}`}
        </dd>
        <dt className="text-text-3">Token</dt>
        <dd>{server.hasToken ? 'kept encrypted' : 'none'}</dd>
        <dt className="text-text-3">Origin</dt>
        <dd>{origins[server.origin]}</dd>
        {server.reason !== null && (
          <>
            <dt className="text-text-3">Came back</dt>
            <dd className="text-fail-text">
              <HostileText text={server.reason} />
            </dd>
          </>
        )}
      </dl>
      {mayExamine && (
        <div className="flex flex-wrap gap-2 border-line border-t px-3 py-2">
          <Button size="small" icon={Stethoscope} busy={examine.isPending} onClick={run}>
            Examine
          </Button>
          {isAdmin && server.origin === 'person' && (
            <>
              <Button size="small" onClick={() => setOpen('change')}>
                Change
              </Button>
              <Button size="small" variant="danger" onClick={() => setOpen('remove')}>
                Remove
              </Button>
            </>
          )}
        </div>
      )}
      {(examine.isPending || examine.data) && (
        <div className="border-line border-t [&>section]:rounded-t-none [&>section]:border-0">
          <DoctorPanel report={examine.data ?? null} busy={examine.isPending} before="" />
        </div>
      )}
      {open === 'change' && <ChangeServer server={server} onClose={() => setOpen(null)} />}
      <RemoveServer
        server={server}
        open={open === 'remove'}
        onOpenChange={(shown) => setOpen(shown ? 'remove' : null)}
      />
    </Panel>
  );
}
