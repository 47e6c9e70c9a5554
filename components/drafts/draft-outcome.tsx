'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { givenWords, statusWords } from '@/components/shell/verdict-words';
import { Button } from '@/components/ui/button';
import { Difference, differenceText } from '@/components/ui/difference';
import { HostileText } from '@/components/ui/hostile-text';
import { reasonOf } from '@/components/ui/reason-of';
import { RelativeTime } from '@/components/ui/relative-time';
import { StateShape } from '@/components/ui/state-shape';
import { Tile } from '@/components/ui/tile';
import { useMay } from '@/lib/client/caller';
import { undoVerdict, useRetryDraft } from '@/lib/client/draft-mutations';
import { wordDifference } from '@/lib/domain/draft/word-difference';
import type { Draft } from '@/lib/protocol/draft';

/** Where the verdict has got to: the message at its receiver, or the word of it at the author. */
function dispatchText({ status, from, to, dispatch }: Draft): string | null {
  const isSent = status === 'approved' || status === 'edited';
  switch (dispatch?.state) {
    case 'undoable':
      return isSent ? 'It has not left yet.' : `${from.name} has not been told yet.`;
    case 'dispatching':
      return isSent ? `It is on its way to ${to.name}.` : `${from.name} is being told.`;
    case 'delivered':
      return isSent ? `${to.name} has it.` : `${from.name} was told.`;
    default:
      return null;
  }
}

/** What a draft came to: who decided, with which words, and what became of that. */
export function DraftOutcome({ draft }: { draft: Draft }) {
  const { status, verdictsGiven, dispatch, withdrawnReason } = draft;
  const dispatched = dispatchText(draft);
  return (
    <section aria-label="What it came to" className="mt-4 grid gap-3">
      <div className="grid gap-2 rounded-card border border-line-strong px-3 py-2.5">
        <h2 className="font-strong text-ui">{statusWords[status]}</h2>
        {status === 'expired' && <p className="text-text-2">Nobody answered in time.</p>}
        {withdrawnReason && (
          <p className="text-text-2">
            <HostileText text={withdrawnReason} />
          </p>
        )}
        <ul className="grid gap-2 empty:hidden">
          {verdictsGiven.map(({ personId, name, verdict, reason, content, at }) => (
            <li key={`${personId} ${at}`} className="grid gap-1">
              <p className="flex min-w-0 items-center gap-2">
                <Tile name={name} hue="human" size="small" />
                <b className="truncate font-name">
                  <HostileText text={name} wrap={false} />
                </b>
                <span className="flex-none text-text-2">{givenWords[verdict]}</span>
                <RelativeTime at={at} phrase className="flex-none text-meta text-text-3" />
              </p>
              {reason && (
                <p className="text-talk">
                  <HostileText text={reason} />
                </p>
              )}
              {verdict === 'respond' && content && (
                <p className="text-talk">
                  <HostileText text={content} />
                </p>
              )}
              {verdict === 'edit' && content !== undefined && <Edited draft={draft} content={content} />}
            </li>
          ))}
        </ul>
        {dispatched && (
          <p className="text-text-2">
            <HostileText text={dispatched} ours />
          </p>
        )}
        {dispatch?.state === 'undoable' && <UndoButton draft={draft} />}
      </div>
      {dispatch?.state === 'failed' && <FailedDelivery draft={draft} />}
    </section>
  );
}

function Edited({ draft, content }: { draft: Draft; content: string }) {
  const difference = useMemo(() => wordDifference(draft.content, content), [draft.content, content]);
  return (
    <>
      <p className="text-meta text-text-3">{differenceText(difference)}</p>
      <Difference difference={difference} mono={draft.kind === 'tool_call'} />
    </>
  );
}

function UndoButton({ draft }: { draft: Draft }) {
  const queryClient = useQueryClient();
  const mayAnswer = useMay('reviewer');
  const [failure, setFailure] = useState<string | null>(null);
  if (!mayAnswer) return null;
  const undo = () => {
    undoVerdict(queryClient, draft.id).catch((error: unknown) => setFailure(reasonOf(error)));
  };
  return (
    <div className="flex items-center gap-3">
      <Button size="small" icon={Undo2} onClick={undo}>
        Undo
      </Button>
      <span role="alert" className="text-meta text-fail-text empty:hidden">
        {failure}
      </span>
    </div>
  );
}

function FailedDelivery({ draft }: { draft: Draft }) {
  const retry = useRetryDraft();
  const mayAnswer = useMay('reviewer');
  const { error, canRetry } = draft.dispatch ?? { canRetry: false };
  return (
    <div role="alert" className="grid gap-2 rounded-card border border-fail bg-raised px-3 py-2.5">
      <p className="flex items-start gap-2">
        <StateShape shape="octagon" className="mt-1 size-3 flex-none" />
        <span className="min-w-0">
          <b className="font-name">Not delivered.</b> {error && <HostileText text={error} />}
        </span>
      </p>
      {canRetry && mayAnswer && (
        <div className="flex items-center gap-3">
          <Button busy={retry.isPending} onClick={() => retry.mutate({ draftId: draft.id })}>
            Retry
          </Button>
          <span className="text-meta text-fail-text">{retry.error?.message}</span>
        </div>
      )}
    </div>
  );
}
