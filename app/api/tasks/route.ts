import { z } from 'zod';
import { NewTask, TaskQuery } from '@/lib/protocol/task';
import { Instant } from '@/lib/protocol/text';
import { decodeCursor, encodeCursor } from '@/lib/server/http/cursor';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { admitSubTask } from '@/lib/server/tasks/admit-sub-task';
import { createTask } from '@/lib/server/tasks/create-task';
import { listTasks } from '@/lib/server/tasks/read-tasks';

const Position = z.tuple([Instant, z.uuid()]);

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, query }) => {
    const { after, ...filter } = query(TaskQuery);
    const [createdAt, id] = decodeCursor(Position, after) ?? [];
    const position = createdAt !== undefined && id !== undefined ? { createdAt, id } : null;
    const page = await listTasks(rt, caller.workspaceId, filter, position);
    return { items: page.items, next: page.next && encodeCursor([page.next.createdAt, page.next.id]) };
  }),
  POST: write({ role: 'operator', agents: true, status: 201 }, async ({ rt, caller, body, idempotency }) => {
    await admitSubTask(rt, caller, body(z.unknown()));
    return createTask(rt, caller, body(NewTask), idempotency);
  }),
});
