'use client';

import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { FieldError } from '@/components/ui/field';
import { HostileText } from '@/components/ui/hostile-text';
import { Input } from '@/components/ui/input';
import { agentsQuery } from '@/lib/client/agent-queries';
import { type MessagingTool, messagingTools } from '@/lib/protocol/messaging-tools';

const meanings: Record<MessagingTool, string> = {
  send_message_to_agent_async: 'writes to another agent and goes on',
  send_message_to_agent_and_wait_for_reply: 'writes to another agent and waits for the reply',
  send_message_to_agents_matching_tags: 'writes to all agents with certain tags',
};
const meaningOf = (tool: string) => messagingTools.find((name) => name === tool);

type ToolsFieldProps = {
  server: string;
  tools: readonly string[];
  error: string | undefined;
  onChange: (tools: string[]) => void;
};

/** The messaging tools first, then what agents of the same server use, then any other by its name. */
export function ToolsField({ server, tools, error, onChange }: ToolsFieldProps) {
  const [typed, setTyped] = useState('');
  const agents = useQuery(agentsQuery).data?.items ?? [];
  const used = agents.filter((agent) => server === '' || agent.server === server).flatMap((agent) => agent.tools);
  const offered = [...new Set<string>([...messagingTools, ...tools, ...used.toSorted()])];
  const toggle = (tool: string) =>
    onChange(tools.includes(tool) ? tools.filter((other) => other !== tool) : [...tools, tool]);
  const add = () => {
    const name = typed.trim();
    if (name !== '' && !tools.includes(name)) onChange([...tools, name]);
    setTyped('');
  };
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-name">Tools</legend>
      <ul className="thin-scroll max-h-52 overflow-y-auto rounded-control border border-line-strong bg-surface">
        {offered.map((tool) => (
          <ToolRow key={tool} tool={tool} checked={tools.includes(tool)} onToggle={() => toggle(tool)} />
        ))}
      </ul>
      <div className="mt-2 flex gap-2">
        <Input
          mono
          aria-label="Another tool, by its name on the server"
          placeholder="another_tool"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.metaKey || event.ctrlKey) return;
            event.preventDefault();
            add();
          }}
        />
        <Button size="tall" disabled={typed.trim() === ''} onClick={add}>
          Add
        </Button>
      </div>
      <div aria-live="polite">{error && <FieldError>{error}</FieldError>}</div>
    </fieldset>
  );
}

function ToolRow({ tool, checked, onToggle }: { tool: string; checked: boolean; onToggle: () => void }) {
  const id = useId();
  const messaging = meaningOf(tool);
  return (
    <li className="border-line border-b last:border-b-0">
      <label
        htmlFor={id}
        className="flex min-h-8 items-center gap-2.5 px-3 py-1 hover:bg-hover pointer-coarse:min-h-11"
      >
        <Checkbox
          id={id}
          checked={checked}
          onChange={onToggle}
          labelledBy={`${id}-name`}
          {...(messaging ? { describedBy: `${id}-meaning` } : {})}
        />
        <span className="min-w-0 flex-1">
          <span id={`${id}-name`} className="block truncate font-mono text-mono">
            <HostileText text={tool} wrap={false} />
          </span>
          {messaging && (
            <span id={`${id}-meaning`} className="block text-meta text-text-2">
              {meanings[messaging]}
            </span>
          )}
        </span>
      </label>
    </li>
  );
}
