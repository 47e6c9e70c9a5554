import { classNames } from './class-names';
import { type Shape, StateShape } from './state-shape';

/** Every state that a conversation, a seat, an agent or a server can be in: its shape and its word. */
const looks = {
  idle: { shape: 'dot', word: 'Idle' },
  running: { shape: 'triangle', word: 'Running' },
  speaking: { shape: 'triangle', word: 'Speaking' },
  waiting: { shape: 'diamond', word: 'Waiting' },
  paused: { shape: 'bars', word: 'Paused' },
  stopped: { shape: 'square', word: 'Stopped' },
  unknown: { shape: 'dashed-ring', word: 'Unknown' },
  queued: { shape: 'dashed-ring', word: 'Queued' },
  taken_over: { shape: 'person', word: 'Taken over' },
  failed: { shape: 'octagon', word: 'Failed' },
  done: { shape: 'check', word: 'Done' },
  connecting: { shape: 'quarter-ring', word: 'Connecting' },
  connected: { shape: 'check', word: 'Connected' },
  lost: { shape: 'octagon', word: 'Lost' },
  refused: { shape: 'octagon', word: 'Refused' },
} as const satisfies Record<string, { shape: Shape; word: string }>;

export type StateName = keyof typeof looks;

type StateBadgeProps = {
  state: StateName;
  /** Instead of the state's own word: `Waiting for Bob`, `1 draft waits`. */
  word?: string;
  /** Capitals are for the states of the task protocol alone. */
  caps?: boolean;
  className?: string;
};

/** A shape and a word, never colour alone. */
export function StateBadge({ state, word, caps = false, className }: StateBadgeProps) {
  const look = looks[state];
  return (
    <span
      className={classNames(
        'inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap text-text',
        caps ? 'text-micro font-name uppercase tracking-[0.03em]' : 'text-meta leading-5 font-control',
        className,
      )}
    >
      <StateShape shape={look.shape} />
      <span className="truncate">{word ?? look.word}</span>
    </span>
  );
}
