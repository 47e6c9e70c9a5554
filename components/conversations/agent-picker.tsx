'use client';

import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Checkbox } from '@/components/ui/checkbox';
import { FieldError } from '@/components/ui/field';
import { HostileText } from '@/components/ui/hostile-text';
import { inputClass } from '@/components/ui/input';
import { seatHue } from '@/components/ui/seat-hue';
import { Tag } from '@/components/ui/tag';
import { Tile } from '@/components/ui/tile';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import type { Agent } from '@/lib/protocol/agent';
import type { Conversation } from '@/lib/protocol/conversation';
import { seatIdAt } from './seat-id-at';

type AgentPickerProps = {
  agents: readonly Agent[];
  /** Ids in the order of picking: the order of the seats. */
  picked: readonly string[];
  onChange: (picked: string[]) => void;
  error?: string | undefined;
};

const SHOWN_MAX = 200;

const matches = (agent: Agent, text: string) =>
  [agent.name, agent.server, ...agent.tags].some((word) => word.toLowerCase().includes(text.trim().toLowerCase()));

/** Picks the agents of a conversation, one seat after the other. All must live on one server. */
export function AgentPicker({ agents, picked, onChange, error }: AgentPickerProps) {
  const id = useId();
  const [text, setText] = useState('');
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const server = agents.find((agent) => agent.id === picked[0])?.server;
  const found = agents.filter((agent) => matches(agent, text));
  const toggle = (agentId: string) =>
    onChange(picked.includes(agentId) ? picked.filter((other) => other !== agentId) : [...picked, agentId]);
  return (
    <fieldset
      data-invalid={error ? true : undefined}
      aria-describedby={error ? `${id}-error` : undefined}
      className="min-w-0"
    >
      <legend className="mb-1 font-name">Agents, in the order of their seats</legend>
      <div
        className={`overflow-hidden rounded-control border bg-surface ${error ? 'border-fail' : 'border-line-strong'}`}
      >
        {agents.length > 6 && (
          <input
            type="search"
            aria-label="Filter agents"
            placeholder="Filter by name, server or tag"
            value={text}
            onChange={(event) => setText(event.target.value)}
            className={`${inputClass} h-8 rounded-none! border-0! border-line! border-b! text-ui focus-visible:-outline-offset-2`}
          />
        )}
        <ul className="thin-scroll max-h-52 overflow-y-auto">
          {found.slice(0, SHOWN_MAX).map((agent) => (
            <PickRow
              key={agent.id}
              agent={agent}
              seat={picked.indexOf(agent.id)}
              sitsIn={openSeatOf(agent.id, conversations)}
              elsewhere={server !== undefined && agent.server !== server ? server : null}
              onToggle={() => toggle(agent.id)}
            />
          ))}
          {found.length === 0 && <li className="px-3 py-2 text-text-2">No agent of that name.</li>}
          {found.length > SHOWN_MAX && <li className="px-3 py-2 text-meta text-text-3">Type to find the others.</li>}
        </ul>
      </div>
      <div aria-live="polite">{error && <FieldError id={`${id}-error`}>{error}</FieldError>}</div>
    </fieldset>
  );
}

/** Title of the open conversation in which the agent sits: it can sit in one at a time. */
const openSeatOf = (agentId: string, conversations: readonly Conversation[]): string | null =>
  conversations.find(({ state, seats }) => state !== 'stopped' && seats.some((seat) => seat.agentId === agentId))
    ?.title ?? null;

type PickRowProps = {
  agent: Agent;
  seat: number;
  sitsIn: string | null;
  elsewhere: string | null;
  onToggle: () => void;
};

function PickRow({ agent, seat, sitsIn, elsewhere, onToggle }: PickRowProps) {
  const id = useId();
  const picked = seat >= 0;
  return (
    <li className="border-line border-b last:border-b-0">
      <label
        htmlFor={id}
        className="flex min-h-9 items-center pointer-coarse:min-h-11 gap-2.5 px-3 py-1 hover:bg-hover"
      >
        <Checkbox
          id={id}
          checked={picked}
          disabled={elsewhere !== null}
          onChange={onToggle}
          labelledBy={`${id}-name`}
          describedBy={`${id}-model ${id}-place`}
        />
        <Tile name={agent.name} hue={picked ? seatHue(seatIdAt(seat)) : 'd'} className={picked ? '' : 'opacity-60'} />
        <span className="min-w-0 flex-1 truncate">
          <span id={`${id}-name`}>
            <HostileText text={agent.name} wrap={false} />
          </span>
          <span id={`${id}-model`} className="ml-2 text-meta text-text-3">
            <HostileText text={agent.model ?? 'no model'} wrap={false} />
          </span>
        </span>
        {elsewhere !== null && (
          <span id={`${id}-place`} className="text-meta text-text-3">
            not on {elsewhere}
          </span>
        )}
        {elsewhere === null && sitsIn !== null && (
          <span id={`${id}-place`} className="max-w-[40%] truncate text-meta text-text-2">
            <HostileText text={`sits in “${sitsIn}”`} wrap={false} ours />
          </span>
        )}
        {picked && <Tag>seat {seatIdAt(seat)}</Tag>}
      </label>
    </li>
  );
}
