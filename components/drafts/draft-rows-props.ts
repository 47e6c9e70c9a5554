import type { ComponentProps } from 'react';
import type { Draft } from '@/lib/protocol/draft';
import type { DraftRow } from './draft-row';

export type DraftRowsProps = {
  drafts: readonly Draft[];
  current: string | null;
  scroller: React.RefObject<HTMLDivElement | null>;
  rowOf: (draft: Draft) => ComponentProps<typeof DraftRow>;
};
