import { TaskId } from '@/lib/protocol/ids';
import { HistoryQuery } from '@/lib/protocol/page';
import { taskStream } from '@/lib/protocol/stream';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readStream, readStreamBackwards } from '@/lib/server/ledger/read-entries';
import { requireTask } from '@/lib/server/tasks/read-tasks';

/** All entries of a task, either way from a cursor, always ascending. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read({ role: 'viewer', agents: true }, async ({ rt, caller, param, query }) => {
    const taskId = param('taskId', TaskId);
    const { after, before, limit } = query(HistoryQuery);
    const { pool } = rt.database;
    await requireTask(pool, caller, taskId);
    const stream = taskStream(taskId);
    if (before !== undefined) {
      const items = await readStreamBackwards(pool, caller.workspaceId, stream, { before, limit });
      const first = items[0]?.streamSeq ?? 1;
      return { items, next: first > 1 ? String(first) : null };
    }
    const items = await readStream(pool, caller.workspaceId, stream, { after: after ?? 0, limit: limit + 1 });
    const shown = items.slice(0, limit);
    return { items: shown, next: items.length > limit ? String(shown.at(-1)?.streamSeq ?? 0) : null };
  }),
});
