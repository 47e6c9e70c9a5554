'use client';

import { useDeferredValue, useEffect, useId, useMemo, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Difference, differenceText } from '@/components/ui/difference';
import { FieldError } from '@/components/ui/field';
import { HostileText } from '@/components/ui/hostile-text';
import { Textarea } from '@/components/ui/textarea';
import { keepFromShortcuts } from '@/components/ui/use-shortcuts';
import { wordDifference } from '@/lib/domain/draft/word-difference';
import type { Draft } from '@/lib/protocol/draft';
import type { DraftAnswer } from './use-draft-answer';

type AnswerWordsProps = { draft: Draft; answer: DraftAnswer; compact?: boolean };

/** Where the words of an answer are written: the text in place of the author's, an answer to the author, or a reason. */
export function AnswerWords({ draft, answer, compact = false }: AnswerWordsProps) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const { mode, words, setWords, takeFocus } = answer;
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it is asked for, not with every draw
  useEffect(() => {
    if (mode === 'read' || !takeFocus()) return;
    const asked = document.activeElement;
    field.current?.focus();
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
    return () => {
      // It was left, and the field is gone: back to where it was asked for.
      if (document.activeElement === document.body && asked instanceof HTMLElement) asked.focus();
    };
  }, [mode]);
  if (mode === 'read') return null;
  const isCode = mode === 'edit' && draft.kind === 'tool_call';
  return (
    <div className="grid min-w-0 gap-1.5">
      <label htmlFor={id} className={compact || mode === 'edit' ? 'sr-only' : 'font-strong text-ui'}>
        <HostileText text={labelOf(mode, draft)} wrap={false} />
      </label>
      <Textarea
        ref={field}
        id={id}
        rows={mode === 'edit' ? 3 : 2}
        value={words[mode]}
        placeholder={compact ? labelOf(mode, draft) : undefined}
        spellCheck={!isCode}
        aria-keyshortcuts="Control+Enter"
        className={compact || mode !== 'edit' ? '' : 'px-[11px]! py-[9px]!' /* where the text stood before */}
        mono={isCode}
        onChange={(event) => setWords({ ...words, [mode]: event.target.value })}
        onKeyDown={(event) => {
          const isSubmit = event.key === 'Enter' && (event.metaKey || event.ctrlKey) && !event.nativeEvent.isComposing;
          if (event.key !== 'Escape' && !isSubmit) return;
          keepFromShortcuts(event.nativeEvent); // of several drafts on the page this one is meant
          event.preventDefault();
          if (isSubmit) answer.give(mode);
          else answer.leave();
        }}
      />
      {mode === 'edit' && <EditDifference draft={draft} text={words.edit} mono={isCode} compact={compact} />}
    </div>
  );
}

function labelOf(mode: 'edit' | 'respond' | 'reject', { from, kind }: Draft): string {
  if (mode === 'edit') return kind === 'tool_call' ? 'Your arguments' : 'Your text';
  return mode === 'respond' ? `Your answer to ${from.name}` : `Reason for ${from.name}, if you give one`;
}

type EditDifferenceProps = { draft: Draft; text: string; mono: boolean; compact: boolean };

function EditDifference({ draft, text, mono, compact }: EditDifferenceProps) {
  const latest = useDeferredValue(text);
  const difference = useMemo(() => wordDifference(draft.content, latest), [draft.content, latest]);
  if (compact && latest === draft.content) return null;
  return (
    <>
      <div className="mt-1.5 flex min-w-0 items-baseline gap-2.5">
        <h3 className="font-strong text-ui">Difference</h3>
        <p className="min-w-0 text-meta text-text-3">
          <HostileText
            text={`${draft.from.name} wrote it, ${differenceText(difference)}${compact ? '' : `; ${draft.to.name} reads your text`}`}
          />
        </p>
      </div>
      <div className={compact ? 'thin-scroll max-h-44 overflow-y-auto' : ''}>
        <Difference difference={difference} mono={mono} />
      </div>
    </>
  );
}

/** The author's text became another while it was looked at: both side by side, and nothing is sent until it is taken. */
export function ChangedText({ draft, answer }: { draft: Draft; answer: DraftAnswer }) {
  const { changed } = answer;
  const difference = useMemo(() => wordDifference(changed ?? '', draft.content), [changed, draft.content]);
  if (changed === null) return null;
  return (
    <div role="alert" className="grid gap-2 rounded-card border border-wait-line bg-wait-wash p-2.5">
      <p>
        <b className="font-strong">The text changed while you looked at it.</b> What you saw, and what would arrive now:
      </p>
      <Difference difference={difference} mono={draft.kind === 'tool_call'} />
      <div>
        <Button onClick={answer.accept}>Go on with the new text</Button>
      </div>
    </div>
  );
}

/** Why an answer was not taken, where it was given. */
export const AnswerFailure = ({ answer }: { answer: DraftAnswer }) => (
  <div aria-live="assertive" className="empty:absolute">
    {answer.failure && <FieldError>{answer.failure}</FieldError>}
  </div>
);
