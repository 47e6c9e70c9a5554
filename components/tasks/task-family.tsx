import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { HostileText } from '@/components/ui/hostile-text';
import { Panel } from '@/components/ui/panel';
import { parentQuery, partsQuery } from '@/lib/client/task-queries';
import type { Task } from '@/lib/protocol/task';
import { commandClass } from './command-class';
import { TaskStateBadge } from './task-state-badge';

/** What a task is a part of, and what its own parts are; nothing for one that stands alone. */
export function TaskFamily({ task }: { task: Task }) {
  const { id, parentTaskId } = task;
  const parent = useQuery({ ...parentQuery(parentTaskId ?? ''), enabled: parentTaskId !== null });
  const parts = useQuery(partsQuery(id));
  const listed = parts.data?.items ?? [];
  if (!parent.data && listed.length === 0) return null;
  const isMore = parts.data?.next != null;
  return (
    <Panel title="Family">
      <ul className="grid gap-1 px-3 py-2.5">
        {parent.data && (
          <Member task={parent.data}>
            <span className="text-text-3">part of </span>
          </Member>
        )}
        {listed.map((part) => (
          <Member key={part.id} task={part}>
            <span aria-hidden="true">↳ </span>
          </Member>
        ))}
        {isMore && <li className="text-text-3">and more, which the list of all tasks has</li>}
      </ul>
    </Panel>
  );
}

const Member = ({ task: { id, command, state }, children }: { task: Task; children: React.ReactNode }) => (
  <li className="flex min-w-0 items-center gap-2">
    <Link
      href={`/tasks/${encodeURIComponent(id)}`}
      title={command}
      className={`min-w-0 flex-1 truncate pointer-coarse:py-3 ${commandClass(command)}`}
    >
      {children}
      <HostileText text={command} wrap={false} />
    </Link>
    <TaskStateBadge state={state} />
  </li>
);
