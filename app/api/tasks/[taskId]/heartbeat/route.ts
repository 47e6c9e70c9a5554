import { TaskId } from '@/lib/protocol/ids';
import { TaskHeartbeat } from '@/lib/protocol/task';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { admitAgent } from '@/lib/server/tasks/admit-agent';
import { hearSignOfLife } from '@/lib/server/tasks/hear-sign-of-life';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'operator', agents: true }, async ({ rt, caller, param, body }) => {
    const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
    return hearSignOfLife(rt, caller, taskId, body(TaskHeartbeat).acknowledge);
  }),
});
