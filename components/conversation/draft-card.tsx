'use client';

import { useState } from 'react';
import { AnswerFailure, AnswerWords, ChangedText } from '@/components/shell/answer-words';
import { DraftBody } from '@/components/shell/draft-body';
import { type DraftAnswer, useAnswerKeys, useDraftAnswer } from '@/components/shell/use-draft-answer';
import { hashText, heldWords, twoPersonWords, verdictKeys, verdictLabels } from '@/components/shell/verdict-words';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { Countdown } from '@/components/ui/countdown';
import { withHiddenWrittenOut } from '@/components/ui/hidden-characters';
import { HostileText } from '@/components/ui/hostile-text';
import { useCaller } from '@/lib/client/caller';
import { useDraft, useWaitingIn } from '@/lib/client/use-draft';
import { type Draft, verdictKinds } from '@/lib/protocol/draft';
import { countText } from './latency-text';
import { Route } from './route';

/** So much of a text stands in the card before the reader asks for all of it: about eight lines. */
const SHOWN_MAX = 360;

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
  if (draft && draft.status !== 'pending') return null; // its end is on the way as an entry
  const route = draft ? withHiddenWrittenOut(`${draft.from.name} to ${draft.to.name}`) : '';
  return (
    <section
      {...(conveyanceId ? { 'data-card': conveyanceId } : {})}
      aria-label={draft ? `Draft, ${route}` : 'Draft'}
      className={classNames(
        'relative z-1 rounded-card border border-wait-line bg-raised',
        conveyanceId ? 'mt-[25px]' : 'mt-1',
      )}
    >
      {draft ? (
        <ParkedDraft key={draft.id} draft={draft} shown={shown} />
      ) : (
        <p role={error ? 'alert' : 'status'} className="px-3 py-2 text-meta text-text-2">
          {error ? `The draft could not be loaded: ${error.message}` : 'A draft waits here'}
        </p>
      )}
    </section>
  );
}

type ParkedDraftProps = { draft: Draft; shown: readonly string[] };

/** The inside of the card, in the channel and in the sheet below 900 px. */
export function ParkedDraft({ draft, shown }: ParkedDraftProps) {
  const answer = useDraftAnswer(draft, () => undefined);
  const [first] = useWaitingIn(draft.conversationId ?? '');
  const hasKeys = first?.id === draft.id;
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
        {mode === 'edit' ? null : <CardText draft={draft} />}
        <AnswerWords draft={draft} answer={answer} compact />
        <AnswerFailure answer={answer} />
      </div>
      <CardFacts draft={draft} answer={answer} />
      <CardAnswers draft={draft} answer={answer} hasKeys={hasKeys} />
      {hasKeys && <Keys answer={answer} />}
    </>
  );
}

function Keys({ answer }: { answer: DraftAnswer }) {
  useAnswerKeys(answer);
  return null;
}

function CardText({ draft }: { draft: Draft }) {
  const [whole, setWhole] = useState(false);
  const isLong = draft.content.length > SHOWN_MAX;
  return (
    <div className={whole ? 'thin-scroll max-h-[50dvh] overflow-y-auto' : ''}>
      <div className={isLong && !whole ? 'line-clamp-8' : ''}>
        <DraftBody draft={draft} as="arrives" />
      </div>
      {isLong && (
        <button
          type="button"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
          className="mt-1 text-meta text-text-2 underline decoration-line-strong underline-offset-3 hover:decoration-current pointer-coarse:min-h-11"
        >
          {whole ? 'Show less' : `Show all ${countText(draft.content.length)} characters`}
        </button>
      )}
    </div>
  );
}

function CardFacts({ draft, answer }: { draft: Draft; answer: DraftAnswer }) {
  const two = twoPersonWords(draft);
  return (
    <p className="flex min-w-0 items-center gap-2 px-3 pt-1.5 pb-2 text-meta text-text-3" title={draft.why}>
      <span title={answer.hash} className="truncate font-mono text-micro">
        sha256 {hashText(answer.hash)}
      </span>
      <span className="ml-auto min-w-0 flex-none truncate">
        {two ? <HostileText text={two} wrap={false} /> : heldWords(draft)}
      </span>
    </p>
  );
}

type CardAnswersProps = { draft: Draft; answer: DraftAnswer; hasKeys: boolean };

function CardAnswers({ draft, answer, hasKeys }: CardAnswersProps) {
  const caller = useCaller();
  const mine = draft.verdictsGiven.some(({ personId }) => personId === caller.id);
  if (!answer.mayAnswer || mine) {
    return (
      <p className="border-line border-t px-3 py-2 text-meta text-text-2">
        {mine ? 'You have approved it. It needs a second person.' : 'It waits for a reviewer.'}
      </p>
    );
  }
  const { mode } = answer;
  const first = mode === 'read' ? 'approve' : mode;
  const kinds = verdictKinds
    .filter(answer.allows)
    .sort((one, other) => Number(other === first) - Number(one === first));
  const wide = kinds.length > 3 ? 2 : 0;
  return (
    <div className="grid grid-cols-6 gap-1.5 border-line border-t p-2">
      {kinds.map((kind, index) => (
        <Button
          key={kind}
          variant={kind === first ? 'primary' : 'plain'}
          busy={answer.busy === kind}
          {...(hasKeys ? { keys: kind === mode ? 'mod+enter' : verdictKeys[kind] } : {})}
          onClick={() => answer.give(kind)}
          className={classNames('justify-between! px-2! max-desk:h-11', index < wide ? 'col-span-3' : 'col-span-2')}
        >
          {kind === 'edit' && mode === 'edit'
            ? 'Send edited'
            : kind === 'approve' && mode === 'edit'
              ? 'As written'
              : kind === mode
                ? 'Send'
                : verdictLabels[kind]}
        </Button>
      ))}
      {mode !== 'read' && (
        <Button variant="quiet" className="col-span-6" onClick={answer.leave}>
          Back
        </Button>
      )}
    </div>
  );
}
