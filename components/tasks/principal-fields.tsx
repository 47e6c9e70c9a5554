'use client';

import { useQuery } from '@tanstack/react-query';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { TickField } from '@/components/ui/tick-field';
import { agentsQuery } from '@/lib/client/agent-queries';
import { PrincipalNews } from '@/lib/protocol/task';

const newsWords: Record<PrincipalNews, string> = {
  announcement: 'Announcement',
  milestone: 'Milestones',
  error: 'Errors',
  completion: 'Completion',
  handoff: 'Handoff',
  takeover: 'Takeover',
};

type PrincipalFieldsProps = {
  /** Id of an agent; empty for the person who makes the task. */
  agentId: string;
  tell: readonly PrincipalNews[];
  onChange: (change: { principal?: string; tell?: PrincipalNews[] }) => void;
};

/** For whom a task is carried out, and of what an agent is told in words of its own. */
export function PrincipalFields({ agentId, tell, onChange }: PrincipalFieldsProps) {
  const agents = useQuery(agentsQuery).data?.items ?? [];
  if (agents.length === 0) return null;
  return (
    <div className="grid gap-2">
      <Field label="Principal" hint="An agent is told how its task goes; what it answers becomes instructions.">
        {(control) => (
          <Select {...control} value={agentId} onChange={(event) => onChange({ principal: event.target.value })}>
            <option value="">You</option>
            {agents.map((agent) => (
              <option key={agent.id} value={agent.id}>
                {agent.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {agentId !== '' && (
        <fieldset className="flex flex-wrap gap-x-4 gap-y-1.5">
          <legend className="mb-1 text-meta text-text-2">It is told of</legend>
          {PrincipalNews.options.map((news) => (
            <TickField
              key={news}
              checked={tell.includes(news)}
              onChange={(checked) =>
                onChange({
                  tell: PrincipalNews.options.filter((each) => (each === news ? checked : tell.includes(each))),
                })
              }
            >
              {newsWords[news]}
            </TickField>
          ))}
        </fieldset>
      )}
    </div>
  );
}
