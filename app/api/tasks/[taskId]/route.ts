import { TaskId } from '@/lib/protocol/ids';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readTask } from '@/lib/server/tasks/read-tasks';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read({ role: 'viewer', agents: true }, ({ rt, caller, param }) => readTask(rt, caller, param('taskId', TaskId))),
});
