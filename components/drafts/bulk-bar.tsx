'use client';

import { UsersRound, X } from 'lucide-react';
import { useState } from 'react';
import { routeText } from '@/components/shell/route-text';
import { Button } from '@/components/ui/button';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { HostileText } from '@/components/ui/hostile-text';
import { lazyModule } from '@/components/ui/lazy-module';
import { LazyPart } from '@/components/ui/lazy-part';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useCaller } from '@/lib/client/caller';
import type { Draft } from '@/lib/protocol/draft';

const bulkDialog = lazyModule(() => import('./bulk-dialog'));

type BulkBarProps = {
  drafts: readonly Draft[];
  onVeto: (draft: Draft) => void;
  onClear: () => void;
};

/** What was selected, each with a veto, and one answer for all of it: never for anything that arrives meanwhile. */
export function BulkBar({ drafts, onVeto, onClear }: BulkBarProps) {
  const [asking, setAsking] = useState<'approve' | 'reject' | null>(null);
  const caller = useCaller();
  useShortcuts('Selected drafts', [
    { keys: 'shift+a', label: 'Approve what is selected', run: () => setAsking('approve') },
    { keys: 'shift+d', label: 'Reject what is selected', run: () => setAsking('reject') },
    { keys: 'escape', label: 'Select nothing', run: onClear },
  ]);
  const count = drafts.length;
  return (
    <section
      aria-label="Selected drafts"
      className="grid flex-none grid-cols-[minmax(0,1fr)] gap-1.5 border-line-strong border-t bg-raised px-3 pt-2 pb-2.5 desk:px-4"
    >
      <div className="flex items-center gap-2">
        <b className="font-strong" aria-live="polite">
          {count} selected
        </b>
        <span className="ml-auto flex items-center gap-2">
          <Button size="small" keys="shift+d" onClick={() => setAsking('reject')}>
            Reject all
          </Button>
          <Button size="small" variant="primary" keys="shift+a" onClick={() => setAsking('approve')}>
            Approve {count}
          </Button>
        </span>
      </div>
      <ul className="flex gap-1.5 overflow-x-auto [scrollbar-width:none]">
        {drafts.map((draft) => (
          <li
            key={draft.id}
            className="inline-flex h-6 flex-none items-center gap-1 rounded-control border border-line-strong bg-surface pl-2 text-meta font-control pointer-coarse:h-11"
          >
            {draft.reviewers > 1 && <UsersRound aria-hidden="true" size={14} strokeWidth={1.5} />}
            <span className="max-w-44 truncate">
              <HostileText text={routeText(draft)} wrap={false} />
            </span>
            <button
              type="button"
              aria-label={withHiddenWrittenOut(`Leave out ${draft.from.name} to ${draft.to.name}`)}
              onClick={() => onVeto(draft)}
              className="ml-1 grid h-full w-6 place-items-center border-line border-l text-text-2 hover:bg-hover pointer-coarse:w-11"
            >
              <X aria-hidden="true" size={14} strokeWidth={1.5} />
            </button>
          </li>
        ))}
      </ul>
      {drafts.map((draft) => {
        const words = notice(draft, caller.id);
        return words === null ? null : (
          <p key={draft.id} className="text-meta text-text-2">
            <HostileText text={words} />
          </p>
        );
      })}
      <LazyPart part={bulkDialog} when={asking !== null} onFailure={() => setAsking(null)}>
        {({ BulkDialog }) =>
          asking && (
            <BulkDialog
              drafts={drafts}
              verdict={asking}
              onClose={() => setAsking(null)}
              onDone={() => {
                setAsking(null);
                onClear();
              }}
            />
          )
        }
      </LazyPart>
    </section>
  );
}

function notice(draft: Draft, me: string): string | null {
  const route = routeText(draft);
  if (!draft.allowed.includes('approve')) return `${route} cannot be approved; leave it out or reject it.`;
  if (draft.reviewers < 2) return null;
  const [first] = draft.verdictsGiven;
  if (first?.personId === me) return `${route} needs a second person; you have approved it already.`;
  return `${route} needs two people; you are the ${first ? 'second' : 'first'}.`;
}
