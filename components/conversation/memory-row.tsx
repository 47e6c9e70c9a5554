'use client';

import { NotebookPen } from 'lucide-react';
import { useMemo } from 'react';
import { counted } from '@/components/ui/count-text';
import { Difference, differenceText } from '@/components/ui/difference';
import { HostileText } from '@/components/ui/hostile-text';
import { TextButton } from '@/components/ui/text-button';
import { wordDifference } from '@/lib/domain/draft/word-difference';
import type { Row } from '@/lib/domain/transcript/row';
import { RowFrame, RowLine, RowName, RowToggle, type Side } from './row-frame';
import { shortened } from './shortened-difference';
import { useFold } from './stage-context';

/** So long a block may be, in characters, that its change stands open by itself. */
const OPEN_MAX = 1_200;

/** A block of the agent's memory changed: what went out and what came in, at the moment when it did. */
export function MemoryRow({ row, side }: { row: Row; side: Side }) {
  const { label = '', before = null, after = null } = row.parts.memory ?? {};
  const length = Math.max(before?.length ?? 0, after?.length ?? 0);
  const [open, toggle] = useFold(row.id, length <= OPEN_MAX);
  const [whole, toggleWhole] = useFold(`${row.id}:whole`, false);
  const full = useMemo(() => wordDifference(before ?? '', after ?? ''), [before, after]);
  const short = useMemo(() => shortened(full), [full]);
  const isCut = short !== full;
  return (
    <RowFrame row={row} side={side} glyph={NotebookPen} label={`Memory ${label} changed`} onOpen={toggle}>
      <RowLine>
        <RowToggle open={open} onToggle={toggle}>
          <RowName>Memory</RowName>
          <span className="min-w-0 truncate font-mono text-mono">
            <HostileText text={label} wrap={false} />
          </span>
          <span className="flex-none">
            {before === null ? 'new block' : after === null ? 'block removed' : differenceText(full)}
          </span>
        </RowToggle>
      </RowLine>
      {open && (
        <div className="mt-0.5 mb-1">
          <Difference difference={whole ? full : short} />
          {isCut && (
            <TextButton aria-expanded={whole} onClick={toggleWhole} className="mt-1 block">
              {whole ? 'Show what changed' : `Show all ${counted(length, 'character')}`}
            </TextButton>
          )}
        </div>
      )}
    </RowFrame>
  );
}
