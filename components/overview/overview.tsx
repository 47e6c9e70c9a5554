'use client';

import '@/lib/client/schemas-at-hand';
import { useQuery } from '@tanstack/react-query';
import { usePageHead } from '@/components/shell/page-head';
import { Button } from '@/components/ui/button';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { LoadFailed } from '@/components/ui/load-failed';
import { LoadingRows } from '@/components/ui/skeleton';
import { tellFailed } from '@/components/ui/tell-failed';
import { showToast } from '@/components/ui/toast';
import { useFlagInAddress } from '@/components/ui/use-in-address';
import { useMay } from '@/lib/client/caller';
import { lettaServersQuery } from '@/lib/client/letta-servers-query';
import { useChangeSettings } from '@/lib/client/settings-mutations';
import type { LettaServer } from '@/lib/protocol/letta-server';
import { AgentsPanel } from './agents-panel';
import { LettaPanel } from './letta-panel';
import { LivePanel } from './live-panel';
import { Numbers } from './numbers';
import { PressStrip } from './press-strip';
import { SlowestAnswers } from './slowest-answers';
import { TalkMatrix } from './talk-matrix';
import { useFirstLook } from './use-first-look';
import { WaitsPanel } from './waits-panel';

const connectLetta = lazyModule(() => import('@/components/letta-servers/connect-letta'));

/** Positioned, so that what is hidden from sight in it scrolls with it and not with the document. */
const pageClass = 'relative thin-scroll flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3 desk:px-4';

/** The first page: what is live and what it runs on; without any Letta, the way to one. */
export function Overview() {
  const servers = useQuery(lettaServersQuery);
  const [connecting, setConnecting] = useFlagInAddress('connect');
  const items = servers.data?.items ?? [];
  const sandbox = items.some((server) => server.sandbox);
  const onlySandbox = sandbox && items.every((server) => server.sandbox);
  const first = servers.data !== undefined && items.length === 0;
  useFirstLook(onlySandbox);
  usePageHead({ crumb: connecting || first ? 'Connect your Letta' : null, sandbox: onlySandbox && !connecting });

  if (servers.isPending) return <LoadingRows rows={4} rowClass="h-14" what="the overview" />;
  if (!servers.data) {
    return <LoadFailed what="The overview" query={servers} />;
  }
  if (connecting || first) return <Connect first={first} sandbox={sandbox} onDone={() => setConnecting(false)} />;
  return (
    <div className={pageClass}>
      {onlySandbox && <PressStrip onConnect={() => setConnecting(true)} />}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-3 wide:grid-cols-3 wide:grid-rows-[auto_1fr]">
        <div className="min-w-0 wide:col-span-2">
          <LivePanel sandbox={sandbox} onlySandbox={onlySandbox} />
        </div>
        <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3 wide:row-span-2">
          <WaitsPanel />
          <TalkMatrix />
          <SlowestAnswers />
          <LettaPanel servers={items} />
          <AgentsPanel />
        </div>
        <Numbers />
      </div>
    </div>
  );
}

/** A server may take its time: then it is saved and connects by itself. */
function savedWords({ name, state, reason }: LettaServer): Parameters<typeof showToast>[0] {
  if (state === 'connected') return { text: `${name} is connected.`, tone: 'done' };
  return { text: `${name} is saved, and not connected yet${reason === null ? '' : `: ${reason}`}.` };
}

type ConnectProps = { first: boolean; sandbox: boolean; onDone: () => void };

function Connect({ first, sandbox, onDone }: ConnectProps) {
  const mayConnect = useMay('admin');
  const change = useChangeSettings();
  const startSandbox = () => change.mutate({ sandbox: true }, { onSuccess: onDone, onError: tellFailed });
  if (!mayConnect) {
    return (
      <p className="px-4 py-6 text-talk text-text-2">
        No Letta is connected. Someone with the role admin can do that here.
      </p>
    );
  }
  return (
    <div className={pageClass}>
      <LazyPart
        part={connectLetta}
        when
        onFailure={onDone}
        fallback={<LoadingRows rows={4} rowClass="h-14" what="the form" />}
      >
        {({ ConnectLetta }) => (
          <ConnectLetta
            heading={first ? 'Nothing runs here yet' : 'Connect your Letta'}
            intro={
              first
                ? 'Connect the Letta you have, or start the sandbox and look around first.'
                : 'Parley talks to it from this machine; your browser never does.'
            }
            onConnected={(server) => {
              showToast(savedWords(server));
              onDone();
            }}
            others={
              <>
                {!sandbox && (
                  <Button busy={change.isPending} onClick={startSandbox}>
                    Start the sandbox
                  </Button>
                )}
                {!first && (
                  <Button variant="quiet" onClick={onDone}>
                    Back
                  </Button>
                )}
              </>
            }
          />
        )}
      </LazyPart>
    </div>
  );
}
