import type { Draft } from '@/lib/protocol/draft';
import type { Runtime } from '../runtime';

/** A draft as it was read, with those who have it open now. */
export const withViewers = ({ draftViewers }: Pick<Runtime, 'draftViewers'>, draft: Draft): Draft => ({
  ...draft,
  viewers: draftViewers.of(draft.id),
});
