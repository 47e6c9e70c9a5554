'use client';

import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { useWaitingIn } from '@/lib/client/use-draft';
import { ParkedDraft } from './parked-draft';

/** Below 900 px: the draft whose time is over first, at the bottom over the tail. */
export function DraftSheet({ conversationId, shown }: { conversationId: string; shown: readonly string[] }) {
  const [draft, ...others] = useWaitingIn(conversationId);
  if (!draft) return null;
  return (
    <section
      aria-label={withHiddenWrittenOut(`Draft, ${draft.from.name} to ${draft.to.name}`)}
      className="thin-scroll max-h-[60dvh] flex-none overflow-y-auto border-wait-line border-t-2 bg-raised"
    >
      <ParkedDraft key={draft.id} draft={draft} shown={shown} />
      {others.length > 0 && (
        <p className="border-line border-t px-3 py-1.5 text-meta text-text-2">
          {others.length} more {others.length === 1 ? 'waits' : 'wait'} behind it
        </p>
      )}
    </section>
  );
}
