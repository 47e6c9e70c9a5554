'use client';

import { OctagonX } from 'lucide-react';
import { classNames } from '@/components/ui/class-names';
import { HostileText } from '@/components/ui/hostile-text';
import type { Row } from '@/lib/domain/transcript/row';
import { Well, WellLine } from './call-row';
import { LongText } from './long-text';
import { RowEnd, RowFrame, RowLine, type Side } from './row-frame';
import { useStage } from './stage-context';
import { turnEndText } from './turn-end-text';

/** A turn that came to no good end, with the engine’s own words. */
export function EndedRow({ row, side }: { row: Row; side: Side }) {
  const { stopReason, error } = row.parts.ended ?? { stopReason: 'error', error: null };
  const { mayAct, who } = useStage();
  const { word, detail, advice, isFailure } = turnEndText(stopReason, error);
  return (
    <RowFrame row={row} side={side} glyph={OctagonX} label={`Turn ended: ${word}`}>
      <RowLine>
        <b
          className={classNames(
            'truncate font-name first-letter:uppercase',
            isFailure ? 'text-fail-text' : 'text-text-2',
          )}
        >
          {word}
        </b>
        <span>turn ended</span>
        {isFailure && (
          <RowEnd>
            <HostileText text={stopReason} wrap={false} />
          </RowEnd>
        )}
      </RowLine>
      {detail && (
        <Well>
          <WellLine name="error">
            <LongText id={row.id} text={detail} as="plain" />
          </WellLine>
        </Well>
      )}
      {mayAct && !who[row.seat]?.holder && <p className="text-meta text-pretty text-text-2">{advice}</p>}
    </RowFrame>
  );
}
