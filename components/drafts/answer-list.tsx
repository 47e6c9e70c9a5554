'use client';

import { useState } from 'react';
import type { DraftAnswer } from '@/components/shell/use-draft-answer';
import { verdictKeys, verdictLabels, whatItDoes } from '@/components/shell/verdict-words';
import { Button } from '@/components/ui/button';
import { HostileText } from '@/components/ui/hostile-text';
import { TextButton } from '@/components/ui/text-button';
import { type Draft, type VerdictKind, verdictKinds } from '@/lib/protocol/draft';

type AnswerListProps = { draft: Draft; answer: DraftAnswer };

/** The answers, each with what it does before it is given. What cannot be honoured is not offered; why not, on demand. */
export function AnswerList({ draft, answer }: AnswerListProps) {
  const { mode, first, kinds, closed, noted } = answer;
  if (closed) {
    return (
      <p role="status" className="mt-4 text-text-2">
        {closed}
      </p>
    );
  }
  return (
    <>
      {noted && (
        <p role="status" className="mt-4 text-text-2">
          {noted}
        </p>
      )}
      <ul className="mt-4 divide-y divide-line overflow-hidden rounded-card border border-line-strong">
        {kinds.map((kind) => (
          <li
            key={kind}
            className="grid min-h-10 grid-cols-[minmax(0,184px)_minmax(0,1fr)] items-center gap-3 py-[5px] pr-3 pl-1.5"
          >
            <Button
              variant={kind === first ? 'primary' : 'plain'}
              keys={kind === mode ? 'mod+enter' : verdictKeys[kind]}
              busy={answer.busy === kind}
              onClick={() => answer.give(kind)}
              className="w-full justify-between! max-desk:h-11"
            >
              <span className="min-w-0 truncate">
                <HostileText text={labelOf(kind, mode, draft)} wrap={false} ours />
              </span>
            </Button>
            <p className="text-meta text-pretty text-text-2">
              <HostileText text={whatItDoes(draft, kind)} ours />
            </p>
          </li>
        ))}
      </ul>
      <WhyNot draft={draft} />
    </>
  );
}

function labelOf(kind: VerdictKind, mode: DraftAnswer['mode'], { from }: Draft): string {
  if (kind === 'edit') return mode === 'edit' ? 'Send edited' : 'Edit';
  if (kind === 'approve') return mode === 'edit' ? 'Approve as written' : 'Approve';
  if (kind === 'respond') return mode === 'respond' ? `Send to ${from.name}` : `Respond to ${from.name}`;
  if (kind === 'reject') return mode === 'reject' ? 'Reject' : 'Reject with a reason';
  return verdictLabels[kind];
}

/** Which answers are not among those offered, and why. */
function WhyNot({ draft }: { draft: Draft }) {
  const [open, setOpen] = useState(false);
  const missing = verdictKinds.filter((kind) => draft.notAllowed[kind] !== undefined);
  if (missing.length === 0) return null;
  const words = missing.map((kind) => verdictLabels[kind].toLowerCase()).join(', ');
  return (
    <div className="mt-2 text-meta text-text-2">
      <TextButton aria-expanded={open} onClick={() => setOpen(!open)}>
        Why not {words}?
      </TextButton>
      {open && (
        <dl className="mt-1 grid gap-1">
          {missing.map((kind) => (
            <div key={kind}>
              <dt className="inline font-name text-text">{verdictLabels[kind]}: </dt>
              <dd className="inline">
                <HostileText text={draft.notAllowed[kind] ?? ''} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
