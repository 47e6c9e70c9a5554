'use client';

import { StateShape } from '@/components/ui/state-shape';
import type { Conversation } from '@/lib/protocol/conversation';

/** Stands where the notice that says why will stand, until that is loaded. */
export function StandingWord({ state }: Pick<Conversation, 'state'>) {
  if (state !== 'paused' && state !== 'stopped') return null;
  return (
    <Notice shape={state === 'paused' ? 'diamond' : 'square'}>
      <span className="font-strong">{state === 'paused' ? 'Paused.' : 'Stopped.'}</span>
    </Notice>
  );
}

type NoticeProps = { shape?: 'diamond' | 'square'; end?: React.ReactNode; children: React.ReactNode };

/** One line above the panes. */
export const Notice = ({ shape = 'diamond', end, children }: NoticeProps) => (
  <div
    role="status"
    className={`flex flex-none items-center gap-2 border-line-strong border-b px-3 py-1.5 desk:px-4 ${shape === 'diamond' ? 'bg-wait-wash' : ''}`}
  >
    <StateShape shape={shape} />
    <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{children}</p>
    {end}
  </div>
);

/** Instead of rows: nothing has been said, and what to do about it. */
export function NothingSaid({ conversation, maySpeak }: { conversation: Conversation; maySpeak: boolean }) {
  const [first, second] = conversation.seats;
  return (
    <div className="relative z-1 max-w-[46ch] px-4 py-6">
      <p className="font-name text-talk">Nothing has been said yet.</p>
      {conversation.state !== 'stopped' && maySpeak && (
        <p className="mt-1 text-text-2">
          Tell {first?.name} below to write to {second?.name}. Messages appear level in both panes, and the line between
          them says how long they took.
        </p>
      )}
    </div>
  );
}
