import { isTaskOver, type Task, type TaskPrincipal } from '@/lib/protocol/task';
import { needsSomebody } from './silence-words';

export const fleetFilters = ['all', 'need', 'running', 'silent', 'done'] as const;
export type FleetFilter = (typeof fleetFilters)[number];

export const groupings = ['principal', 'state', 'none'] as const;
export type Grouping = (typeof groupings)[number];

const isIn: Record<FleetFilter, (task: Task) => boolean> = {
  all: () => true,
  need: needsSomebody,
  running: ({ state }) => !isTaskOver(state) && state !== 'QUEUED',
  silent: ({ silence, state }) => silence.phase !== 'fresh' && !isTaskOver(state),
  done: ({ state }) => isTaskOver(state),
};

/** How many tasks each filter leaves over. */
export function countFleet(tasks: readonly Task[]): Record<FleetFilter, number> {
  const counts: Record<FleetFilter, number> = { all: 0, need: 0, running: 0, silent: 0, done: 0 };
  for (const task of tasks) for (const filter of fleetFilters) if (isIn[filter](task)) counts[filter] += 1;
  return counts;
}

/** Tasks that a filter and every word of a text leave over: command, agent, principal, milestones, current action. */
export function filterFleet(tasks: readonly Task[], filter: FleetFilter, text: string): Task[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return tasks.filter((task) => {
    if (!isIn[filter](task)) return false;
    if (words.length === 0) return true;
    const { command, id, agentId, principal, currentAction, milestones } = task;
    const where = [
      command,
      id,
      agentId ?? '',
      principal.name,
      currentAction ?? '',
      ...milestones.map(({ name }) => name),
    ]
      .join('\n')
      .toLowerCase();
    return words.every((word) => where.includes(word));
  });
}

export type FleetGroup = { key: string; name: string; principal: TaskPrincipal | null };

/** A line of the list: the head of a group, or a task with how deep it stands below the task it is part of. */
export type FleetRow =
  | { kind: 'group'; key: string; group: FleetGroup; count: number; need: number; failed: number }
  | { kind: 'task'; key: string; task: Task; depth: number }
  | { kind: 'fold'; key: string; count: number; isOpen: boolean };

/** Which tasks are put away at the end of their group, and the folds (by key) that somebody has opened. */
type Folding = { isSettled: (task: Task) => boolean; opened: ReadonlySet<string> };

/** So long a task that ended stays where whoever watches it looks for it. */
const SETTLES_AFTER_MS = 24 * 3_600_000;

/** Whether nobody looks for a task any more: it was cancelled, or ended a day ago. */
export const isSettled = ({ state, endedAt }: Task, now: number): boolean =>
  state === 'CANCELLED' || (isTaskOver(state) && endedAt !== null && now - Date.parse(endedAt) > SETTLES_AFTER_MS);

const DEPTH_MAX = 8;

function groupOf(task: Task, grouping: Grouping): FleetGroup {
  if (grouping === 'state') return { key: task.state, name: task.state, principal: null };
  const { kind, id, name } = task.principal;
  return { key: `${kind} ${id}`, name, principal: task.principal };
}

type TaskRow = Extract<FleetRow, { kind: 'task' }>;

/** Each task under the one it is part of, as long as that is listed too: one list for each that stands by itself. */
function trees(tasks: readonly Task[]): TaskRow[][] {
  const listed = new Set<string>(tasks.map(({ id }) => id));
  const children = Map.groupBy(tasks, ({ parentTaskId }) =>
    parentTaskId !== null && listed.has(parentTaskId) ? parentTaskId : null,
  );
  const placed = new Set<string>();
  const place = (task: Task, depth: number, rows: TaskRow[]): TaskRow[] => {
    if (placed.has(task.id)) return rows; // a circle of parents, which no server of ours makes
    placed.add(task.id);
    rows.push({ kind: 'task', key: task.id, task, depth: Math.min(depth, DEPTH_MAX) });
    for (const child of children.get(task.id) ?? []) place(child, depth + 1, rows);
    return rows;
  };
  return [...(children.get(null) ?? []), ...tasks].map((task) => place(task, 0, []));
}

/** The trees in order. Those in which everything is settled come last, behind a fold. */
function inTree(tasks: readonly Task[], key: string, folding: Folding | null): FleetRow[] {
  const all = trees(tasks);
  if (!folding) return all.flat();
  const { isSettled, opened } = folding;
  const settled: TaskRow[] = [];
  const rows: FleetRow[] = [];
  for (const tree of all) {
    const put = tree.every(({ task }) => isSettled(task)) ? settled : rows;
    put.push(...tree);
  }
  if (settled.length === 0) return rows;
  const fold = `over ${key}`;
  const isOpen = opened.has(fold);
  rows.push({ kind: 'fold', key: fold, count: settled.length, isOpen });
  return isOpen ? [...rows, ...settled] : rows;
}

/**
 * The lines of the fleet in order: groups as their first task comes, tasks as given, sub-tasks below theirs. Without
 * `folding`, as where somebody looks for something, nothing is put away; nor is it in groups by state.
 */
export function fleetRows(tasks: readonly Task[], grouping: Grouping, folding: Folding | null = null): FleetRow[] {
  if (grouping === 'none') return inTree(tasks, '', folding);
  return [...Map.groupBy(tasks, (task) => groupOf(task, grouping).key)].flatMap(([key, members]): FleetRow[] => {
    const [first] = members;
    if (!first) return [];
    const head: FleetRow = {
      kind: 'group',
      key: `group ${key}`,
      group: groupOf(first, grouping),
      count: members.length,
      need: members.filter(needsSomebody).length,
      failed: members.filter(({ state }) => state === 'FAILED').length,
    };
    return [head, ...inTree(members, key, grouping === 'state' ? null : folding)];
  });
}
