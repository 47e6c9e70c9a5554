'use client';

import { ChevronDown, ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { agentHue } from '@/components/shell/agent-hue';
import { classNames } from '@/components/ui/class-names';
import { counted, countText } from '@/components/ui/count-text';
import { silenceText, stopwatchText } from '@/components/ui/duration-text';
import { HostileText } from '@/components/ui/hostile-text';
import { useNow } from '@/components/ui/relative-time';
import { Tag } from '@/components/ui/tag';
import { Tile } from '@/components/ui/tile';
import type { Conversation } from '@/lib/protocol/conversation';
import { isTaskOver, type Task } from '@/lib/protocol/task';
import { commandClass } from './command-class';
import type { FleetRow } from './fleet-rows';
import { GapsLine } from './gaps-line';
import { ProgressBar } from './progress-bar';
import { runnerWords } from './runner-words';
import { countedSilenceMs, elapsedMs, needsSomebody, silentForMs, stateDetail } from './silence-words';
import { TaskStateBadge } from './task-state-badge';

/** Columns of the fleet from 900 px on, the pauses from 1280; head and rows share them. */
export const taskColumns =
  'desk:grid-cols-[minmax(0,1.9fr)_minmax(132px,0.9fr)_minmax(120px,1fr)_minmax(0,1.4fr)_64px_88px] desk:gap-x-3 wide:grid-cols-[minmax(0,1.9fr)_minmax(132px,0.9fr)_minmax(150px,1.1fr)_minmax(0,1.6fr)_64px_112px_92px]';

/** Whose tasks follow, and how they stand. */
export function GroupRow({
  row,
  conversations,
}: {
  row: Extract<FleetRow, { kind: 'group' }>;
  conversations: readonly Conversation[];
}) {
  const { group, count, need, failed } = row;
  const { principal } = group;
  const hue = principal?.kind === 'person' ? 'human' : principal ? agentHue(principal.id, conversations) : null;
  return (
    <div className="flex min-h-9 items-center gap-2 bg-ground px-3 py-1 desk:px-4">
      {hue && <Tile name={group.name} hue={hue} />}
      <h2 className="min-w-0 truncate font-name">
        <HostileText text={group.name} wrap={false} />
      </h2>
      <span className="flex-none text-text-2">{counted(count, 'task')}</span>
      {need > 0 && (
        <Tag tone="wait">
          {countText(need)} {need === 1 ? 'needs' : 'need'} somebody
        </Tag>
      )}
      {failed > 0 && <Tag tone="fail">{countText(failed)} failed</Tag>}
    </div>
  );
}

/** Behind it stands what nobody looks for any more. */
export function FoldRow({ row, onToggle }: { row: Extract<FleetRow, { kind: 'fold' }>; onToggle: () => void }) {
  const { count, isOpen } = row;
  const Arrow = isOpen ? ChevronDown : ChevronRight;
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      onClick={onToggle}
      className="flex min-h-9 w-full items-center gap-2 px-3 py-1 text-left text-text-2 outline-none max-desk:min-h-11 desk:px-4 pointer-coarse:min-h-11"
    >
      <Arrow aria-hidden="true" className="size-4 flex-none" />
      {counted(count, 'task')} that {count === 1 ? 'is' : 'are'} over
    </button>
  );
}

/** One task; the whole row leads to its page. Three lines below 900 px. Drawn anew only when it has changed. */
export const TaskRow = memo(function TaskRow({ task, depth }: { task: Task; depth: number }) {
  const now = useNow();
  const { id, command, agentId, runner, state, progress, milestones, clocks, gapsMs } = task;
  const silentMs = now === null ? null : silentForMs(task, now);
  const tookMs = now === null ? null : elapsedMs(task, now);
  const detail = now === null ? '' : stateDetail(task, now);
  const isPressing = needsSomebody(task) && state !== 'WAITING';
  return (
    <div
      className={classNames(
        'relative grid min-h-11 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-0.5 px-3 py-2 desk:px-4 desk:py-1',
        taskColumns,
        isPressing && 'bg-wait-wash',
      )}
    >
      <div className="min-w-0" style={depth > 0 ? { paddingLeft: depth * 20 } : undefined}>
        <Link
          href={`/tasks/${encodeURIComponent(id)}`}
          prefetch={false} // thousands scroll by
          className={classNames(
            'block truncate no-underline outline-none after:absolute after:inset-0',
            commandClass(command),
          )}
        >
          {depth > 0 && <span aria-hidden="true">↳ </span>}
          <HostileText text={command} wrap={false} />
        </Link>
        <p className="truncate text-meta text-text-2">
          <HostileText text={agentId ?? 'no agent yet'} wrap={false} />, {runnerWords[runner].short}
        </p>
      </div>
      <div className="min-w-0 max-desk:grid max-desk:justify-items-end">
        <TaskStateBadge state={state} />
        {detail !== '' && (
          <p
            title={detail}
            className="truncate text-meta text-text-2 max-desk:max-w-[44vw] max-desk:text-right desk:pl-[18px]"
          >
            {detail}
          </p>
        )}
      </div>
      <ProgressBar progress={progress} milestones={milestones} state={state} className="max-desk:col-span-2" />
      <LastAction task={task} />
      <span className="text-right text-text-2 max-desk:hidden">{lastWordText(silentMs)}</span>
      <span className="max-wide:hidden">
        <GapsLine
          gapsMs={gapsMs}
          growingMs={now === null ? null : countedSilenceMs(task, now)}
          limitMs={clocks.updateEveryMs}
        />
      </span>
      <div className="text-right text-text-2 max-desk:hidden">
        {tookMs === null ? '–' : stopwatchText(tookMs)}
        {task.estimatedDuration !== null && !isTaskOver(state) && (
          <p className="truncate text-meta text-text-3">
            of <HostileText text={task.estimatedDuration} wrap={false} />
          </p>
        )}
      </div>
    </div>
  );
});

const lastWordText = (silentMs: number | null) => (silentMs === null ? '–' : silenceText(silentMs));

function LastAction({ task }: { task: Task }) {
  const { currentAction, toolsActive, summary, lastError, state } = task;
  const words = isTaskOver(state) ? (summary ?? currentAction) : (currentAction ?? lastError?.details ?? null);
  return (
    <div className="min-w-0 max-desk:col-span-2">
      <p className="truncate">
        {words === null ? (
          <span className="text-text-3">Nothing said yet</span>
        ) : (
          <HostileText text={words} wrap={false} />
        )}
      </p>
      {toolsActive.length > 0 && (
        <p className="truncate text-meta text-text-2 max-desk:hidden">
          <HostileText text={toolsActive.join(', ')} wrap={false} />
        </p>
      )}
    </div>
  );
}
