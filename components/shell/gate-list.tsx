'use client';

import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { HostileText } from '@/components/ui/hostile-text';
import { StateShape } from '@/components/ui/state-shape';
import { tellFailed } from '@/components/ui/tell-failed';
import { useMay } from '@/lib/client/caller';
import { useReleaseGate, useRevokeRule } from '@/lib/client/draft-mutations';
import { useSetEdge } from '@/lib/client/use-set-edge';
import type { Gate } from '@/lib/domain/draft/gates-of';
import type { AgentGate } from '@/lib/protocol/agent';
import { ruleText } from './rule-text';

/** What stops an agent's calls and words, by what, and the way to let them go. */
export function GateList({ gates, names }: { gates: readonly Gate[]; names: (agentId: string) => string }) {
  return (
    <ul>
      {gates.map((gate) => (
        <li
          key={gateKey(gate)}
          className="flex min-h-9 flex-wrap items-center gap-x-2.5 gap-y-1 border-line border-t px-3 py-1.5 first:border-t-0"
        >
          <StateShape shape={gate.kind === 'carried' ? 'quarter-ring' : 'diamond'} />
          <span className="min-w-0 flex-1 basis-56">
            <GateWords gate={gate} names={names} />
            <span className="block font-mono text-micro text-text-3 [overflow-wrap:anywhere]">
              {gate.tools.length > 0 ? <HostileText text={gate.tools.join(', ')} /> : 'whatever carries it'}
            </span>
          </span>
          <Release gate={gate} />
        </li>
      ))}
    </ul>
  );
}

function gateKey(gate: Gate): string {
  if (gate.kind === 'rule') return gate.rule.id;
  if (gate.kind === 'letta') return `${gate.gate.agentId} ${gate.gate.tool}`;
  return `${gate.kind} ${gate.conversation.id} ${gate.kind === 'edge' ? gate.edge.to : ''}`;
}

function GateWords({ gate, names }: { gate: Gate; names: (agentId: string) => string }) {
  if (gate.kind === 'rule') return <HostileText text={ruleText(gate.rule, names)} />;
  if (gate.kind === 'letta') {
    return gate.gate.by === 'parley'
      ? 'Its calls ask for approval in Letta, though no conversation needs that any more'
      : 'Its calls ask for approval in Letta: somebody set that there';
  }
  const { conversation } = gate;
  const link = (
    <Link href={`/conversations/${conversation.id}`} className="min-w-0">
      <HostileText text={conversation.title} wrap={false} />
    </Link>
  );
  if (gate.kind === 'carried') return <>Its calls stop at Parley, which carries them on: {link}</>;
  return (
    <>
      Messages to <HostileText text={gate.toName} wrap={false} />{' '}
      {gate.edge.mode === 'hold' ? 'are held' : 'wait for review'}: {link}
    </>
  );
}

function Release({ gate }: { gate: Gate }) {
  const mayRelease = useMay('operator');
  if (!mayRelease || gate.kind === 'carried') return null;
  if (gate.kind === 'letta') return <ReleaseGate gate={gate.gate} />;
  return gate.kind === 'edge' ? <ReleaseEdge gate={gate} /> : <RevokeRule ruleId={gate.rule.id} word="Revoke" />;
}

function ReleaseEdge({ gate: { conversation, edge } }: { gate: Gate & { kind: 'edge' } }) {
  const set = useSetEdge(conversation.id);
  return (
    <Button
      size="small"
      busy={set.isPending}
      title="Messages pass from now on; what waits already waits on"
      onClick={() => set.mutate({ ...edge, mode: 'pass' }, { onError: tellFailed })}
    >
      Release
    </Button>
  );
}

function ReleaseGate({ gate }: { gate: AgentGate }) {
  const release = useReleaseGate();
  return (
    <Button
      size="small"
      busy={release.isPending}
      title="Calls of this tool run at once from now on; what waits already waits on"
      onClick={() => release.mutate(gate, { onError: tellFailed })}
    >
      Release
    </Button>
  );
}

/** Ends a standing rule at once. */
export function RevokeRule({ ruleId, word }: { ruleId: string; word: string }) {
  const revoke = useRevokeRule();
  return (
    <Button size="small" busy={revoke.isPending} onClick={() => revoke.mutate({ ruleId }, { onError: tellFailed })}>
      {word}
    </Button>
  );
}
