import type { ConversationFact } from '@/lib/domain/conversation/conversation-state';
import type { DraftStatus, GiveVerdict, VerdictKind } from '@/lib/protocol/draft';
import type { ErrorCode } from '@/lib/protocol/errors';
import type { PersonId } from '@/lib/protocol/ids';
import { decidedBy } from './author-words';
import type { DraftState, VerdictState } from './draft-state';

export type DraftRefusal = { ok: false; code: ErrorCode; message: string };

/** What a decision about one draft comes to. `draft` is as it is afterwards. */
export type DraftDecision = { ok: true; facts: ConversationFact[]; draft: DraftState } | DraftRefusal;

type VerdictFact = 'draft.approved' | 'draft.edited' | 'draft.responded' | 'draft.rejected' | 'draft.ignored';

/** What each verdict makes of a draft. */
const statuses = {
  approve: 'approved',
  edit: 'edited',
  respond: 'responded',
  reject: 'rejected',
  ignore: 'ignored',
} as const satisfies Record<VerdictKind, DraftStatus>;

const refuse = (code: ErrorCode, message: string): DraftRefusal => ({ ok: false, code, message });

/**
 * A person decides about a draft, bound to what they were shown. Where two people are asked for, one approval is not the
 * end; the first verdict that is none decides.
 */
export function decideVerdict(
  draft: DraftState,
  given: GiveVerdict,
  by: { personId: PersonId; name: string },
): DraftDecision {
  const { verdict, contentHash, content, reason } = given;
  if (draft.status === 'expired') return refuse('draft.expired', decidedBy(draft));
  if (draft.status !== 'pending') return refuse('draft.already_decided', decidedBy(draft));
  if (!draft.allowed.includes(verdict)) {
    return refuse('draft.not_allowed', `This draft takes ${draft.allowed.join(', ')}; ${verdict} cannot be honoured.`);
  }
  if (contentHash !== draft.contentHash) {
    return refuse('draft.changed', 'The draft is not what was shown: look at it again, then decide.');
  }
  if (verdict === 'approve' && draft.verdicts.some((each) => each.personId === by.personId)) {
    return refuse('draft.same_person', 'You have approved it already; a second person has to.');
  }
  const told: VerdictState = {
    ...by,
    verdict,
    ...(content === undefined ? {} : { content }),
    ...(reason ? { reason } : {}),
  };
  const verdicts = [...draft.verdicts, told];
  const isFinal = verdict !== 'approve' || verdicts.length >= draft.reviewers;
  const facts = [verdictFact(draft, told, isFinal)];
  if (!isFinal) return { ok: true, facts, draft: { ...draft, verdicts } };
  const status = statuses[verdict];
  return {
    ok: true,
    facts: [...facts, ...settledPointer({ ...draft, status }, by.personId)],
    draft: { ...draft, verdicts, status, dispatch: draft.undoSeconds > 0 ? 'undoable' : null },
  };
}

function verdictFact(
  draft: DraftState,
  { verdict, content, reason }: VerdictState,
  isFinal: boolean,
): ConversationFact {
  const common = {
    draftId: draft.id,
    contentHash: draft.contentHash,
    ...(reason === undefined ? {} : { reason }),
    isFinal,
    undoSeconds: isFinal ? draft.undoSeconds : 0,
  };
  const type: VerdictFact = `draft.${statuses[verdict]}`;
  return type === 'draft.edited' || type === 'draft.responded'
    ? { type, payload: { ...common, content: content ?? '' } }
    : { type, payload: common };
}

/** The pointer in the conversation, where the draft is of one. */
export const settledPointer = (draft: DraftState, personId: PersonId | null): ConversationFact[] =>
  draft.conversationId === null
    ? []
    : [
        {
          type: 'draft.settled',
          payload: {
            draftId: draft.id,
            seat: draft.from.seat ?? null,
            conveyanceId: draft.conveyanceId,
            status: draft.status,
            personId,
          },
        },
      ];

/** Takes a verdict back before anything has left: the draft waits again. */
export function decideUndo(draft: DraftState): DraftDecision {
  const last = draft.verdicts.at(-1);
  if (draft.status === 'pending' && !last) return refuse('draft.not_decided', 'Nobody has decided about it yet.');
  if (!last || (draft.status !== 'pending' && draft.dispatch !== 'undoable')) {
    return refuse('draft.already_dispatched', `It is too late. ${decidedBy(draft)}`);
  }
  const parked: ConversationFact[] =
    draft.conversationId === null || draft.status === 'pending'
      ? []
      : [
          {
            type: 'draft.parked',
            payload: { draftId: draft.id, seat: draft.from.seat ?? null, conveyanceId: draft.conveyanceId },
          },
        ];
  return {
    ok: true,
    facts: [{ type: 'draft.undone', payload: { draftId: draft.id, verdict: last.verdict } }, ...parked],
    draft: { ...draft, status: 'pending', verdicts: [], dispatch: null },
  };
}

/** Its time has run out. */
export const decideExpire = (draft: DraftState): DraftDecision =>
  draft.status === 'pending'
    ? {
        ok: true,
        facts: [
          { type: 'draft.expired', payload: { draftId: draft.id } },
          ...settledPointer({ ...draft, status: 'expired' }, null),
        ],
        draft: { ...draft, status: 'expired' },
      }
    : refuse('draft.already_decided', decidedBy(draft));

/** Nobody waits for it any more. What has left stays as it is. */
export function decideWithdraw(draft: DraftState, reason: string): DraftDecision {
  const isOpen = draft.status === 'pending' || draft.dispatch === 'undoable';
  if (!isOpen) return refuse('draft.already_decided', decidedBy(draft));
  return {
    ok: true,
    facts: withdrawnFacts(draft, reason),
    draft: { ...draft, status: 'withdrawn', dispatch: null },
  };
}

/** What is told of a draft for which nobody waits any more. */
export const withdrawnFacts = (draft: DraftState, reason: string): ConversationFact[] => [
  { type: 'draft.withdrawn', payload: { draftId: draft.id, reason } },
  ...settledPointer({ ...draft, status: 'withdrawn' }, null),
];
