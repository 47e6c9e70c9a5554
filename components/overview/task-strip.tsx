'use client';

import Link from 'next/link';
import { commandClass } from '@/components/tasks/command-class';
import { ProgressBar } from '@/components/tasks/progress-bar';
import { needsSomebody, silentForMs, stateDetail } from '@/components/tasks/silence-words';
import { TaskStateBadge } from '@/components/tasks/task-state-badge';
import { classNames } from '@/components/ui/class-names';
import { silenceText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { RelativeTime, useNow } from '@/components/ui/relative-time';
import { SandboxLabel } from '@/components/ui/sandbox-label';
import { Tile } from '@/components/ui/tile';
import { isTaskOver, type Task } from '@/lib/protocol/task';

const timeClass =
  'relative flex-none min-w-9 self-center whitespace-nowrap text-right font-mono text-micro text-text-3 desk:w-12';

/** One task of the strip: how it stands, what it does, how far it is, and how long it has said nothing. */
export function TaskStrip({ task }: { task: Task }) {
  const now = useNow();
  const { id, command, agentId, principal, runner, state, progress, milestones, endedAt, lastHeardAt } = task;
  const detail = now === null ? '' : stateDetail(task, now);
  const silentMs = now === null ? null : silentForMs(task, now);
  return (
    <li
      className={classNames(
        'relative grid min-h-14 grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 border-line border-t px-3 py-2 first:border-t-0 hover:bg-hover desk:flex',
        needsSomebody(task) && 'bg-wait-wash',
      )}
    >
      <span className="desk:w-[66px]">
        <Tile name={agentId ?? command} hue="c" />
      </span>
      <div className="col-span-2 min-w-0 desk:flex-1">
        <div className="flex min-w-0 items-center gap-x-3 whitespace-nowrap">
          <Link
            href={`/tasks/${encodeURIComponent(id)}`}
            className={classNames('truncate no-underline after:absolute after:inset-0', commandClass(command))}
          >
            <HostileText text={command} wrap={false} />
          </Link>
          <TaskStateBadge state={state} className="flex-none" />
          <span className="truncate text-meta text-text-2 max-desk:hidden">
            {detail === '' ? <HostileText text={`for ${principal.name}`} wrap={false} /> : detail}
          </span>
          {runner === 'simulated' && <SandboxLabel what="simulated" />}
        </div>
        <p className="truncate text-text-2">
          <HostileText text={actionText(task)} wrap={false} />
        </p>
      </div>
      <ProgressBar
        progress={progress}
        milestones={milestones}
        state={state}
        className="max-desk:col-span-2 desk:w-[180px]"
      />
      {endedAt !== null ? (
        <RelativeTime at={endedAt} className={timeClass} />
      ) : (
        <span className={timeClass} title={lastHeardAt === null ? undefined : 'Since its last word'}>
          {silentMs === null ? '–' : silenceText(silentMs)}
        </span>
      )}
    </li>
  );
}

/** What it does and what comes then; what came of it, where it is over. */
function actionText({ state, currentAction, summary, lastError, milestones }: Task): string {
  const words = currentAction ?? lastError?.details ?? null;
  if (isTaskOver(state)) return summary ?? words ?? 'It left no word';
  if (words === null) return 'Nothing said yet';
  const next = milestones.find(({ name, state: each }) => each !== 'done' && name !== words);
  return next ? `${words}, next: ${next.name}` : words;
}
