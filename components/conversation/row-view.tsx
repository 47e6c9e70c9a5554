'use client';

import { Ban, BookText, CalendarClock, CircleHelp, FileText, MessageSquareDashed, NotebookPen } from 'lucide-react';
import { memo } from 'react';
import { HostileText } from '@/components/ui/hostile-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import { type Row, rowKind } from '@/lib/domain/transcript/row';
import type { Turn } from '@/lib/domain/transcript/seat-turns';
import { CallRow, ReturnRow } from './call-row';
import type { CrossingEnd } from './crossing-end';
import { EndedRow } from './ended-row';
import { FoldedRow, ReasoningRow } from './folded-row';
import { RowFrame, RowLine, RowName, type Side } from './row-frame';
import { AssistantRow, ReceivedRow, SentRow, SpokenAsRow, SpokenRow } from './talk-rows';

/** Brings what compares two texts: loaded with the first change of a memory, which is named until then. */
const memoryRow = lazyModule(() => import('./memory-row'));

/** Brings what is done with it. Loaded with the first, which is named until then. */
const lateRow = lazyModule(() => import('./late-row'));

/** One line, as what is shown of it before it is opened. Loaded with the first of them. */
const opaqueRows = lazyModule(() => import('./opaque-rows'));

export type RowViewProps = {
  row: Row;
  side: Side;
  /** The messages of which this row is an end. */
  ends: readonly CrossingEnd[];
  /** The turn that a person's words began. */
  turn: Turn | undefined;
  /** What it told the agent came to nothing, though the turn ended well. */
  withoutAnswer?: boolean;
};

/** One row of a pane, drawn again only when it, its messages or its turn changed. */
export const RowView = memo(DrawnRow, isSame);

function DrawnRow({ row, side, ends, turn, withoutAnswer = false }: RowViewProps) {
  const text = row.parts.seen?.text ?? '';
  const { late, lateSettled, spoken } = row.parts;
  if (lateSettled ? !lateSettled.released : late) return <LateOutput row={row} side={side} />;
  switch (rowKind(row)) {
    case 'spoken':
    case 'user':
      if (spoken?.as) return <SpokenAsRow row={row} side={side} ends={ends} />;
      return <SpokenRow row={row} side={side} turn={turn} withoutAnswer={withoutAnswer} />;
    case 'received':
      return <ReceivedRow row={row} side={side} ends={ends} withoutAnswer={withoutAnswer} />;
    case 'sent':
      return <SentRow row={row} side={side} ends={ends} />;
    case 'call':
      return ends.length > 0 ? <SentRow row={row} side={side} ends={ends} /> : <CallRow row={row} side={side} />;
    case 'return':
      return <ReturnRow row={row} side={side} ends={ends} />;
    case 'assistant':
      return <AssistantRow row={row} side={side} ends={ends} />;
    case 'reasoning':
      return <ReasoningRow row={row} side={side} />;
    case 'prompt':
      return <FoldedRow row={row} side={side} name="Prompt" text={text} glyph={BookText} />;
    case 'system':
      return <SystemRow row={row} side={side} />;
    case 'summary':
      return <FoldedRow row={row} side={side} name="Summary" text={text} glyph={FileText} />;
    case 'event':
      return <FoldedRow row={row} side={side} name="Event" text={text} glyph={CalendarClock} />;
    case 'ended':
      return <EndedRow row={row} side={side} />;
    case 'memory':
      return <ChangeOfMemory row={row} side={side} />;
    case 'redacted':
    case 'answer':
    case 'unknown':
      return <OpaqueRow row={row} side={side} />;
  }
}

function OpaqueRow({ row, side }: { row: Row; side: Side }) {
  const drawn = opaqueRows.useLoaded(true, tellNotLoaded);
  const isRedacted = rowKind(row) === 'redacted';
  const Drawn = isRedacted ? drawn?.RedactedRow : drawn?.UnknownRow;
  if (Drawn) return <Drawn row={row} side={side} />;
  const { strange, seen } = row.parts;
  const type = strange?.type ?? seen?.messageType ?? 'unknown';
  return (
    <RowFrame row={row} side={side} glyph={CircleHelp} label={isRedacted ? 'Redacted' : `Unknown, ${type}`}>
      <RowLine>
        <RowName>{isRedacted ? 'Redacted' : 'Not understood'}</RowName>
        {!isRedacted && (
          <span className="min-w-0 truncate font-mono text-mono">
            <HostileText text={type} wrap={false} />
          </span>
        )}
      </RowLine>
    </RowFrame>
  );
}

function LateOutput({ row, side }: { row: Row; side: Side }) {
  const drawn = lateRow.useLoaded(true, tellNotLoaded);
  if (drawn) return <drawn.LateRow row={row} side={side} />;
  return (
    <RowFrame row={row} side={side} glyph={Ban} label="Late output">
      <RowLine>
        <RowName>Late output</RowName>
      </RowLine>
    </RowFrame>
  );
}

function ChangeOfMemory({ row, side }: { row: Row; side: Side }) {
  const drawn = memoryRow.useLoaded(true, tellNotLoaded);
  if (drawn) return <drawn.MemoryRow row={row} side={side} />;
  const { label = '' } = row.parts.memory ?? {};
  return (
    <RowFrame row={row} side={side} glyph={NotebookPen} label={`Memory ${label} changed`}>
      <RowLine>
        <RowName>Memory</RowName>
        <HostileText text={label} wrap={false} />
      </RowLine>
    </RowFrame>
  );
}

function SystemRow({ row, side }: { row: Row; side: Side }) {
  const { text = '', senderName = null } = row.parts.seen ?? {};
  const name = senderName ? `Message from ${senderName}` : 'System';
  return <FoldedRow row={row} side={side} name={name} text={text} glyph={MessageSquareDashed} />;
}

function isSame(one: RowViewProps, other: RowViewProps): boolean {
  const sameEnds =
    one.ends.length === other.ends.length &&
    one.ends.every((end, index) => {
      const twin = other.ends[index];
      return end.crossing === twin?.crossing && end.state === twin.state;
    });
  return (
    one.row === other.row &&
    one.side === other.side &&
    one.turn === other.turn &&
    one.withoutAnswer === other.withoutAnswer &&
    sameEnds
  );
}
