import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import type { Draft } from '@/lib/protocol/draft';

/** From whom to whom, in a line of its own: `Alice → Bob`. */
export const routeText = ({ from, to }: Pick<Draft, 'from' | 'to'>): string => `${from.name} → ${to.name}`;

/** What a draft is called by readers of the page: `Draft, Alice to Bob`. Goes into labels, where nothing can be marked. */
export const draftName = ({ from, to }: Pick<Draft, 'from' | 'to'>): string =>
  withHiddenWrittenOut(`Draft, ${from.name} to ${to.name}`);
