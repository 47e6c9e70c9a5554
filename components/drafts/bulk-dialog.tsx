'use client';

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { routeText } from '@/components/shell/route-text';
import { counted } from '@/components/ui/count-text';
import { oneLine } from '@/components/ui/cut-text';
import { DialogForm } from '@/components/ui/dialog-form';
import { Field } from '@/components/ui/field';
import { HostileText } from '@/components/ui/hostile-text';
import { Textarea } from '@/components/ui/textarea';
import { showToast } from '@/components/ui/toast';
import { undoVerdict, useGiveVerdicts } from '@/lib/client/draft-mutations';
import { draftQuery, waitingDraftsQuery } from '@/lib/client/draft-queries';
import type { Draft, VerdictResults } from '@/lib/protocol/draft';

const LISTED_MAX = 12;

type BulkDialogProps = {
  drafts: readonly Draft[];
  verdict: 'approve' | 'reject';
  onClose: () => void;
  onDone: () => void;
};

/** Confirms the count of what is answered together. Each is bound to what was shown of it. */
export function BulkDialog({ drafts, verdict, onClose, onDone }: BulkDialogProps) {
  const queryClient = useQueryClient();
  const give = useGiveVerdicts();
  const [reason, setReason] = useState('');
  const [chosen] = useState(drafts); // what is confirmed is what was read, whatever arrives meanwhile
  const verb = verdict === 'approve' ? 'Approve' : 'Reject';
  const count = counted(chosen.length, 'draft');
  const submit = () => {
    const why = verdict === 'reject' && reason.trim() !== '' ? { reason: reason.trim() } : {};
    const items = chosen.map(({ id, contentHash }) => ({ draftId: id, contentHash }));
    // The stream may be faster than the answer and take all of them off the screen: what it came to is said all the same.
    const tell = (results: VerdictResults) => {
      void queryClient.invalidateQueries({ queryKey: waitingDraftsQuery.queryKey });
      void tellResults(queryClient, verdict, chosen, results);
      onDone();
    };
    give.mutateAsync({ verdict, items, ...why }).then(tell, () => undefined); // a refusal stands in the dialog
  };
  return (
    <DialogForm
      title={`${verb} ${count}?`}
      description={
        verdict === 'approve'
          ? 'Each goes out exactly as it was shown; what changed meanwhile is left out.'
          : 'Nothing of it goes out. The authors see the reason.'
      }
      width="narrow"
      submit={`${verb} ${chosen.length}`}
      busy={give.isPending}
      error={give.error?.message}
      onSubmit={submit}
      onClose={onClose}
    >
      <ul className="grid gap-0.5">
        {chosen.slice(0, LISTED_MAX).map((draft) => (
          <li key={draft.id} className="truncate">
            <HostileText text={`${routeText(draft)}: ${oneLine(draft.content)}`} wrap={false} />
          </li>
        ))}
        {chosen.length > LISTED_MAX && <li className="text-text-2">and {chosen.length - LISTED_MAX} more</li>}
      </ul>
      {verdict === 'reject' && (
        <Field label="Reason for the authors" aside="if you give one">
          {(control) => <Textarea {...control} value={reason} onChange={(event) => setReason(event.target.value)} />}
        </Field>
      )}
    </DialogForm>
  );
}

/** What came of each: how many went, which did not and why, and one way back for all that can be taken back. */
async function tellResults(
  queryClient: QueryClient,
  verdict: 'approve' | 'reject',
  drafts: readonly Draft[],
  { results }: VerdictResults,
): Promise<void> {
  const taken = results.filter(({ ok }) => ok).map(({ draftId }) => draftId);
  for (const { draftId, ok, message, code } of results) {
    const draft = drafts.find(({ id }) => id === draftId);
    if (!ok && draft) showToast({ text: `${routeText(draft)}: ${message ?? code}`, tone: 'fail' });
  }
  if (taken.length === 0) return;
  const text = `${taken.length} ${verdict === 'approve' ? 'approved' : 'rejected'}.`;
  // They may have come across several edges: the one that leaves first says how long there is a way back.
  const [first] = drafts
    .filter((draft) => taken.includes(draft.id) && canBeUndone(draft, verdict))
    .sort((one, other) => one.undoSeconds - other.undoSeconds);
  const outcome = first && (await queryClient.fetchQuery({ ...draftQuery(first.id), staleTime: 0 }));
  const until = outcome?.dispatch?.state === 'undoable' ? outcome.dispatch.undoUntil : null;
  const wayBack = until !== null && {
    leaves: { words: 'They leave in', at: Date.parse(until) },
    action: { label: 'Undo', keys: 'u', run: () => void undoAll(queryClient, taken) },
  };
  showToast({ text, tone: 'done', ...wayBack });
}

/** Whether this verdict was the last one that it needed, and has not left at once. */
const canBeUndone = ({ undoSeconds, reviewers, verdictsGiven }: Draft, verdict: 'approve' | 'reject'): boolean =>
  undoSeconds > 0 && (verdict === 'reject' || verdictsGiven.length + 1 >= reviewers);

async function undoAll(queryClient: QueryClient, draftIds: readonly string[]): Promise<void> {
  const outcomes = await Promise.allSettled(draftIds.map((draftId) => undoVerdict(queryClient, draftId)));
  const back = outcomes.filter(({ status }) => status === 'fulfilled').length;
  const lost = draftIds.length - back;
  showToast({
    text: `${back} wait again.${lost > 0 ? ` ${lost} had left already.` : ''}`,
    tone: lost > 0 ? 'fail' : 'plain',
  });
}
