'use client';

import { useState } from 'react';
import { ShowAll } from '@/components/ui/show-all';
import type { Draft } from '@/lib/protocol/draft';
import { DraftBody } from './draft-body';

/** So much of a text stands in a card before the reader asks for all of it: about eight lines. */
const SHOWN_MAX = 360;

/** What would arrive, as it would arrive; a long text is cut until the reader asks for all of it. */
export function DraftExcerpt({ draft }: { draft: Draft }) {
  const [isWhole, setIsWhole] = useState(false);
  const isLong = draft.content.length > SHOWN_MAX;
  return (
    <div className={isWhole ? 'thin-scroll max-h-[50dvh] overflow-y-auto' : ''}>
      <div className={isLong && !isWhole ? 'line-clamp-8' : ''}>
        <DraftBody draft={draft} as="arrives" />
      </div>
      {isLong && <ShowAll isWhole={isWhole} onToggle={() => setIsWhole(!isWhole)} length={draft.content.length} />}
    </div>
  );
}
