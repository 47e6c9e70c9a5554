import { TaskId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { Queryable } from '../ledger/command';
import { worksOn } from './task-scope';

/** What one key can hear of at once. */
const TASKS_MAX = 1_000;

/** What is bound to the key or carried out by its agents, and what was made below that: by the key itself, or by others. */
const OWN = `
    WITH RECURSIVE own AS (
      SELECT id FROM task WHERE workspace_id = $1 AND (id = ANY ($2::uuid[]) OR agent_id = ANY ($3::text[]))
      UNION
      SELECT part.id FROM task part JOIN own ON part.parent_id = own.id WHERE part.workspace_id = $1)
    SELECT t.record FROM task t JOIN own ON own.id = t.id WHERE t.workspace_id = $1
    ORDER BY t.created_at DESC LIMIT ${TASKS_MAX}`;

/** The tasks that an agent's key works on, newest first; none for a person. */
export async function findOwnTasks(db: Queryable, caller: Caller): Promise<TaskId[]> {
  const { agentScope, workspaceId } = caller;
  if (!agentScope) return [];
  const taskIds = agentScope.taskIds.filter((id) => TaskId.safeParse(id).success); // a key may be bound to what is no task
  const { rows } = await db.query<{ record: string }>(OWN, [workspaceId, taskIds, agentScope.agentIds]);
  return rows.map(({ record }) => JSON.parse(record)).flatMap((task) => (worksOn(caller, task) ? [task.id] : []));
}
