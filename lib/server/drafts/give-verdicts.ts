import type { GiveVerdict, GiveVerdicts, VerdictResults } from '@/lib/protocol/draft';
import { type ErrorCode, isAppError } from '@/lib/protocol/errors';
import { type DraftId, PersonId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitDraft, type DraftCommand } from './commit-draft';
import { givenVerdicts } from './given-verdicts';

/** A person decides about a draft. Resolves with it; throws the refusal, such as `draft.already_decided`. */
export const giveVerdict = (
  rt: Runtime,
  caller: Caller,
  draftId: DraftId,
  given: GiveVerdict,
  idempotency?: IdempotencyKey,
) => commitDraft(rt, { ...verdictOf(caller, draftId, given), idempotency });

const verdictOf = (caller: Caller, draftId: DraftId, given: GiveVerdict): DraftCommand => ({
  workspaceId: caller.workspaceId,
  draftId,
  event: { kind: 'verdict', given, by: { personId: PersonId.parse(caller.actor.id), name: caller.actor.name } },
  by: caller,
});

/** How many verdicts of one request are under way at once: the ledger gathers them into few transactions. */
const AT_ONCE = 50;

/**
 * One verdict for each of several drafts; each is given, or refused, by itself. A repeat of a request that stopped in the
 * middle answers as that would have: what it has decided already counts as decided by it.
 */
export async function giveVerdicts(
  rt: Runtime,
  caller: Caller,
  request: GiveVerdicts,
  idempotency?: IdempotencyKey,
): Promise<VerdictResults> {
  const { verdict, reason, items } = request;
  const given = givenVerdicts(rt, caller, request, idempotency);
  const earlier = idempotency ? await given.among(items) : null;
  const giveOne = async (item: GiveVerdicts['items'][number]) => {
    const { draftId, contentHash } = item;
    // Whatever has happened to it since: under its key the request is still the one that decided it.
    if (earlier?.has(item)) return { draftId, ok: true };
    try {
      await commitDraft(rt, {
        ...verdictOf(caller, draftId, { verdict, contentHash, ...(reason === undefined ? {} : { reason }) }),
        write: (db) => given.remember(db, item),
      });
      return { draftId, ok: true };
    } catch (error) {
      if (!isAppError(error) || error.code === 'ledger.unavailable') throw error;
      if (isTooLate.has(error.code) && (await given.among([item])).has(item)) return { draftId, ok: true };
      return { draftId, ok: false, code: error.code, message: error.message };
    }
  };
  const results: VerdictResults['results'] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(giveOne))));
  }
  await given.close();
  return { results };
}

/** With these a verdict is refused that comes after the same person's. */
const isTooLate: ReadonlySet<ErrorCode> = new Set(['draft.already_decided', 'draft.same_person']);
