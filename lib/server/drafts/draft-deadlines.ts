import { system } from '@/lib/protocol/actor';
import { DraftId } from '@/lib/protocol/ids';
import type { DeadlineHandler } from '../deadlines';
import type { Runtime } from '../runtime';
import { commitDraft } from './commit-draft';
import { DISPATCH, EXPIRE, RULE_EXPIRE } from './draft-projection';
import { releasesOfRules } from './gate-for-rules';

/**
 * What happens when time has come: nobody decided about a draft, or nobody took the verdict back, or a rule that asks has
 * expired, and what stopped only for it need not any more.
 */
export const draftDeadlines = (rt: Runtime): Record<string, DeadlineHandler> => {
  const handle =
    (kind: 'expire' | 'dispatch'): DeadlineHandler =>
    async ({ workspaceId, subject, consumes }) => {
      const draftId = DraftId.parse(subject);
      await commitDraft(rt, { workspaceId, draftId, event: { kind }, by: system, consumes });
    };
  return { [EXPIRE]: handle('expire'), [DISPATCH]: handle('dispatch'), [RULE_EXPIRE]: expireRule(rt) };
};

const expireRule =
  (rt: Runtime): DeadlineHandler =>
  async ({ workspaceId, consumes }) => {
    await rt.ledger.append({
      workspaceId,
      actor: system,
      load: (db) => releasesOfRules(db, workspaceId, 'rule_expired'),
      decide: (effects) => ({ ok: true, entries: [], effects, answer: () => null }),
      consumes,
    });
  };
