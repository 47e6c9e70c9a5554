import type { GiveVerdict, GiveVerdicts, VerdictResults } from '@/lib/protocol/draft';
import { isAppError } from '@/lib/protocol/errors';
import { type DraftId, PersonId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitDraft } from './commit-draft';

/** A person decides about a draft. Resolves with it; throws the refusal, such as `draft.already_decided`. */
export const giveVerdict = (
  rt: Runtime,
  caller: Caller,
  draftId: DraftId,
  given: GiveVerdict,
  idempotency?: IdempotencyKey,
) =>
  commitDraft(rt, {
    workspaceId: caller.workspaceId,
    draftId,
    event: { kind: 'verdict', given, by: { personId: PersonId.parse(caller.actor.id), name: caller.actor.name } },
    by: caller,
    idempotency,
  });

/** How many verdicts of one request are under way at once: the ledger gathers them into few transactions. */
const AT_ONCE = 50;

/** One verdict for each of several drafts; each is given, or refused, by itself. */
export async function giveVerdicts(
  rt: Runtime,
  caller: Caller,
  { verdict, reason, items }: GiveVerdicts,
): Promise<VerdictResults> {
  const results: VerdictResults['results'] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const some = items.slice(at, at + AT_ONCE).map(async ({ draftId, contentHash }) => {
      try {
        await giveVerdict(rt, caller, draftId, { verdict, contentHash, ...(reason === undefined ? {} : { reason }) });
        return { draftId, ok: true };
      } catch (error) {
        if (!isAppError(error) || error.code === 'ledger.unavailable') throw error;
        return { draftId, ok: false, code: error.code, message: error.message };
      }
    });
    results.push(...(await Promise.all(some)));
  }
  return { results };
}
