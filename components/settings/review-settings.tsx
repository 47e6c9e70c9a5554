'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { GateList, RevokeRule } from '@/components/shell/gate-list';
import { ruleText } from '@/components/shell/rule-text';
import { HostileText } from '@/components/ui/hostile-text';
import { LoadFailed } from '@/components/ui/load-failed';
import { Panel } from '@/components/ui/panel';
import { RelativeTime } from '@/components/ui/relative-time';
import { LoadingRows } from '@/components/ui/skeleton';
import { Tag } from '@/components/ui/tag';
import { agentsQuery } from '@/lib/client/agent-queries';
import { useMay } from '@/lib/client/caller';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import { gatesQuery, rulesQuery } from '@/lib/client/gate-queries';
import { gatesOf, isInForce } from '@/lib/domain/draft/gates-of';
import type { StandingRule } from '@/lib/protocol/draft';

/** What waits for people by rule, and what stops whose calls. */
export function ReviewSettings() {
  const agents = useQuery(agentsQuery).data?.items;
  const names = useCallback((agentId: string) => agents?.find(({ id }) => id === agentId)?.name ?? agentId, [agents]);
  return (
    <>
      <RulesPanel names={names} />
      <GatesPanel names={names} />
    </>
  );
}

function RulesPanel({ names }: { names: (agentId: string) => string }) {
  const rules = useQuery(rulesQuery);
  if (rules.isPending) return <LoadingRows rows={2} rowClass="h-11" what="standing rules" />;
  if (!rules.data) {
    return <LoadFailed what="The rules" query={rules} />;
  }
  const inForce = rules.data.items.filter((rule) => isInForce(rule, Date.now()));
  const over = rules.data.items.length - inForce.length;
  return (
    <Panel title="Standing rules" beside={over > 0 ? `${over} over` : undefined}>
      {inForce.length === 0 && (
        <p className="px-3 py-2.5 text-pretty text-text-2">
          None. Beside a draft, “Always pass it” and “Always ask” make one for what looks like it.
        </p>
      )}
      <ul>
        {inForce.map((rule) => (
          <RuleRow key={rule.id} rule={rule} names={names} />
        ))}
      </ul>
    </Panel>
  );
}

function RuleRow({ rule, names }: { rule: StandingRule; names: (agentId: string) => string }) {
  const mayRevoke = useMay('operator');
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-line border-t px-3 py-2 first:border-t-0">
      <Tag tone={rule.effect === 'ask' ? 'wait' : 'plain'}>{rule.effect === 'ask' ? 'Asks' : 'Passes'}</Tag>
      <span className="min-w-0 flex-1 basis-64">
        <HostileText text={ruleText(rule, names)} />
        <span className="block text-meta text-text-3">
          by <HostileText text={rule.createdBy.name} wrap={false} />, <RelativeTime at={rule.createdAt} phrase />;{' '}
          {rule.expiresAt === null ? (
            'until it is revoked'
          ) : (
            <>
              ends <RelativeTime at={rule.expiresAt} phrase />
            </>
          )}
          ; used {rule.uses === 1 ? 'once' : `${rule.uses} times`}
          {rule.lastUsedAt && (
            <>
              , last <RelativeTime at={rule.lastUsedAt} phrase />
            </>
          )}
          {rule.note && (
            <>
              . <HostileText text={rule.note} />
            </>
          )}
        </span>
      </span>
      {mayRevoke && <RevokeRule ruleId={rule.id} word="Revoke" />}
    </li>
  );
}

function GatesPanel({ names }: { names: (agentId: string) => string }) {
  const agents = useQuery(agentsQuery).data?.items ?? [];
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const rules = useQuery(rulesQuery).data?.items ?? [];
  const standing = useQuery(gatesQuery).data?.items;
  const gated = agents
    .map((agent) => ({ agent, gates: gatesOf(agent, conversations, rules, Date.now(), standing) }))
    .filter(({ gates }) => gates.length > 0);
  return (
    <Panel title="Gates" beside="which tools of which agents stop, and by what">
      {gated.length === 0 && <p className="px-3 py-2.5 text-text-2">No agent’s calls stop anywhere.</p>}
      {gated.map(({ agent, gates }) => (
        <section key={agent.id} aria-label={names(agent.id)} className="border-line border-t first:border-t-0">
          <h3 className="px-3 pt-2 font-name">
            <HostileText text={agent.name} wrap={false} />
          </h3>
          <GateList gates={gates} names={names} />
        </section>
      ))}
    </Panel>
  );
}
