'use client';

import { Ban } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { HostileText } from '@/components/ui/hostile-text';
import { reasonOf } from '@/components/ui/reason-of';
import { showToast } from '@/components/ui/toast';
import type { Row } from '@/lib/domain/transcript/row';
import { LongText } from './long-text';
import { RowFrame, type Side } from './row-frame';
import { useStage } from './stage-context';

/** What an agent wrote while a person sat in its seat: kept apart, delivered to nobody, to be offered or discarded. */
export function LateRow({ row, side }: { row: Row; side: Side }) {
  const { who, mayAct, settleLate } = useStage();
  const [busy, setBusy] = useState(false);
  const { late, lateSettled, call } = row.parts;
  const settle = (action: 'release' | 'drop') => {
    if (!late) return;
    setBusy(true);
    settleLate(late.entryId, row.seat, action)
      .catch((error: unknown) => {
        const reason = reasonOf(error);
        showToast({ text: `The late output stays as it is: ${reason}`, tone: 'fail' });
      })
      .finally(() => setBusy(false));
  };
  const name = who[row.seat]?.name ?? 'the agent';
  return (
    <RowFrame row={row} side={side} glyph={Ban} label={`Late output of ${name}, not sent`}>
      <div className="mt-1 mb-0.5 rounded-control border border-fail border-dashed bg-[repeating-linear-gradient(135deg,transparent_0_7px,var(--hover)_7px_8px)] max-desk:mt-6">
        <div className="flex min-h-8 flex-wrap items-center gap-2 border-line-strong border-b border-dashed py-1 pr-1 pl-[11px] text-meta text-text-2">
          <b className="min-w-0 flex-1 basis-36 truncate font-name text-text">
            {lateSettled ? 'Late output, discarded' : 'Late output, not sent'}
          </b>
          {lateSettled && (
            <span className="truncate pr-2">
              by <HostileText text={lateSettled.name} wrap={false} />
            </span>
          )}
          {!lateSettled && mayAct && late && (
            <>
              <Button size="small" busy={busy} onClick={() => settle('release')}>
                Offer as draft
              </Button>
              <Button size="small" busy={busy} onClick={() => settle('drop')}>
                Discard
              </Button>
            </>
          )}
        </div>
        <div className="px-[11px] pt-1.5 pb-2 text-talk text-text-2">
          {call && <span className="block font-mono text-mono">{call.name}</span>}
          <div className="line-through decoration-text-3">
            <LongText id={row.id} text={late?.content ?? row.parts.seen?.text ?? ''} as="plain" />
          </div>
        </div>
      </div>
    </RowFrame>
  );
}
