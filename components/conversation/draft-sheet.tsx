'use client';

import { draftName } from '@/components/shell/route-text';
import { useSteadyFirst } from '@/components/shell/use-steady-first';
import { Countdown } from '@/components/ui/countdown';
import { useWaitingIn } from '@/lib/client/use-draft';
import { ParkedDraft } from './parked-draft';

/** Below 900 px: the draft whose time is over first, at the bottom over the tail, until it is answered or another is asked for. */
export function DraftSheet({ conversationId, shown }: { conversationId: string; shown: readonly string[] }) {
  const waiting = useWaitingIn(conversationId);
  const [draft, choose] = useSteadyFirst(waiting);
  if (!draft) return null;
  const [next, ...others] = waiting.filter(({ id }) => id !== draft.id);
  return (
    <section
      aria-label={draftName(draft)}
      className="thin-scroll max-h-[60dvh] flex-none overflow-y-auto border-wait-line border-t-2 bg-raised"
    >
      <ParkedDraft key={draft.id} draft={draft} shown={shown} hasKeys />
      {next && (
        <button
          type="button"
          onClick={() => choose(next.id)}
          className="flex min-h-11 w-full items-center gap-2 border-line border-t px-3 text-left text-meta text-text-2"
        >
          <span className="min-w-0 flex-1 underline decoration-line-strong underline-offset-3">
            {others.length === 0 ? '1 more waits: show it' : `${others.length + 1} more wait: show the first of them`}
          </span>
          <Countdown from={next.createdAt} until={next.expiresAt} />
        </button>
      )}
    </section>
  );
}
