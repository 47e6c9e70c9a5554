import { randomUUID } from 'node:crypto';
import { completeClocks } from '@/lib/domain/task/complete-clocks';
import type { TaskRecord } from '@/lib/domain/task/task-record';
import { toTask } from '@/lib/domain/task/to-task';
import { AppError } from '@/lib/protocol/errors';
import { AgentId, TaskId } from '@/lib/protocol/ids';
import type { NewTask, Task, TaskPrincipal } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import type { IdempotencyKey, Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';
import { requireParent } from './admit-sub-task';
import { commitTask } from './commit-task';
import { type RunnerOptions, runnerEffects } from './runner-effects';

/**
 * Makes a task, which waits for its agent to introduce itself; a runner of ours is set to work in the same transaction.
 * An agent's key makes sub-tasks of its own tasks (admit-sub-task.ts), for the principal of those.
 * @throws AppError `runner.unavailable`; `request.invalid` where the parent or principal is not there; what
 * `requireParent` throws.
 */
export async function createTask(
  rt: Pick<Runtime, 'ledger' | 'clock' | 'database' | 'letta' | 'log'>,
  caller: Caller,
  wanted: NewTask,
  idempotency?: IdempotencyKey,
  options?: RunnerOptions,
): Promise<Task> {
  const { workspaceId, actor } = caller;
  const parent = await requireParent(rt.database.pool, caller, wanted);
  const effect = runnerEffects[wanted.runner];
  if (wanted.runner !== 'external' && !effect) {
    throw new AppError('runner.unavailable', `The runner ${wanted.runner} is not installed here.`, {
      fields: { runner: 'one of external, simulated' },
    });
  }
  const taskId = TaskId.parse(idempotency?.intentId ?? randomUUID());
  const given = caller.agentScope === null ? await findGiven(rt, caller, wanted) : parent;
  if (given === null) throw new Error('an agent makes no task without a parent');
  const { principal, principalServer } = given;
  const clocks = completeClocks(wanted.clocks);
  return commitTask(rt, {
    workspaceId,
    taskId,
    actor,
    idempotency,
    decide: (_loaded, { now }) => ({
      ok: true,
      facts: [
        {
          type: 'task.created',
          payload: {
            taskId,
            parentTaskId: wanted.parentTaskId ?? null,
            command: wanted.command,
            purpose: wanted.purpose ?? null,
            context: wanted.context ?? null,
            priority: wanted.priority ?? null,
            principal,
            runner: wanted.runner,
            milestones: wanted.milestones,
            handoffPolicy: wanted.handoffPolicy,
            tell: wanted.tell,
            principalServer,
            clocks,
            ...(caller.agentScope !== null && { madeByKey: actor.id }),
          },
        },
      ],
      effects: effect ? [effect(taskId, options)] : [],
      answer: (_entries, fold) => {
        const record = fold();
        if (!record) throw new Error('a task that was made has a record');
        return toTask(record, { now, lastAliveAt: null, waitingMessages: 0 });
      },
    }),
  });
}

/** The principal that is wanted, else whoever makes the task. */
async function findGiven(
  rt: Pick<Runtime, 'database' | 'letta' | 'log'>,
  caller: Caller,
  wanted: NewTask,
): Promise<Pick<TaskRecord, 'principal' | 'principalServer'>> {
  const letta = wanted.principal?.kind === 'agent' ? await findLettaAgent(rt, wanted.principal.id) : null;
  const principal = await findPrincipal(rt.database.pool, caller, wanted, letta?.name);
  return { principal, principalServer: letta?.server ?? null };
}

/** On which connected Letta server an agent lives, if on any: the principal may as well be an agent of another kind. */
async function findLettaAgent({ letta, log }: Pick<Runtime, 'letta' | 'log'>, id: string) {
  for (const { name: server, state } of letta.list()) {
    if (state !== 'connected') continue;
    try {
      const agent = await letta.require(server).gateway.findAgent(AgentId.parse(id));
      if (agent) return { server, name: agent.name };
    } catch (err) {
      log.warn({ err, server }, 'a principal could not be looked for');
    }
  }
  return null;
}

async function findPrincipal(
  db: Queryable,
  { workspaceId, actor }: Caller,
  wanted: NewTask,
  agentName: string | undefined,
): Promise<TaskPrincipal> {
  const { principal } = wanted;
  if (!principal) return { kind: 'person', id: actor.id, name: actor.name };
  if (principal.kind === 'agent') return { ...principal, name: agentName ?? principal.id };
  if (principal.id === actor.id) return { ...principal, name: actor.name };
  const { rows } = await db.query<{ name: string }>('SELECT name FROM person WHERE workspace_id = $1 AND id = $2', [
    workspaceId,
    principal.id,
  ]);
  if (rows[0]) return { ...principal, name: rows[0].name };
  throw new AppError('request.invalid', 'There is no such person.', { fields: { 'principal.id': 'no such person' } });
}
