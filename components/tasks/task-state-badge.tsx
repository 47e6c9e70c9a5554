import { classNames } from '@/components/ui/class-names';
import { type Shape, StateShape } from '@/components/ui/state-shape';
import type { TaskState } from '@/lib/protocol/task';

const looks: Record<TaskState, { shape: Shape; word: string }> = {
  QUEUED: { shape: 'dashed-ring', word: 'Queued' },
  INITIALIZING: { shape: 'quarter-ring', word: 'Initializing' },
  RUNNING: { shape: 'triangle', word: 'Running' },
  WAITING: { shape: 'diamond', word: 'Waiting' },
  HANDOFF_PENDING: { shape: 'diamond', word: 'Handoff' },
  SUCCESS: { shape: 'check', word: 'Success' },
  PARTIAL_SUCCESS: { shape: 'half-disc', word: 'Partial' },
  FAILED: { shape: 'octagon', word: 'Failed' },
  CANCELLED: { shape: 'slashed-ring', word: 'Cancelled' },
  PROBING: { shape: 'open-ring', word: 'Probing' },
  RECOVERING: { shape: 'turning-arrow', word: 'Recovering' },
  TAKEN_OVER: { shape: 'person', word: 'Taken over' },
};

/** A state of the task protocol: its shape and its word, in capitals as protocol states are. */
export const TaskStateBadge = ({ state, className }: { state: TaskState; className?: string }) => (
  <span
    className={classNames(
      'inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap text-micro font-name uppercase tracking-[0.03em] text-text',
      className,
    )}
  >
    <StateShape shape={looks[state].shape} />
    <span className="truncate">{looks[state].word}</span>
  </span>
);
