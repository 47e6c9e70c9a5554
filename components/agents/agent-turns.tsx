'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { counted, countText } from '@/components/ui/count-text';
import { HostileText } from '@/components/ui/hostile-text';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { StateShape } from '@/components/ui/state-shape';
import { type AgentTurn, agentTurnsQuery } from '@/lib/client/agent-turns';
import { REFRESH_MS } from '@/lib/client/conversation-queries';
import type { Conversation } from '@/lib/protocol/conversation';

const goodEnds: Record<string, string> = {
  end_turn: 'finished',
  requires_approval: 'stopped at a call',
  tool_rule: 'finished by a rule of its tools',
};

type AgentTurnsProps = { agentId: string; conversations: readonly Conversation[] };

/** The turns of an agent that ended last: where, how, and what they cost, as far as Parley saw them. */
export function AgentTurns({ agentId, conversations }: AgentTurnsProps) {
  const turns = useQuery({ ...agentTurnsQuery(agentId), refetchInterval: REFRESH_MS });
  const items = turns.data ?? [];
  const tokens = items.reduce((sum, { usage }) => sum + (usage ? usage.promptTokens + usage.completionTokens : 0), 0);
  return (
    <Panel title="Recent turns" beside={tokens > 0 && `${counted(tokens, 'token')} in the last ${items.length}`}>
      <LoadFailed what="Its turns" query={turns} />
      {turns.data?.length === 0 && <p className="px-3 py-2.5 text-text-2">Parley has seen no turn of it yet.</p>}
      <ul className="thin-scroll max-h-96 overflow-y-auto">
        {items.map((turn) => (
          <TurnRow
            key={turn.id}
            turn={turn}
            title={conversations.find(({ id }) => id === turn.conversationId)?.title}
          />
        ))}
      </ul>
    </Panel>
  );
}

function TurnRow({ turn, title }: { turn: AgentTurn; title: string | undefined }) {
  const { at, conversationId, streamSeq, stopReason, error, usage } = turn;
  const goodEnd = error === null ? goodEnds[stopReason] : undefined;
  return (
    <li className="relative min-h-11 border-line border-t px-3 py-1.5 first:border-t-0 hover:bg-hover">
      <div className="flex min-w-0 items-center gap-2">
        <StateShape shape={goodEnd ? 'check' : 'octagon'} className="size-3 flex-none" />
        <Link
          href={`/conversations/${conversationId}?at=${streamSeq}`}
          className="min-w-0 flex-1 truncate no-underline after:absolute after:inset-0"
        >
          <HostileText text={title ?? 'A conversation that left the lists'} wrap={false} />
        </Link>
        <RelativeTime at={at} className="relative font-mono text-micro text-text-3" />
      </div>
      <p className="truncate pl-5 text-meta text-text-2" title={error ?? undefined}>
        {goodEnd ?? <HostileText text={error ?? stopReason} wrap={false} />}
        {usage && (
          <span className="text-text-3">
            {`, ${countText(usage.promptTokens)} in, ${countText(usage.completionTokens)} out`}
            {usage.steps > 1 && `, ${usage.steps} steps`}
          </span>
        )}
      </p>
    </li>
  );
}
