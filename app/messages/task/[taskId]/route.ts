import { TaskId } from '@/lib/protocol/ids';
import { QueueTaskMessage, TaskMessagesQuery } from '@/lib/protocol/task';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { admitAgent } from '@/lib/server/tasks/admit-agent';
import { askForTaskMessages } from '@/lib/server/tasks/ask-for-task-messages';
import { instructTask } from '@/lib/server/tasks/instruct-task';

/** The seed's queue: words for a task's agent, and what became of them. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read({ role: 'viewer', agents: true }, async ({ rt, caller, param, query, request }) => {
    const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
    return askForTaskMessages(rt, caller, taskId, query(TaskMessagesQuery), request.signal);
  }),
  POST: write({ role: 'reviewer', agents: true, status: 201 }, async ({ rt, caller, param, body, idempotency }) => {
    const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
    return instructTask(rt, caller, taskId, { kind: 'message', ...body(QueueTaskMessage) }, idempotency);
  }),
});
