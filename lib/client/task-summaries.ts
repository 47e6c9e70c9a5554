import type { QueryClient } from '@tanstack/react-query';
import type { Task } from '@/lib/protocol/task';
import { tasksQuery } from './task-queries';

/** The list with these tasks as they are now, in its order; new ones, newest first, before it. */
export function withTasks(items: readonly Task[], tasks: readonly Task[]): Task[] {
  const told = new Map<string, Task>(tasks.map((task) => [task.id, task]));
  const known = new Set<string>(items.map(({ id }) => id));
  const fresh = tasks
    .filter(({ id }) => !known.has(id))
    .toSorted((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
  const newest = (old: Task) => {
    const now = told.get(old.id);
    return now && now.streamSeq >= old.streamSeq ? now : old;
  };
  return [...fresh, ...items.map(newest)];
}

/** Puts what is told into the list that the page holds, if it holds one. */
export function takeTasks(queryClient: QueryClient, tasks: readonly Task[]): void {
  queryClient.setQueryData(tasksQuery.queryKey, (list) => list && { ...list, items: withTasks(list.items, tasks) });
}
