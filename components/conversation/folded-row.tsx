'use client';

import { ChevronDown, ChevronRight, type LucideIcon } from 'lucide-react';
import { oneLine } from '@/components/ui/cut-text';
import { HostileText } from '@/components/ui/hostile-text';
import { useStore } from '@/components/ui/store';
import type { Row } from '@/lib/domain/transcript/row';
import { LongText } from './long-text';
import { RowFrame, RowLine, RowName, RowToggle, type Side } from './row-frame';
import { useFold, useStage } from './stage-context';

type FoldedRowProps = {
  row: Row;
  side: Side;
  name: string;
  text: string;
  glyph?: LucideIcon;
  as?: 'markdown' | 'plain';
  /** Whether it stands open before the reader says anything. */
  open?: boolean;
};

/** One line until it is opened: reasoning, the agent’s instructions, summaries. */
export function FoldedRow({ row, side, name, text, glyph, as = 'plain', open = false }: FoldedRowProps) {
  const [isOpen, toggle] = useFold(row.id, open);
  if (text === '') return <EmptyRow row={row} side={side} name={name} glyph={glyph ?? ChevronRight} />;
  return (
    <RowFrame row={row} side={side} glyph={glyph ?? (isOpen ? ChevronDown : ChevronRight)} label={name} onOpen={toggle}>
      <RowLine>
        <RowToggle open={isOpen} onToggle={toggle}>
          <RowName>
            <HostileText text={name} wrap={false} />
          </RowName>
          {!isOpen && (
            <span className="min-w-0 truncate">
              <HostileText text={oneLine(withoutWrapping(text))} wrap={false} />
            </span>
          )}
        </RowToggle>
      </RowLine>
      {isOpen && (
        <div className="mb-1 border-line border-l-2 pl-2.5 text-talk text-text-2">
          <LongText id={row.id} text={text} as={as} />
        </div>
      )}
    </RowFrame>
  );
}

/** An engine's own words around another agent's message say little on one line; opened, they are there. */
const withoutWrapping = (text: string) => text.replace(/^\[Incoming message from agent with ID [^\]]*\]\s*/, '');

type EmptyRowProps = { row: Row; side: Side; name: string; glyph: LucideIcon };

const EmptyRow = ({ row, side, name, glyph }: EmptyRowProps) => (
  <RowFrame row={row} side={side} glyph={glyph} label={name}>
    <RowLine>
      <RowName>{name}</RowName>
      <span className="truncate">without a word</span>
    </RowLine>
  </RowFrame>
);

/** What an agent thinks: folded, unless the reader keeps reasoning open. */
export function ReasoningRow({ row, side }: { row: Row; side: Side }) {
  const { reasoningOpen } = useStage();
  const open = useStore(reasoningOpen, (value) => value);
  const hidden = row.parts.seen?.messageType === 'hidden_reasoning_message';
  if (hidden) return <FoldedRow row={row} side={side} name="Reasoning" text="Kept back by the model’s provider." />;
  return (
    <FoldedRow row={row} side={side} name="Reasoning" text={row.parts.seen?.text ?? ''} as="markdown" open={open} />
  );
}
