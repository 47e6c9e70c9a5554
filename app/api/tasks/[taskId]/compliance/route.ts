import { TaskId } from '@/lib/protocol/ids';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readCompliance } from '@/lib/server/tasks/show-task';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read({ role: 'viewer', agents: true }, ({ rt, caller, param }) =>
    readCompliance(rt, caller, param('taskId', TaskId)),
  ),
});
