import { TaskId } from '@/lib/protocol/ids';
import { ControlTask } from '@/lib/protocol/task';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { admitAgent } from '@/lib/server/tasks/admit-agent';
import { controlTask } from '@/lib/server/tasks/control-task';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'reviewer', agents: true }, async ({ rt, caller, param, body, idempotency }) => {
    const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
    return controlTask(rt, caller, taskId, body(ControlTask), idempotency);
  }),
});
