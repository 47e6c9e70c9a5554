import { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import type { TaskId } from '@/lib/protocol/ids';
import type { Page } from '@/lib/protocol/page';
import { roleContains } from '@/lib/protocol/roles';
import type { TaskMessage, TaskMessagesQuery } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import { decodeCursor, encodeCursor } from '../http/cursor';
import type { Runtime } from '../runtime';
import { listTaskMessages } from './read-task-messages';
import { requireTask } from './read-tasks';
import { pollTaskMessages } from './take-task-messages';

const Position = z.tuple([z.number().int().min(0)]);

/**
 * The queue of a task with its receipts, oldest first. With `wait` the asker is the receiver: it gets what was not
 * handed over yet, waiting so many seconds for it, and that is recorded. Nothing, early, when Parley stops.
 */
export async function askForTaskMessages(
  rt: Pick<Runtime, 'ledger' | 'clock' | 'database' | 'hub' | 'stopping'>,
  caller: Caller,
  taskId: TaskId,
  { after, limit, wait }: TaskMessagesQuery,
  asker: AbortSignal,
): Promise<Page<TaskMessage>> {
  const position = decodeCursor(Position, after);
  await requireTask(rt.database.pool, caller, taskId);
  if (wait !== undefined) {
    if (caller.agentScope === null && !roleContains(caller.role, 'operator')) {
      throw new AppError(
        'auth.forbidden',
        'Only an agent, or an operator in its place, takes messages; leave out `wait`.',
      );
    }
    const { stopping } = rt;
    const items = await pollTaskMessages(rt, caller, taskId, { waitMs: wait * 1_000, limit, asker, stopping });
    return { items, next: null };
  }
  const { items, next } = await listTaskMessages(rt.database.pool, caller.workspaceId, taskId, {
    after: position?.[0] ?? 0,
    limit,
  });
  return { items, next: next === null ? null : encodeCursor([next]) };
}
