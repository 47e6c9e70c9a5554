'use client';

import { useState } from 'react';
import { countText } from '@/components/ui/count-text';
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
      {isLong && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setIsWhole(!isWhole)}
          className="mt-1 text-meta text-text-2 underline decoration-line-strong underline-offset-3 hover:decoration-current pointer-coarse:min-h-11"
        >
          {isWhole ? 'Show less' : `Show all ${countText(draft.content.length)} characters`}
        </button>
      )}
    </div>
  );
}
