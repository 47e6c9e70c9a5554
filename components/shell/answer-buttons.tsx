'use client';

import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import type { VerdictKind } from '@/lib/protocol/draft';
import type { DraftAnswer } from './use-draft-answer';
import { verdictKeys, verdictLabels } from './verdict-words';

/** `hasKeys`: its answers are on their keys, and the buttons say so. */
type AnswerButtonsProps = { answer: DraftAnswer; hasKeys: boolean };

/** The answers that a draft takes, at the foot of its card: two and three, or fewer; why there are none, where there are none. */
export function AnswerButtons({ answer, hasKeys }: AnswerButtonsProps) {
  const { mode, first, kinds, closed, noted } = answer;
  if (closed) return <p className="border-line border-t px-3 py-2 text-meta text-text-2">{closed}</p>;
  const wide = kinds.length > 3 ? 2 : 0;
  return (
    <div className="@container border-line border-t p-2">
      {noted && <p className="px-1 pb-2 text-meta text-text-2">{noted}</p>}
      <div className="grid grid-cols-6 gap-1.5">
        {kinds.map((kind, index) => (
          <Button
            key={kind}
            variant={kind === first ? 'primary' : 'plain'}
            busy={answer.busy === kind}
            {...(hasKeys ? { keys: kind === mode ? 'mod+enter' : verdictKeys[kind] } : {})}
            onClick={() => answer.give(kind)}
            className={classNames(
              'justify-between! px-2! max-desk:h-11',
              index < wide ? 'col-span-3' : 'col-span-2 @max-[276px]:[&_kbd]:hidden', // no room for word and key
            )}
          >
            {labelOf(kind, mode)}
          </Button>
        ))}
        {mode !== 'read' && (
          <Button variant="quiet" className="col-span-6" onClick={answer.leave}>
            Back
          </Button>
        )}
      </div>
    </div>
  );
}

function labelOf(kind: VerdictKind, mode: DraftAnswer['mode']): string {
  if (kind === 'edit' && mode === 'edit') return 'Send edited';
  if (kind === 'approve' && mode === 'edit') return 'As written';
  return kind === mode ? 'Send' : verdictLabels[kind];
}
