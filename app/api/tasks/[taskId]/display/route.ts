import { TaskId } from '@/lib/protocol/ids';
import { DisplayQuery } from '@/lib/protocol/task';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { admitAgent } from '@/lib/server/tasks/admit-agent';
import { showTask } from '@/lib/server/tasks/show-task';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read({ role: 'viewer', agents: true }, async ({ rt, caller, param, query }) => {
    const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
    const { format } = query(DisplayQuery);
    const text = await showTask({ db: rt.database.pool, clock: rt.clock }, caller, taskId, format);
    return new Response(text, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
  }),
});
