import { TaskId } from '@/lib/protocol/ids';
import { EventsQuery } from '@/lib/protocol/page';
import { taskStream } from '@/lib/protocol/stream';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readHistory } from '@/lib/server/ledger/read-history';
import { requireTask } from '@/lib/server/tasks/read-tasks';

/** All entries of a task, either way from a cursor, or from a time on, always ascending. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read({ role: 'viewer', agents: true }, async ({ rt, caller, param, query }) => {
    const taskId = param('taskId', TaskId);
    const place = query(EventsQuery);
    const { pool } = rt.database;
    await requireTask(pool, caller, taskId);
    return readHistory(pool, caller.workspaceId, taskStream(taskId), place);
  }),
});
