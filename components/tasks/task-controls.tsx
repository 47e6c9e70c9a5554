'use client';

import { Armchair, Ban, Handshake, Pause, Play, RotateCcw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { HostileText } from '@/components/ui/hostile-text';
import { tellFailed } from '@/components/ui/tell-failed';
import { showToast } from '@/components/ui/toast';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { useCaller, useMay } from '@/lib/client/caller';
import { type Control, useControlTask } from '@/lib/client/task-mutations';
import { fittingControls } from '@/lib/domain/task/decide-control';
import type { Task, TaskControlAction } from '@/lib/protocol/task';

/** What going on means, by what the task waits for. */
const goOn: Partial<Record<NonNullable<Task['waitingFor']>, { label: string; said: string }>> = {
  resume: { label: 'Resume', said: 'It goes on.' },
  blocking_error: { label: 'Go on', said: 'Its agent is told to go on.' },
  handoff_decision: { label: 'Decline the handoff', said: 'The handoff is declined; its agent goes on.' },
};

/** What a person can do about a task as it stands: no more and no less than what fits its state. */
export function TaskControls({ task }: { task: Task }) {
  const { state, holder, waitingFor, principal, checkpoint } = task;
  const control = useControlTask(task.id);
  const mayControl = useMay('operator');
  const mayTakeOver = useMay('reviewer');
  const me = useCaller();
  const [ending, setEnding] = useState(false);
  const act = (request: Control, said: string) =>
    control.mutate(request, {
      onSuccess: () => showToast({ text: said, tone: 'done' }),
      onError: tellFailed,
      onSettled: () => setEnding(false),
    });
  const isMine = holder?.kind === 'person' && holder.id === me.id;
  const isOthers = holder?.kind === 'person' && !isMine;
  const fitting = fittingControls(task);
  const fits = (action: TaskControlAction) => fitting.includes(action) && (!isOthers || action === 'ABORT');
  const canTakeOver = mayTakeOver && fits('TAKEOVER') && !isMine;
  const takeOver = () => act({ action: 'TAKEOVER' }, 'The task is in your hands.');
  useShortcuts('Task', canTakeOver ? [{ keys: 't', label: 'Take over', run: takeOver }] : []);
  const going = waitingFor && fits('CONTINUE') ? goOn[waitingFor] : undefined;
  const busy = control.isPending;
  if (fitting.length === 0) return null;
  // What undoes a press takes the place of what was pressed, by their common key: the focus stays there.
  return (
    <div className="ml-auto flex flex-wrap items-center gap-2">
      {mayControl && going && (
        <Button key="flow" icon={Play} busy={busy} onClick={() => act({ action: 'CONTINUE' }, going.said)}>
          {going.label}
        </Button>
      )}
      {mayControl && fits('PAUSE') && (
        <Button
          key={going ? 'pause' : 'flow'}
          variant="quiet"
          icon={Pause}
          busy={busy}
          onClick={() => act({ action: 'PAUSE' }, 'It pauses.')}
        >
          Pause
        </Button>
      )}
      {mayControl && fits('RETRY') && (
        <Button
          variant="quiet"
          icon={RotateCcw}
          title={checkpoint ? `From “${checkpoint.milestone}”` : 'From its beginning: it has reached no milestone'}
          busy={busy}
          onClick={() => act({ action: 'RETRY' }, 'Its agent is told to begin again.')}
        >
          Retry
        </Button>
      )}
      {mayControl && fits('ABORT') && (
        <Button variant="quiet" icon={Ban} onClick={() => setEnding(true)}>
          Cancel task
        </Button>
      )}
      {mayTakeOver && (waitingFor === 'handoff_decision' || state === 'TAKEN_OVER') && fits('ACCEPT') && (
        <Button variant="primary" busy={busy} onClick={() => act({ action: 'ACCEPT' }, 'The handoff is accepted.')}>
          {state === 'TAKEN_OVER' ? 'Accept what was completed' : 'Accept the handoff'}
        </Button>
      )}
      {mayTakeOver && fits('HANDBACK') && (
        <Button
          key={canTakeOver ? 'back' : 'holder'}
          icon={Undo2}
          busy={busy}
          onClick={() => act({ action: 'HANDBACK' }, 'Its agent goes on.')}
        >
          Hand back
        </Button>
      )}
      {canTakeOver && principal.kind === 'agent' && holder === null && (
        <Button
          icon={Handshake}
          title="The principal goes on without the task’s agent"
          busy={busy}
          onClick={() =>
            act({ action: 'TAKEOVER', give: 'principal' }, `The task is in the hands of ${principal.name}.`)
          }
        >
          <span>
            Give to <HostileText text={principal.name} wrap={false} />
          </span>
        </Button>
      )}
      {canTakeOver && (
        <Button key="holder" variant="human" icon={Armchair} keys="t" busy={busy} onClick={takeOver}>
          Take over
        </Button>
      )}
      <ConfirmDialog
        open={ending}
        onOpenChange={setEnding}
        title="Cancel this task?"
        description="Its agent is told to stop, and the task ends as cancelled. That cannot be undone; what it reported stays."
        confirm="Cancel the task"
        busy={busy}
        onConfirm={() => act({ action: 'ABORT' }, 'The task is cancelled.')}
      />
    </div>
  );
}
