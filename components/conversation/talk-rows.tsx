'use client';

import { ArrowUpRight, MessageSquareDashed, Terminal, User } from 'lucide-react';
import { HostileText } from '@/components/ui/hostile-text';
import { StateShape } from '@/components/ui/state-shape';
import type { Row } from '@/lib/domain/transcript/row';
import type { Turn } from '@/lib/domain/transcript/seat-turns';
import { authorName, type CrossingEnd, CrossingNote, crossingText, EndButton, useChoose } from './crossing-end';
import { LongText } from './long-text';
import { MessageBlock } from './message-block';
import { RowFrame, RowLine, RowName, type Side } from './row-frame';
import { useStage } from './stage-context';
import { turnEndText } from './turn-end-text';

type TalkRowProps = { row: Row; side: Side; ends: readonly CrossingEnd[] };

type SpokenRowProps = { row: Row; side: Side; turn: Turn | undefined; withoutAnswer: boolean };

/** What a person said to the agent, or in its seat. */
export function SpokenRow({ row, side, turn, withoutAnswer }: SpokenRowProps) {
  const { spoken, seen } = row.parts;
  const name = spoken?.name ?? seen?.senderName ?? 'User';
  const text = spoken?.content ?? seen?.text ?? '';
  return (
    <RowFrame row={row} side={side} glyph={User} label={`${name}, user`}>
      <RowLine>
        <RowName>
          <HostileText text={name} wrap={false} />
        </RowName>
        {name !== 'User' && <span>user</span>}
        {spoken && !seen && <SpokenState turn={turn} />}
      </RowLine>
      <div className="text-talk text-pretty">
        <LongText id={row.id} text={text} as="plain" />
      </div>
      {withoutAnswer && <WithoutAnswer row={row} />}
    </RowFrame>
  );
}

/** What a person said in the agent's place: a message of the seat, or the answer to one that waited. */
export function SpokenAsRow({ row, side, ends }: TalkRowProps) {
  const { who } = useStage();
  const [, choose] = useChoose(ends[0], 'author');
  const { name, content } = row.parts.spoken ?? { name: 'Somebody', content: '' };
  const seat = who[row.seat]?.name ?? row.seat.toUpperCase();
  return (
    <RowFrame row={row} side={side} glyph={ArrowUpRight} label={`${name} as ${seat}`} onOpen={ends[0] && choose}>
      <RowLine>
        <RowName>
          <HostileText text={name} wrap={false} />
        </RowName>
        <span className="min-w-0 truncate">as {seat}</span>
        <span className="ml-auto flex min-w-0 flex-none items-baseline gap-2 pl-2">
          {ends.map((end) => (
            <EndButton key={end.crossing.id} end={end} side="author" />
          ))}
        </span>
      </RowLine>
      <MessageBlock ends={ends} end="author" side={side} byPerson>
        <LongText id={row.id} text={content} as="plain" />
        {ends.map((end) => (
          <CrossingNote key={end.crossing.id} end={end} />
        ))}
      </MessageBlock>
    </RowFrame>
  );
}

/** How the words of a person stand before the engine has confirmed them. */
function SpokenState({ turn }: { turn: Turn | undefined }) {
  const bad = turn?.ended && ['not_sent', 'lost'].includes(turn.ended.stopReason);
  if (bad && turn.ended) {
    return (
      <span className="ml-auto inline-flex items-center gap-1.5 self-center pl-2 text-fail-text">
        <StateShape shape="octagon" />
        {turnEndText(turn.ended.stopReason, null).word}
      </span>
    );
  }
  // Of a turn that failed or was interrupted the engine keeps nothing; the row of its end says how it went.
  if (turn?.ended) return null;
  return <span className="ml-auto flex-none pl-2">{turn?.started ? 'with the agent' : 'waits for the agent'}</span>;
}

/** The turn ended well and without a word: nothing failed, and nobody answers. */
function WithoutAnswer({ row }: { row: Row }) {
  const { who } = useStage();
  return (
    <p className="mt-1 flex items-start gap-1.5 text-meta text-text-2">
      <StateShape shape="slashed-ring" className="mt-0.5 size-3 flex-none" />
      <span className="min-w-0">
        <span className="font-control text-text">No answer.</span> {who[row.seat]?.name ?? 'The agent'} ended its turn
        without a word. Say it again, or look at its model and instructions.
      </span>
    </p>
  );
}

/** Another agent’s message where it arrives. */
export function ReceivedRow({ row, side, ends, withoutAnswer }: TalkRowProps & { withoutAnswer: boolean }) {
  const [end] = ends;
  const { who } = useStage();
  const [, choose] = useChoose(end, 'receiver');
  const { received, seen } = row.parts;
  const known = end?.crossing ?? { from: received?.from ?? null, fromName: seen?.senderName ?? null };
  const name = authorName(known, who);
  return (
    <RowFrame row={row} side={side} glyph={MessageSquareDashed} label={`Incoming message from ${name}`} onOpen={choose}>
      <RowLine>
        <RowName>System</RowName>
        <span className="flex min-w-0 items-baseline gap-1">
          <span className="flex-none">incoming message from</span>
          {end ? <EndButton end={end} side="receiver" /> : name}
        </span>
      </RowLine>
      <MessageBlock ends={ends} end="receiver" side={side}>
        <LongText id={row.id} text={row.parts.received?.content ?? ''} as="markdown" />
      </MessageBlock>
      {withoutAnswer && <WithoutAnswer row={row} />}
    </RowFrame>
  );
}

/** A call that carries a message: the tool’s name, whom it is for, and the words. */
export function SentRow({ row, side, ends }: TalkRowProps) {
  const { who } = useStage();
  const { call, sent } = row.parts;
  const content = sent?.[0]?.content ?? '';
  const [first] = ends;
  const [, choose] = useChoose(first, 'author');
  return (
    <RowFrame
      row={row}
      side={side}
      glyph={ArrowUpRight}
      label={first ? `Message ${crossingText(first, 'author', who)}` : 'Message'}
      onOpen={choose}
    >
      <RowLine>
        <HostileText
          text={call?.name ?? 'message'}
          wrap={false}
          className="min-w-0 truncate font-mono text-mono text-text-2"
        />
        <span className="ml-auto flex min-w-0 flex-none items-baseline gap-2 pl-2">
          {ends.map((end) => (
            <EndButton key={end.crossing.id} end={end} side="author" />
          ))}
        </span>
      </RowLine>
      <MessageBlock ends={ends} end="author" side={side}>
        <LongText id={row.id} text={content} as="markdown" />
        {ends.map((end) => (
          <CrossingNote key={end.crossing.id} end={end} />
        ))}
      </MessageBlock>
    </RowFrame>
  );
}

/** What an agent says in its own voice; a block with a line where Parley relays it to the other seat. */
export function AssistantRow({ row, side, ends }: TalkRowProps) {
  const { who } = useStage();
  const [, choose] = useChoose(ends[0], 'author');
  const name = who[row.seat]?.name ?? 'Agent';
  const text = <LongText id={row.id} text={row.parts.seen?.text ?? ''} as="markdown" />;
  return (
    <RowFrame row={row} side={side} glyph={Terminal} label={`${name}, assistant`} onOpen={ends[0] && choose}>
      <RowLine>
        <RowName>
          <HostileText text={name} wrap={false} />
        </RowName>
        <span>assistant</span>
        {ends[0] && (
          <span className="ml-auto pl-2">
            <EndButton end={ends[0]} side="author" />
          </span>
        )}
      </RowLine>
      {ends.length === 0 ? (
        <div className="text-talk">{text}</div>
      ) : (
        <MessageBlock ends={ends} end="author" side={side}>
          {text}
          {ends.map((end) => (
            <CrossingNote key={end.crossing.id} end={end} />
          ))}
        </MessageBlock>
      )}
    </RowFrame>
  );
}
