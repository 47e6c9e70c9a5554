'use client';

import { draftName } from '@/components/shell/route-text';
import { classNames } from '@/components/ui/class-names';
import { tellNotLoaded } from '@/components/ui/tell-not-loaded';
import { useDraft, useWaitingIn } from '@/lib/client/use-draft';
import { parkedDraft } from './parked-draft-part';

type DraftCardProps = {
  draftId: string;
  /** The message that it is, for its line; none for a call of a tool. */
  conveyanceId?: string;
  /** Seats at the left and at the right. */
  shown: readonly string[];
};

/** A draft parked in the channel, level with the message it holds: what would arrive, the time left, and the answers. */
export function DraftCard({ draftId, conveyanceId, shown }: DraftCardProps) {
  const { draft, error } = useDraft(draftId);
  const [first] = useWaitingIn(draft?.conversationId ?? '');
  const parked = parkedDraft.useLoaded(true, tellNotLoaded);
  if (draft && draft.status !== 'pending') return null; // its end is on the way as an entry
  return (
    <section
      {...(conveyanceId ? { 'data-card': conveyanceId } : {})}
      aria-label={draft && parked ? draftName(draft) : 'Draft'}
      className={classNames(
        'relative z-1 mb-2 rounded-card border border-wait-line bg-raised',
        conveyanceId ? 'mt-[25px]' : 'mt-1',
      )}
    >
      {draft && parked ? (
        <parked.ParkedDraft key={draft.id} draft={draft} shown={shown} hasKeys={first?.id === draft.id} />
      ) : (
        <p role={error ? 'alert' : 'status'} className="px-3 py-2 text-meta text-text-2">
          {error ? `The draft could not be loaded: ${error.message}` : 'A draft waits here'}
        </p>
      )}
    </section>
  );
}
