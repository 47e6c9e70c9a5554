'use client';

import { ArrowRight, Diamond, Pause, SlidersHorizontal, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { IconButton } from '@/components/ui/icon-button';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { Segmented } from '@/components/ui/segmented';
import { Tag } from '@/components/ui/tag';
import { showToast } from '@/components/ui/toast';
import { useMay } from '@/lib/client/caller';
import { useSetEdge } from '@/lib/client/use-set-edge';
import type { Conversation, Edge, EdgeMode } from '@/lib/protocol/conversation';
import type { SeatId } from '@/lib/protocol/ids';
import { EXPIRY_SECONDS } from './expiry-seconds';
import { Route } from './route';

const modes = {
  pass: { word: 'Pass', Glyph: ArrowRight, says: 'Messages are delivered at once' },
  review: { word: 'Review', Glyph: Diamond, says: 'Messages wait for a reviewer, with a deadline' },
  hold: { word: 'Hold', Glyph: Pause, says: 'Messages wait for a reviewer, without a deadline' },
} as const;
const segments = (['pass', 'review', 'hold'] as const).map((value) => ({
  value,
  label: modes[value].word,
  icon: <ModeGlyph key={value} mode={value} />,
}));

function ModeGlyph({ mode }: { mode: EdgeMode }) {
  const { Glyph } = modes[mode];
  return <Glyph aria-hidden="true" size={12} strokeWidth={1.5} className="max-wide:hidden" />;
}

const edgeForm = lazyModule(() => import('./edge-form'));

/** Each direction between the two seats, and what becomes of messages that go there. */
export function ChannelHead({ conversation, shown }: { conversation: Conversation; shown: readonly SeatId[] }) {
  const [left, right] = shown;
  const between = [
    [left, right],
    [right, left],
  ] as const;
  return (
    <div className="grid h-full content-center gap-1 px-3 max-desk:gap-2 max-desk:py-2.5 wide:px-5">
      {between.map(([from, to]) => {
        const edge = conversation.edges.find((one) => one.from === from && one.to === to);
        return (
          <div key={`${from}${to}`} className="flex min-w-0 items-center gap-2">
            <Route crossing={{ from: from ?? null, to: to ?? null, toName: null, fromName: null }} shown={shown} />
            {edge && <EdgeTerms edge={edge} />}
            {edge && <EdgeSwitch conversation={conversation} edge={edge} />}
          </div>
        );
      })}
    </div>
  );
}

/** For how long and for how many people a message waits there; between two panes the button at the end says it. */
function EdgeTerms({ edge: { mode, expirySeconds, reviewers } }: { edge: Edge }) {
  if (mode === 'pass') return null;
  return (
    <span className="flex min-w-0 items-center gap-1 desk:hidden">
      {mode === 'review' && expirySeconds !== null && (
        <Tag title="Waits so long, then expires">{spanText(expirySeconds)}</Tag>
      )}
      {reviewers > 1 && (
        <Tag title="Two people have to approve">
          <UsersRound aria-hidden="true" size={12} strokeWidth={1.5} />
          <span className="sr-only">Two people</span>2
        </Tag>
      )}
    </span>
  );
}

/** `: 15 min, two people`; nothing where nothing waits. */
function termsText({ mode, expirySeconds, reviewers }: Edge): string {
  if (mode === 'pass') return '';
  const span = mode === 'review' && expirySeconds !== null ? spanText(expirySeconds) : 'no deadline';
  return `: ${span}, ${reviewers > 1 ? 'two people' : 'one person'}`;
}

/** `45 s`, `15 min`, `2 h`: in whole units where they are whole. */
const spanText = (seconds: number): string =>
  seconds % 3_600 === 0 ? `${seconds / 3_600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;

/** Pass, review or hold, at once; how it waits behind the button at its end. Words alone for whoever may not. */
function EdgeSwitch({ conversation, edge }: { conversation: Conversation; edge: Edge }) {
  const set = useSetEdge(conversation.id);
  const [isOpen, setIsOpen] = useState(false);
  const mayChange = useMay('operator') && conversation.state !== 'stopped';
  const nameOf = (id: SeatId) => withHiddenWrittenOut(conversation.seats.find((seat) => seat.id === id)?.name ?? id);
  const names = { from: nameOf(edge.from), to: nameOf(edge.to) };
  if (!mayChange) {
    const { word, Glyph, says } = modes[edge.mode];
    return (
      <span title={says} className="ml-auto inline-flex items-center gap-1.5 text-meta font-control text-text">
        <Glyph aria-hidden="true" size={12} strokeWidth={1.5} className="text-text-2" />
        {word}
      </span>
    );
  }
  const change = (mode: EdgeMode) => {
    const expirySeconds = mode === 'review' ? (edge.expirySeconds ?? EXPIRY_SECONDS) : edge.expirySeconds;
    set.mutate(
      { ...edge, mode, expirySeconds },
      { onError: (error) => showToast({ text: `${names.from} to ${names.to}: ${error.message}`, tone: 'fail' }) },
    );
  };
  // Not before it is committed is it shown as set; what was pressed is shown as on its way by being marked busy.
  return (
    <span aria-busy={set.isPending || undefined} className="ml-auto flex flex-none items-center gap-1">
      <Segmented
        label={`${names.from} to ${names.to}`}
        value={edge.mode}
        segments={segments}
        busy={set.isPending}
        onChange={change}
      />
      <IconButton
        icon={edge.mode !== 'pass' && edge.reviewers > 1 ? UsersRound : SlidersHorizontal}
        label={`How messages from ${names.from} to ${names.to} wait${termsText(edge)}`}
        size="small"
        onClick={() => setIsOpen(true)}
      />
      <LazyPart part={edgeForm} when={isOpen} onFailure={() => setIsOpen(false)}>
        {({ EdgeForm }) => (
          <EdgeForm conversationId={conversation.id} edge={edge} names={names} onClose={() => setIsOpen(false)} />
        )}
      </LazyPart>
    </span>
  );
}
