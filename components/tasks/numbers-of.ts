import type { MetricsOf } from '@/lib/client/task-queries';
import type { Task } from '@/lib/protocol/task';

/** So many tasks can be picked from; the others have their figures on their own pages. */
const TASKS_MAX = 100;

type Choice = { value: string; label: string };
export type NumbersChoices = { principals: Choice[]; agents: Choice[]; tasks: Choice[] };

const byLabel = (one: Choice, other: Choice) => one.label.localeCompare(other.label);
const distinct = (choices: readonly Choice[]): Choice[] => [
  ...new Map(choices.map((choice) => [choice.value, choice])).values(),
];

/** Whose figures can be looked at by themselves: principals and agents by name, tasks newest first. */
export function numbersChoices(tasks: readonly Task[]): NumbersChoices {
  const principals = tasks.map(({ principal: { id, name } }) => ({ value: `principal:${id}`, label: name }));
  const agents = tasks.flatMap(({ agentId }) =>
    agentId === null ? [] : [{ value: `agent:${agentId}`, label: agentId }],
  );
  return {
    principals: distinct(principals).toSorted(byLabel),
    agents: distinct(agents).toSorted(byLabel),
    tasks: tasks.slice(0, TASKS_MAX).map(({ id, command }) => ({ value: `task:${id}`, label: command })),
  };
}

/** What a choice, as it stands in the address, narrows the figures to; everything for one that is not known. */
export function metricsOf(choice: string): MetricsOf {
  const [, kind, id] = /^(principal|agent|task):(.+)$/s.exec(choice) ?? [];
  return kind === undefined || id === undefined ? {} : { [kind]: id };
}
