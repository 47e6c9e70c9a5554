import { needsSomebody } from '@/components/tasks/silence-words';
import { isTaskOver, type Task } from '@/lib/protocol/task';

/** So long a task that is over still stands among the live ones, in milliseconds. */
const OVER_SHOWN_MS = 15 * 60_000;

const rank = (task: Task) => (isTaskOver(task.state) ? 2 : needsSomebody(task) ? 0 : 1);

/** Tasks that are under way, those that need somebody first; then those that ended lately, the last one first. */
export function liveTasks(tasks: readonly Task[], now: number): Task[] {
  return tasks
    .filter(({ endedAt }) => endedAt === null || now - Date.parse(endedAt) < OVER_SHOWN_MS)
    .toSorted((one, other) => rank(one) - rank(other) || latest(other) - latest(one));
}

const latest = ({ endedAt, createdAt }: Task) => Date.parse(endedAt ?? createdAt);
