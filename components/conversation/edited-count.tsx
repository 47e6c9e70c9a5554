'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { differenceText } from '@/components/ui/difference';
import { draftQuery } from '@/lib/client/draft-queries';
import { wordDifference } from '@/lib/domain/draft/word-difference';

/** How much of the text was changed, once the draft is there to be compared. */
export function EditedCount({ draftId }: { draftId: string }) {
  const draft = useQuery({ ...draftQuery(draftId), refetchInterval: false, staleTime: Number.POSITIVE_INFINITY }).data;
  const edited = draft?.verdictsGiven.findLast(({ verdict }) => verdict === 'edit')?.content;
  const difference = useMemo(
    () => (draft && edited !== undefined ? wordDifference(draft.content, edited) : null),
    [draft, edited],
  );
  return difference && <span className="flex-none text-text-3">{differenceText(difference)}</span>;
}
