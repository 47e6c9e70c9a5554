import { z } from 'zod';
import { NewTask, TaskQuery } from '@/lib/protocol/task';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { admitSubTask } from '@/lib/server/tasks/admit-sub-task';
import { createTask } from '@/lib/server/tasks/create-task';
import { listTasks } from '@/lib/server/tasks/read-tasks';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, query }) => listTasks(rt, caller.workspaceId, query(TaskQuery))),
  POST: write({ role: 'operator', agents: true, status: 201 }, async ({ rt, caller, body, idempotency }) => {
    await admitSubTask(rt, caller, body(z.unknown()));
    return createTask(rt, caller, body(NewTask), idempotency);
  }),
});
