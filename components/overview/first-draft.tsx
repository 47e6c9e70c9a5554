'use client';

import Link from 'next/link';
import { DraftRoute } from '@/components/drafts/draft-route';
import { AnswerButtons } from '@/components/shell/answer-buttons';
import { AnswerFailure, AnswerWords, ChangedText } from '@/components/shell/answer-words';
import { DraftExcerpt } from '@/components/shell/draft-excerpt';
import { useAnswerKeys, useDraftAnswer } from '@/components/shell/use-draft-answer';
import { Countdown } from '@/components/ui/countdown';
import { HostileText } from '@/components/ui/hostile-text';
import type { Draft } from '@/lib/protocol/draft';

/** The draft that ends first, to be answered where it stands. Key it by its id. */
export function FirstDraft({ draft }: { draft: Draft }) {
  const answer = useDraftAnswer(draft, () => undefined);
  useAnswerKeys(answer);
  return (
    <li>
      <div className="relative flex min-h-9 items-center gap-2 border-line border-b px-3 hover:bg-hover">
        <Link href={`/drafts/${draft.id}`} className="min-w-0 flex-1 no-underline after:absolute after:inset-0">
          <DraftRoute draft={draft} />
        </Link>
        <Countdown from={draft.createdAt} until={draft.expiresAt} size="regular" />
      </div>
      <div className="grid gap-2 px-3 pt-2.5 pb-3">
        <ChangedText draft={draft} answer={answer} />
        {answer.mode !== 'edit' && <DraftExcerpt draft={draft} />}
        <AnswerWords draft={draft} answer={answer} compact />
        <p className="text-meta text-text-3">
          <HostileText text={`${draft.why} ${draft.to.name} does not have it yet.`} ours />
        </p>
        <AnswerFailure answer={answer} />
      </div>
      <AnswerButtons answer={answer} hasKeys />
    </li>
  );
}
