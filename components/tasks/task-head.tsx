'use client';

import { classNames } from '@/components/ui/class-names';
import { pauseText, stopwatchText } from '@/components/ui/duration-text';
import { useNow } from '@/components/ui/relative-time';
import { isWatched } from '@/lib/domain/task/next-clock';
import { isTaskOver, type Task } from '@/lib/protocol/task';
import { SilenceRuler } from './silence-ruler';
import { clockStandsAtMs, countedSilenceMs, elapsedMs, needsSomebody, stateDetail } from './silence-words';
import { TaskControls } from './task-controls';
import { TaskStateBadge } from './task-state-badge';

/** How the task stands, how long it has been silent, and what a person can do about it: where the eye is. */
export function TaskHead({ task }: { task: Task }) {
  const now = useNow();
  const silentMs = now === null ? null : countedSilenceMs(task, now);
  const tookMs = now === null ? null : elapsedMs(task, now);
  const detail = now === null ? '' : stateDetail(task, now);
  const isCounting = silentMs !== null && task.silence.nextAt !== null && isWatched(task);
  const isPressing = needsSomebody(task);
  return (
    <header
      className={classNames(
        'grid flex-none gap-2 border-line-strong border-b px-3 py-2.5 desk:px-4',
        isPressing ? 'bg-wait-wash' : 'bg-surface',
      )}
    >
      <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2">
        <TaskStateBadge state={task.state} />
        {isCounting && silentMs >= task.clocks.updateEveryMs / 2 && (
          <span className="text-title font-strong">{pauseText(silentMs)} silent</span>
        )}
        {detail !== '' && <span className="text-text-2">{detail}</span>}
        {tookMs !== null && (
          <span className="text-text-2">
            {isTaskOver(task.state) ? 'took' : 'running for'} {stopwatchText(tookMs)}
          </span>
        )}
        <TaskControls task={task} />
      </div>
      {isCounting && <SilenceRuler task={task} silentMs={silentMs} standsAtMs={clockStandsAtMs(task, now ?? 0)} />}
    </header>
  );
}
