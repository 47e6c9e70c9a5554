'use client';

import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { AnswerWords } from '@/components/shell/answer-words';
import { DraftBody } from '@/components/shell/draft-body';
import type { DraftAnswer } from '@/components/shell/use-draft-answer';
import { Button } from '@/components/ui/button';
import { cutText } from '@/components/ui/cut-text';
import { Segmented } from '@/components/ui/segmented';
import { ShowAll } from '@/components/ui/show-all';
import type { Draft } from '@/lib/protocol/draft';

const SHOWN_MAX = 6_000;

/** The text as it would arrive, to the character on demand, and in its place the one that the reader makes of it. */
export function DraftWords({ draft, answer }: { draft: Draft; answer: DraftAnswer }) {
  const [view, setView] = useState<'arrives' | 'raw'>('arrives');
  const [whole, setWhole] = useState(false);
  const isEditing = answer.mode === 'edit';
  const shown = isEditing ? { kind: draft.kind, content: answer.words.edit } : draft;
  const isLong = !isEditing && draft.content.length > SHOWN_MAX;
  const [peek, setPeek] = useState(false);
  if (peek && !isEditing) setPeek(false);
  const tab = isEditing && !peek ? 'edit' : view;
  const choose = (next: 'edit' | 'arrives' | 'raw') => {
    setPeek(isEditing && next !== 'edit');
    if (next !== 'edit') setView(next);
    else if (!isEditing) answer.give('edit');
  };
  return (
    <section aria-label={isEditing ? 'Your text' : 'What waits'}>
      <div className="mt-3 mb-1.5 flex min-h-7 flex-wrap items-center gap-2.5">
        <h2 className="font-strong text-ui">
          {isEditing
            ? draft.kind === 'tool_call'
              ? 'Your arguments'
              : 'Your text'
            : draft.kind === 'tool_call'
              ? 'Call'
              : 'Text'}
        </h2>
        <Segmented
          label="Show the text"
          value={tab}
          onChange={choose}
          segments={[
            ...(answer.allows('edit') ? [{ value: 'edit' as const, label: 'Edit' }] : []),
            { value: 'arrives' as const, label: draft.kind === 'tool_call' ? 'As it runs' : 'As it arrives' },
            { value: 'raw' as const, label: 'Raw' },
          ]}
        />
        {isEditing && (
          <Button
            size="small"
            variant="quiet"
            icon={RotateCcw}
            className="ml-auto"
            onClick={() => {
              answer.setWords({ ...answer.words, edit: draft.content });
              answer.leave();
            }}
          >
            Reset
          </Button>
        )}
      </div>
      {tab === 'edit' ? (
        <AnswerWords draft={draft} answer={answer} compact={false} />
      ) : (
        <div className="rounded-control border border-line px-[11px] py-[9px]">
          <DraftBody
            draft={isLong && !whole ? { kind: shown.kind, content: cutText(shown.content, SHOWN_MAX, '…') } : shown}
            as={tab}
          />
          {isLong && <ShowAll isWhole={whole} onToggle={() => setWhole(!whole)} length={draft.content.length} />}
        </div>
      )}
    </section>
  );
}
