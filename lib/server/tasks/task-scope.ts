import type { TaskRecord } from '@/lib/domain/task/task-record';
import { AppError } from '@/lib/protocol/errors';
import type { TaskId } from '@/lib/protocol/ids';
import type { TaskHolder } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';

type Scope = NonNullable<Caller['agentScope']>;
type Asker = Pick<Caller, 'agentScope' | 'actor'>;

/**
 * Whether a caller has to do with a task. People and their keys with all; an agent's key with the tasks it works on, with
 * those that one of its agents gave or holds, and, bound to agents, with those that no agent has begun yet.
 */
export function hasToDoWith(caller: Asker, record: TaskRecord): boolean {
  const { agentScope } = caller;
  if (agentScope === null || worksOn(caller, record)) return true;
  if (agentScope.agentIds.length === 0) return false;
  return record.agentId === null || isPrincipals(caller, record);
}

/** Whether an agent's key is that of a task: bound to it, one of its agents carries it out, or it was made by the key. */
export function worksOn({ agentScope, actor }: Asker, { id, agentId, madeByKey }: TaskRecord): boolean {
  if (agentScope === null) return false;
  if (agentScope.taskIds.includes(id) || (agentId !== null && isOneOf(agentScope, agentId))) return true;
  return actor.kind === 'key' && actor.id === madeByKey;
}

/**
 * Whether a caller may take what is told to a task's agent, and live in its place: people, the keys of the task, its
 * holder, and whoever may yet begin it. Not the agent that only gave it: what it says would come back to it unheard.
 */
export function isReceivers(caller: Asker, record: TaskRecord): boolean {
  const { agentScope } = caller;
  if (agentScope === null || worksOn(caller, record)) return true;
  const { agentId, holder, principal } = record;
  if (holder !== null) return holder.kind === 'agent' && isOneOf(agentScope, holder.id);
  const isGiver = principal.kind === 'agent' && isOneOf(agentScope, principal.id);
  return agentId === null && agentScope.agentIds.length > 0 && !isGiver;
}

/** Whether a caller may speak for the principal of a task: people may, and the agent itself that gave or holds it. */
export function isPrincipals({ agentScope }: Pick<Caller, 'agentScope'>, { principal, holder }: TaskRecord): boolean {
  if (agentScope === null) return true;
  return [principal, holder].some((each) => each?.kind === 'agent' && isOneOf(agentScope, each.id));
}

/** Whether a caller may send reports in the name of this agent: a key that is bound to agents only in theirs. */
export const maySpeakAs = ({ agentScope }: Pick<Caller, 'agentScope'>, agentId: string): boolean =>
  agentScope === null || agentScope.agentIds.length === 0 || isOneOf(agentScope, agentId);

const isOneOf = ({ agentIds }: Scope, agentId: string): boolean => agentIds.includes(agentId);

/** An agent's key learns of a task that is not its own nothing, not even that it is not there. */
export const notFound = ({ agentScope }: Pick<Caller, 'agentScope'>, taskId: TaskId): AppError =>
  agentScope === null
    ? new AppError('task.not_found', `There is no task ${taskId}.`)
    : new AppError('auth.forbidden', 'This key has nothing to do with this task.');

/** Whoever acts on a task, as its stream names them: a person, or the agent that gave it. */
export function holderOf(caller: Caller, record: TaskRecord): TaskHolder {
  if (caller.agentScope === null) return { kind: 'person', id: caller.actor.id, name: caller.actor.name };
  const { principal, holder } = record;
  return holder?.kind === 'agent' && isOneOf(caller.agentScope, holder.id) ? holder : principal;
}
