import type { CallResult } from '@/lib/domain/conversation/conversation-state';
import { authorWords } from './author-words';
import { type DraftState, decidingVerdict } from './draft-state';

/** Who is named where a verdict is a reason that the engine keeps. */
const nameOf = (draft: DraftState): string => decidingVerdict(draft)?.name ?? 'Parley';

/**
 * What the call of a draft gets, once its verdict has taken its way; null as long as it waits. Only for calls that Parley
 * does not carry itself: those get what became of their message.
 */
export function callResult(draft: DraftState): CallResult | null {
  const { toolCall, status, dispatch } = draft;
  if (!toolCall) return null;
  const { toolCallId } = toolCall;
  if (status === 'withdrawn') {
    return {
      toolCallId,
      status: 'error',
      text: 'Error: nobody decides about this call any more; it was not carried out.',
    };
  }
  if (dispatch === null || dispatch === 'undoable') return null;
  if (status === 'approved') {
    return { toolCallId, leave: 'approve', status: 'success', text: `Approved by ${nameOf(draft)}.` };
  }
  if (draft.kind === 'message') {
    const { status: how, text } = authorWords(draft);
    return { toolCallId, status: how, text };
  }
  return toolCallResult(draft, toolCallId);
}

function toolCallResult(draft: DraftState, toolCallId: string): CallResult {
  const verdict = decidingVerdict(draft);
  const reason = verdict?.reason ? ` Reason: ${verdict.reason}` : '';
  switch (verdict?.verdict) {
    case 'respond':
      return { toolCallId, status: 'success', text: verdict.content ?? '' };
    case 'ignore':
      return { toolCallId, status: 'success', text: `${draft.to.name} was not run. Go on without it.` };
    case undefined:
      return { toolCallId, leave: 'deny', status: 'error', text: 'Nobody reviewed this call in time.' };
    default:
      return { toolCallId, leave: 'deny', status: 'error', text: `Rejected by ${nameOf(draft)}.${reason}` };
  }
}
