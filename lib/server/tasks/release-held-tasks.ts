import { z } from 'zod';
import { takenOver } from '@/lib/domain/task/decide-control';
import type { TaskRecord } from '@/lib/domain/task/task-record';
import { system } from '@/lib/protocol/actor';
import { PersonId, TaskId, type WorkspaceId } from '@/lib/protocol/ids';
import { jsonOfText } from '../database/json-of-text';
import type { Task as Job } from '../jobs';
import type { Effect, Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';
import { commitTask } from './commit-task';

const Payload = z.object({ personId: PersonId });

/** What a person who is removed holds is then in nobody's hands, and stands where people look for such. */
export const releaseHeldTasksEffect = (personId: PersonId): Effect => ({
  task: 'task.release_held',
  payload: { personId },
  queue: 'task.release_held',
});

/** The tasks that a person has in their hands. */
export async function findHeldTasks(db: Queryable, workspaceId: WorkspaceId, personId: PersonId): Promise<TaskId[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM task WHERE workspace_id = $1 AND state IN ('TAKEN_OVER', 'HANDOFF_PENDING')
       AND ${jsonOfText('record')}->'holder'->>'id' = $2`,
    [workspaceId, personId],
  );
  return rows.map(({ id }) => TaskId.parse(id));
}

export const releaseHeldTasks = (rt: Runtime): Job<typeof Payload> => ({
  name: 'task.release_held',
  payload: Payload,
  run: async ({ personId }) => {
    const isHis = ({ holder }: TaskRecord) => holder?.kind === 'person' && holder.id === personId;
    for (const taskId of await findHeldTasks(rt.database.pool, rt.workspaceId, personId)) {
      await commitTask(rt, {
        workspaceId: rt.workspaceId,
        taskId,
        actor: system,
        decide: (loaded) => {
          const why = { holder: null, why: 'person_gone' as const, reason: null };
          const facts = loaded && isHis(loaded.record) ? [takenOver(loaded.record, why)] : [];
          return { ok: true, facts, answer: () => null };
        },
      });
    }
  },
});
