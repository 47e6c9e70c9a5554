'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { agentHue } from '@/components/shell/agent-hue';
import { classNames } from '@/components/ui/class-names';
import { pauseText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { Tile } from '@/components/ui/tile';
import { conversationsQuery } from '@/lib/client/conversation-queries';
import { talkQuery } from '@/lib/client/talk-query';
import type { Conversation } from '@/lib/protocol/conversation';
import type { TalkFigures, TalkPair } from '@/lib/protocol/talk-figures';
import { TalkPoints } from './talk-points';

const SHOWN_MAX = 5;

/** Which agents let another wait, the slowest first; each opens its longest answers. */
export function SlowestAnswers() {
  const figures = useQuery(talkQuery).data;
  const conversations = useQuery(conversationsQuery).data?.items ?? [];
  const [open, setOpen] = useState<string | null>(null);
  if (!figures || figures.answers === 0) return null;
  const slowest = figures.pairs
    .filter(({ p50Ms }) => p50Ms !== null)
    .toSorted((one, other) => (other.p50Ms ?? 0) - (one.p50Ms ?? 0))
    .slice(0, SHOWN_MAX);
  const { targetMs } = figures;
  const top = Math.max(targetMs * 1.3, ...slowest.map(({ p50Ms }) => p50Ms ?? 0));
  return (
    <Panel title="Who is slowest to answer?" beside="median">
      <div className="grid gap-1.5 px-3 py-2.5">
        <ul className="grid">
          {slowest.map((pair) => {
            const key = `${pair.from} ${pair.to}`;
            const names = [nameOf(figures, pair.from), nameOf(figures, pair.to)] as const;
            return (
              <li key={key}>
                <Bar
                  pair={pair}
                  names={names}
                  line={targetMs / top}
                  share={(pair.p50Ms ?? 0) / top}
                  isOver={(pair.p50Ms ?? 0) > targetMs}
                  isOpen={open === key}
                  conversations={conversations}
                  onOpen={() => setOpen(open === key ? null : key)}
                />
                {open === key && (
                  <TalkPoints
                    points={pair.slowest}
                    targetMs={targetMs}
                    conversations={conversations}
                    label={`${names[0]} answers ${names[1]}, the longest first`}
                  />
                )}
              </li>
            );
          })}
        </ul>
        <p className="text-meta text-text-2">
          <HostileText text={lineText(figures, slowest)} ours />
        </p>
      </div>
    </Panel>
  );
}

const nameOf = ({ agents }: TalkFigures, id: string) => agents.find(({ agentId }) => agentId === id)?.name ?? id;

function lineText(figures: TalkFigures, slowest: readonly TalkPair[]): string {
  const line = `The line is at ${pauseText(figures.targetMs)}.`;
  const past = slowest.filter(({ p50Ms }) => (p50Ms ?? 0) > figures.targetMs);
  const [first] = past;
  if (!first) return `${line} Nobody is past it.`;
  const who = `${nameOf(figures, first.from)} to ${nameOf(figures, first.to)}`;
  return past.length === 1 ? `${line} ${who} is past it.` : `${line} ${who} and ${past.length - 1} more are past it.`;
}

type BarProps = {
  pair: TalkPair;
  names: readonly [string, string];
  /** Where the line stands and how far the bar goes, as shares of the width. */
  line: number;
  share: number;
  isOver: boolean;
  isOpen: boolean;
  conversations: readonly Conversation[];
  onOpen: () => void;
};

function Bar({ pair, names: [from, to], line, share, isOver, isOpen, conversations, onOpen }: BarProps) {
  const value = pauseText(pair.p50Ms ?? 0);
  const words = `${from} answers ${to} in `;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      title={`${words}${value}, median of ${pair.answers}`}
      onClick={onOpen}
      className="relative -mx-1 flex min-h-6 w-[calc(100%+8px)] items-center gap-2 rounded-control px-1 hover:bg-hover aria-expanded:bg-press max-desk:min-h-11"
    >
      <span className="sr-only">
        <HostileText text={words} wrap={false} ours />
      </span>
      <Tile name={from} hue={agentHue(pair.from, conversations)} size="small" />
      <ArrowRight aria-hidden="true" size={12} strokeWidth={1.5} className="flex-none text-text-3" />
      <Tile name={to} hue={agentHue(pair.to, conversations)} size="small" />
      <span aria-hidden="true" className="relative mx-1 h-1.5 min-w-0 flex-1 bg-line">
        <span
          className={classNames('absolute inset-y-0 left-0 min-w-0.5', isOver ? 'bg-wait' : 'bg-ink')}
          style={{ width: `${100 * share}%` }}
        />
        <span
          className="absolute -inset-y-2 border-wait-line border-l border-dashed"
          style={{ left: `${100 * line}%` }}
        />
      </span>
      <span className={classNames('w-12 flex-none text-right', isOver && 'font-strong')}>{value}</span>
    </button>
  );
}
