'use client';

import { Armchair, Ban, Pause, Play, RotateCcw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { useNow } from '@/components/ui/relative-time';
import { showToast } from '@/components/ui/toast';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useCaller, useMay } from '@/lib/client/caller';
import { type Control, useControlTask } from '@/lib/client/task-mutations';
import { isTaskOver, type Task } from '@/lib/protocol/task';
import { pauseText, stopwatchText } from './duration-text';
import { SilenceRuler } from './silence-ruler';
import { elapsedMs, needsSomebody, silentForMs, stateDetail } from './silence-words';
import { TaskStateBadge } from './task-state-badge';

/** How the task stands, how long it has been silent, and what a person can do about it: where the eye is. */
export function TaskHead({ task }: { task: Task }) {
  const now = useNow();
  const silentMs = now === null ? null : silentForMs(task, now);
  const tookMs = now === null ? null : elapsedMs(task, now);
  const detail = now === null ? '' : stateDetail(task, now);
  const isCounting = silentMs !== null && task.silence.nextAt !== null;
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
        <Controls task={task} />
      </div>
      {isCounting && <SilenceRuler task={task} silentMs={silentMs} />}
    </header>
  );
}

function Controls({ task }: { task: Task }) {
  const { state, holder, waitingFor } = task;
  const control = useControlTask(task.id);
  const mayControl = useMay('operator');
  const mayTakeOver = useMay('reviewer');
  const me = useCaller();
  const [ending, setEnding] = useState(false);
  const act = (request: Control, said: string) =>
    control.mutate(request, {
      onSuccess: () => showToast({ text: said, tone: 'done' }),
      onError: (error) => showToast({ text: error.message, tone: 'fail' }),
      onSettled: () => setEnding(false),
    });
  const isOver = isTaskOver(state);
  const isMine = holder !== null && holder.kind === 'person' && holder.id === me.id;
  const canTakeOver = mayTakeOver && !isOver && !isMine;
  const takeOver = () => act({ action: 'TAKEOVER' }, 'The task is in your hands.');
  useShortcuts('Task', canTakeOver ? [{ keys: 't', label: 'Take over', run: takeOver }] : []);
  if (isOver) return null;
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2">
      {mayControl && waitingFor === 'resume' && (
        <Button icon={Play} busy={control.isPending} onClick={() => act({ action: 'CONTINUE' }, 'It goes on.')}>
          Resume
        </Button>
      )}
      {mayControl && waitingFor !== 'resume' && state !== 'TAKEN_OVER' && (
        <Button
          variant="quiet"
          icon={Pause}
          busy={control.isPending}
          onClick={() => act({ action: 'PAUSE' }, 'It pauses.')}
        >
          Pause
        </Button>
      )}
      {mayControl && task.checkpoint && state !== 'TAKEN_OVER' && (
        <Button
          variant="quiet"
          icon={RotateCcw}
          title={`From “${task.checkpoint.milestone}”`}
          busy={control.isPending}
          onClick={() => act({ action: 'RETRY' }, 'It begins again at its last milestone.')}
        >
          Retry
        </Button>
      )}
      {mayControl && (
        <Button variant="quiet" icon={Ban} onClick={() => setEnding(true)}>
          Cancel task
        </Button>
      )}
      {mayTakeOver && waitingFor === 'handoff_decision' && (
        <Button
          variant="primary"
          busy={control.isPending}
          onClick={() => act({ action: 'ACCEPT' }, 'The handoff is accepted.')}
        >
          Accept the handoff
        </Button>
      )}
      {isMine && (
        <Button icon={Undo2} busy={control.isPending} onClick={() => act({ action: 'HANDBACK' }, 'Its agent goes on.')}>
          Hand back
        </Button>
      )}
      {canTakeOver && (
        <Button variant="human" icon={Armchair} keys="t" busy={control.isPending} onClick={takeOver}>
          Take over
        </Button>
      )}
      <ConfirmDialog
        open={ending}
        onOpenChange={setEnding}
        title="Cancel this task?"
        description="Its agent is told to stop, and the task ends as cancelled. That cannot be undone; what it reported stays."
        confirm="Cancel the task"
        busy={control.isPending}
        onConfirm={() => act({ action: 'ABORT' }, 'The task is cancelled.')}
      />
    </div>
  );
}
