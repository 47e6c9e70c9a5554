import { system } from '@/lib/protocol/actor';
import { DraftId } from '@/lib/protocol/ids';
import type { DeadlineHandler } from '../deadlines';
import type { Runtime } from '../runtime';
import { commitDraft } from './commit-draft';
import { DISPATCH, EXPIRE } from './draft-projection';

/** What happens to drafts when time has come: nobody decided, or nobody took the verdict back. */
export const draftDeadlines = (rt: Runtime): Record<string, DeadlineHandler> => {
  const handle =
    (kind: 'expire' | 'dispatch'): DeadlineHandler =>
    async ({ workspaceId, subject, consumes }) => {
      const draftId = DraftId.parse(subject);
      await commitDraft(rt, { workspaceId, draftId, event: { kind }, by: system, consumes });
    };
  return { [EXPIRE]: handle('expire'), [DISPATCH]: handle('dispatch') };
};
