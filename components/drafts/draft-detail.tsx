'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { AlsoLooking } from '@/components/shell/also-looking';
import { AnswerFailure, AnswerWords, ChangedText } from '@/components/shell/answer-words';
import { isNoSuch, NoSuch } from '@/components/shell/no-such';
import { draftName } from '@/components/shell/route-text';
import { useAnswerKeys, useDraftAnswer } from '@/components/shell/use-draft-answer';
import { buttonClass } from '@/components/ui/button-class';
import { Countdown } from '@/components/ui/countdown';
import { IconButton } from '@/components/ui/icon-button';
import { LoadFailed } from '@/components/ui/load-failed';
import { LoadingRows } from '@/components/ui/skeleton';
import { draftQuery } from '@/lib/client/draft-queries';
import { useDraftViewing } from '@/lib/client/use-draft-viewing';
import type { Draft } from '@/lib/protocol/draft';
import { AnswerList } from './answer-list';
import { DraftBefore } from './draft-before';
import { DraftFacts } from './draft-facts';
import { DraftOutcome } from './draft-outcome';
import { DraftRoute } from './draft-route';
import { DraftWords } from './draft-words';

type DraftDetailProps = {
  draftId: string;
  /** The draft as the list has it, so that nothing is waited for. */
  known: Draft | undefined;
  /** Puts the focus here: after an answer the next draft stands here. */
  focus: boolean;
  /** An answer has begun: the draft stays here, whatever becomes of the list, until it is given or left. */
  onAnswering: (draftId: string) => void;
  onAnswered: (draft: Draft) => void;
  /** Back to the list, where the two are two pages. */
  onBack: (() => void) | null;
};

/** One draft: everything that an answer is given by, and the answers. */
export function DraftDetail({ draftId, known, ...props }: DraftDetailProps) {
  const query = useQuery(draftQuery(draftId));
  const draft = query.data ?? known;
  if (draft) return <OneDraft key={draft.id} draft={draft} {...props} />;
  if (!query.error) return <LoadingRows rows={4} rowClass="h-16" what="the draft" />;
  if (isNoSuch(query.error)) return <NoSuch what="draft" />;
  return <LoadFailed what="The draft" query={query} />;
}

function OneDraft({
  draft,
  focus,
  onAnswering,
  onAnswered,
  onBack,
}: Omit<DraftDetailProps, 'draftId' | 'known'> & { draft: Draft }) {
  const answer = useDraftAnswer(draft, onAnswered);
  useAnswerKeys(answer);
  const isAnswering = answer.mode !== 'read' || answer.busy !== null;
  useEffect(() => {
    if (isAnswering) onAnswering(draft.id);
  }, [isAnswering, onAnswering, draft.id]);
  const others = useDraftViewing(draft);
  const head = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focus) head.current?.focus({ preventScroll: true });
  }, [focus]);
  return (
    <article
      ref={head}
      tabIndex={-1}
      aria-label={draftName(draft)}
      className="flex min-h-0 flex-1 flex-col outline-none"
    >
      <DetailHead draft={draft} onBack={onBack} />
      <div className="thin-scroll min-h-0 flex-1 overflow-y-auto bg-surface">
        <div className="grid min-h-full grid-cols-[minmax(0,1fr)] wide:grid-cols-[minmax(0,1fr)_216px]">
          <div className="min-w-0 px-3 pt-4 pb-20 desk:px-5">
            <AlsoLooking others={others} className="mb-3" />
            <DraftBefore draft={draft} />
            <ChangedText draft={draft} answer={answer} />
            <DraftWords draft={draft} answer={answer} />
            {answer.mode !== 'read' && answer.mode !== 'edit' && (
              <div className="mt-3">
                <AnswerWords draft={draft} answer={answer} />
              </div>
            )}
            <AnswerFailure answer={answer} />
            {draft.status === 'pending' ? <AnswerList draft={draft} answer={answer} /> : <DraftOutcome draft={draft} />}
          </div>
          <DraftFacts draft={draft} answer={answer} />
        </div>
      </div>
    </article>
  );
}

function DetailHead({ draft, onBack }: { draft: Draft; onBack: (() => void) | null }) {
  return (
    <header className="flex min-h-10 flex-none items-center gap-2 border-line-strong border-b px-3 desk:px-4">
      {onBack && <IconButton icon={ArrowLeft} label="All drafts" onClick={onBack} className="-ml-2" />}
      <DraftRoute draft={draft} size="regular" />
      <span className="ml-auto flex flex-none items-center gap-3">
        {draft.conversationId && (
          <Link href={`/conversations/${draft.conversationId}`} className={buttonClass('quiet', 'small')}>
            <span className="max-desk:sr-only">Open in the conversation</span>
            <ArrowUpRight aria-hidden="true" size={14} strokeWidth={1.5} />
          </Link>
        )}
        {draft.status === 'pending' && <Countdown from={draft.createdAt} until={draft.expiresAt} size="regular" />}
      </span>
    </header>
  );
}
