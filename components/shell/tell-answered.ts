import type { QueryClient } from '@tanstack/react-query';
import { reasonOf } from '@/components/ui/reason-of';
import { showToast } from '@/components/ui/toast';
import { undoVerdict } from '@/lib/client/draft-mutations';
import type { Draft, VerdictKind } from '@/lib/protocol/draft';
import { routeText } from './route-text';
import { statusWords } from './verdict-words';

/** Says in the corner what an answer came to, with the way back for as long as there is one. */
export function tellAnswered(queryClient: QueryClient, draft: Draft, verdict: VerdictKind): void {
  const { status, dispatch } = draft;
  const back = { label: 'Undo', keys: 'u', run: () => void undo(queryClient, draft) };
  if (status === 'pending') {
    const word = verdict === 'approve' ? 'Your approval is noted' : 'Your answer is noted';
    showToast({ text: `${word}. ${routeText(draft)} waits for a second person.`, action: back });
    return;
  }
  const text = `${statusWords[status]} ${routeText(draft)}.`;
  const until = dispatch?.state === 'undoable' ? dispatch.undoUntil : null;
  const wayBack = until !== null && {
    leaves: { words: 'Leaves in', at: Date.parse(until) },
    action: back,
  };
  showToast({ text, tone: 'done', ...wayBack });
}

async function undo(queryClient: QueryClient, draft: Draft): Promise<void> {
  try {
    await undoVerdict(queryClient, draft.id);
    showToast({ text: `${routeText(draft)} waits again.` });
  } catch (error) {
    const reason = reasonOf(error);
    showToast({ text: `${routeText(draft)} was not taken back: ${reason}`, tone: 'fail' });
  }
}

/** Somebody, or the clock, was faster: who and with what is in `reason`. */
export const tellTooLate = (draft: Draft, reason: string): void =>
  showToast({ text: `${routeText(draft)}: ${reason}`, tone: 'fail' });
