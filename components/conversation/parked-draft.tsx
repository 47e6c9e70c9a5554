'use client';

import { AlsoLooking } from '@/components/shell/also-looking';
import { AnswerButtons } from '@/components/shell/answer-buttons';
import { AnswerFailure, AnswerWords, ChangedText } from '@/components/shell/answer-words';
import { DraftExcerpt } from '@/components/shell/draft-excerpt';
import { type DraftAnswer, useAnswerKeys, useDraftAnswer } from '@/components/shell/use-draft-answer';
import { heldWords, shortHashText, twoPersonWords } from '@/components/shell/verdict-words';
import { Countdown } from '@/components/ui/countdown';
import { HostileText } from '@/components/ui/hostile-text';
import { useDraftViewing } from '@/lib/client/use-draft-viewing';
import type { Draft } from '@/lib/protocol/draft';
import { Route } from './route';

type ParkedDraftProps = {
  draft: Draft;
  shown: readonly string[];
  /** Whether its answers are on their keys: those of one draft at a time are. */
  hasKeys: boolean;
};

/** The inside of the card, in the channel and in the sheet below 900 px. */
export function ParkedDraft({ draft, shown, hasKeys }: ParkedDraftProps) {
  const answer = useDraftAnswer(draft, () => undefined);
  const others = useDraftViewing(draft);
  const { mode } = answer;
  return (
    <>
      <header className="flex h-9 items-center gap-2 whitespace-nowrap border-line border-b px-3">
        <Route
          crossing={{
            from: draft.from.seat ?? null,
            to: draft.to.seat ?? null,
            toName: draft.to.name,
            fromName: draft.from.name,
          }}
          shown={shown}
          size="regular"
        />
        <b className="font-strong">{draft.kind === 'tool_call' ? 'Call' : 'Draft'}</b>
        <span className="ml-auto flex items-center">
          <Countdown from={draft.createdAt} until={draft.expiresAt} size="regular" />
        </span>
      </header>
      <div className="grid gap-2 px-3 pt-2">
        {draft.kind === 'tool_call' && (
          <p className="truncate font-mono text-mono text-text-2">
            <HostileText text={draft.to.name} wrap={false} />
          </p>
        )}
        <ChangedText draft={draft} answer={answer} />
        {mode === 'edit' ? null : <DraftExcerpt draft={draft} />}
        <AnswerWords draft={draft} answer={answer} compact />
        <AnswerFailure answer={answer} />
      </div>
      <CardFacts draft={draft} answer={answer} />
      <AlsoLooking others={others} className="px-3 pb-2" />
      <AnswerButtons answer={answer} hasKeys={hasKeys} />
      {hasKeys && <Keys answer={answer} />}
    </>
  );
}

function Keys({ answer }: { answer: DraftAnswer }) {
  useAnswerKeys(answer);
  return null;
}

function CardFacts({ draft, answer }: { draft: Draft; answer: DraftAnswer }) {
  const two = twoPersonWords(draft);
  return (
    <p className="flex min-w-0 items-center gap-2 px-3 pt-1.5 pb-2 text-meta text-text-3" title={draft.why}>
      <span title={answer.hash} className="truncate font-mono text-micro">
        sha256 {shortHashText(answer.hash)}
      </span>
      <span className="ml-auto min-w-0 flex-none truncate">
        {two ? <HostileText text={two} wrap={false} /> : heldWords(draft)}
      </span>
    </p>
  );
}
