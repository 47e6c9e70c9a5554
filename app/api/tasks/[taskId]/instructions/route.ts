import { TaskId } from '@/lib/protocol/ids';
import { InstructTask } from '@/lib/protocol/task';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { admitAgent } from '@/lib/server/tasks/admit-agent';
import { instructTask } from '@/lib/server/tasks/instruct-task';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer', agents: true, status: 201 }, async ({ rt, caller, param, body, idempotency }) => {
    const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
    return instructTask(rt, caller, taskId, { ...body(InstructTask), from: caller.actor.name }, idempotency);
  }),
});
