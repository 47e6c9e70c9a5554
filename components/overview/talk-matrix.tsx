'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { agentHue } from '@/components/shell/agent-hue';
import { counted } from '@/components/ui/count-text';
import { pauseText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { type Hue, hueClass } from '@/components/ui/seat-hue';
import { Tile } from '@/components/ui/tile';
import { tileLettersAmong } from '@/components/ui/tile-letters';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import { talkQuery } from '@/lib/client/talk-query';
import type { TalkAgent, TalkFigures, TalkPair } from '@/lib/protocol/talk-figures';
import { TalkPoints } from './talk-points';

const AGENTS_MAX = 5;

/** An agent of the table, as it looks. */
type Talker = TalkAgent & { hue: Hue; letters: string };

/** Who talks to whom: a table of the agents with the most messages; each figure opens the messages behind it. */
export function TalkMatrix() {
  const figures = useQuery(talkQuery).data;
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const [open, setOpen] = useState<string | null>(null);
  if (!figures || figures.messages === 0) return null;
  const shown = figures.agents.slice(0, AGENTS_MAX);
  const letters = tileLettersAmong(shown.map(({ name }) => name));
  const talkers = shown.map(
    (agent, index): Talker => ({
      ...agent,
      hue: agentHue(agent.agentId, conversations),
      letters: letters[index] ?? '',
    }),
  );
  const pair = figures.pairs.find((each) => keyOf(each) === open);
  const nameOf = (id: string) => figures.agents.find(({ agentId }) => agentId === id)?.name ?? id;
  return (
    <Panel title="Who talks to whom?" beside={counted(figures.messages, 'message')}>
      <div className="grid gap-2 px-3 py-2.5">
        <Table figures={figures} talkers={talkers} open={open} onOpen={(key) => setOpen(key === open ? null : key)} />
        {pair && (
          <TalkPoints
            points={pair.newest}
            targetMs={figures.targetMs}
            conversations={conversations}
            label={`${nameOf(pair.from)} to ${nameOf(pair.to)}, the newest, and how long they were on their way`}
          />
        )}
        {figures.agents.length > AGENTS_MAX && (
          <p className="text-meta text-text-2">
            The {AGENTS_MAX} with the most messages, of {figures.agents.length}.
          </p>
        )}
      </div>
    </Panel>
  );
}

const keyOf = ({ from, to }: Pick<TalkPair, 'from' | 'to'>) => `${from} ${to}`;

type TableProps = {
  figures: TalkFigures;
  talkers: readonly Talker[];
  open: string | null;
  onOpen: (key: string) => void;
};

function Table({ figures: { pairs }, talkers, open, onOpen }: TableProps) {
  const most = Math.max(...pairs.map(({ messages }) => messages));
  const found = new Map(pairs.map((pair) => [keyOf(pair), pair]));
  return (
    <table className="w-full table-fixed border-separate border-spacing-0.5">
      <thead>
        <tr>
          <th scope="col" className="text-left font-said text-micro text-text-3">
            from ↓ to →
          </th>
          {talkers.map(({ agentId, name, hue, letters }) => (
            <th key={agentId} scope="col" title={`to ${name}`} className="h-6 w-10 text-center align-middle">
              <Tile name={name} hue={hue} letters={letters} size="small" className="align-middle" />
              <span className="sr-only">to {name}</span>
            </th>
          ))}
          <th
            scope="col"
            title="How long it takes to answer, the median"
            className="w-15 whitespace-nowrap text-right font-said text-micro text-text-2"
          >
            answers in
          </th>
        </tr>
      </thead>
      <tbody>
        {talkers.map((from) => (
          <tr key={from.agentId} className={`h-8 max-desk:h-11 ${hueClass[from.hue]}`}>
            <th scope="row" className="text-left font-said">
              <span className="flex min-w-0 items-center gap-2" title={from.name}>
                <Tile name={from.name} hue={from.hue} letters={from.letters} size="small" />
                <span className="min-w-0 truncate">
                  <HostileText text={from.name} wrap={false} />
                </span>
              </span>
            </th>
            {talkers.map((to) => (
              <Cell
                key={to.agentId}
                from={from}
                to={to}
                pair={found.get(keyOf({ from: from.agentId, to: to.agentId }))}
                most={most}
                open={open}
                onOpen={onOpen}
              />
            ))}
            <td className="text-right font-mono text-micro text-text-2">
              {from.p50Ms === null ? '–' : pauseText(from.p50Ms)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type CellProps = {
  from: Talker;
  to: Talker;
  pair: TalkPair | undefined;
  most: number;
  open: string | null;
  onOpen: (key: string) => void;
};

const hatch = 'bg-[repeating-linear-gradient(135deg,var(--line)_0_1px,transparent_1px_4px)]';

/** The share of the hue in a cell, in per cent: more messages, more of it, and the figure still reads. */
const shareOf = (messages: number, most: number) => Math.round(8 + (messages / most) * 24);

function Cell({ from, to, pair, most, open, onOpen }: CellProps) {
  if (from.agentId === to.agentId) return <td aria-hidden="true" className={`rounded-tile ${hatch}`} />;
  if (!pair || pair.messages === 0) {
    return (
      <td className="rounded-tile bg-ground text-center text-text-3">
        <span aria-hidden="true">·</span>
        <span className="sr-only">none</span>
      </td>
    );
  }
  const key = keyOf(pair);
  const words = `${from.name} to ${to.name}: ${counted(pair.messages, 'message')}`;
  return (
    <td className="p-0">
      <button
        type="button"
        aria-pressed={open === key}
        aria-label={words}
        title={words}
        onClick={() => onOpen(key)}
        style={{ backgroundColor: `color-mix(in oklab, var(--seat) ${shareOf(pair.messages, most)}%, var(--surface))` }}
        className="h-8 w-full rounded-tile hover:outline hover:outline-line-strong aria-pressed:outline-2 aria-pressed:outline-seat max-desk:h-11"
      >
        {pair.messages}
      </button>
    </td>
  );
}
