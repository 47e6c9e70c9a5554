import { z } from 'zod';
import { TaskId } from '@/lib/protocol/ids';
import { QueueTaskMessage, TaskHeartbeat, TaskMessagesQuery } from '@/lib/protocol/task';
import type { DirectRoutes } from '../http/answer-directly';
import { read, write } from '../http/endpoint';
import { reply } from '../http/reply';
import { admitAgent } from './admit-agent';
import { askForTaskMessages } from './ask-for-task-messages';
import { hearSignOfLife } from './hear-sign-of-life';
import { instructTask } from './instruct-task';
import { receiveReport } from './receive-report';

const Anything = z.unknown();

/**
 * What an agent at work calls again and again. Each is given to Next by the `route.ts` of its address, and in production
 * answered before Next is asked.
 */
export const agentEndpoints = {
  /** The body is parsed by the use case: what does not parse is kept as refused. */
  '/api/tasks/[taskId]/reports': {
    POST: write({ role: 'operator', agents: true, status: 201 }, async ({ rt, caller, param, body }) => {
      const { repeated, ...answer } = await receiveReport(rt, caller, param('taskId', TaskId), body(Anything));
      return repeated ? reply(answer, { status: 200 }) : answer;
    }),
  },
  '/api/tasks/[taskId]/heartbeat': {
    POST: write({ role: 'operator', agents: true }, async ({ rt, caller, param, body }) => {
      const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
      return hearSignOfLife(rt, caller, taskId, body(TaskHeartbeat).acknowledge);
    }),
  },
  /** The seed's queue: words for a task's agent, and what became of them. */
  '/messages/task/[taskId]': {
    GET: read({ role: 'viewer', agents: true }, async ({ rt, caller, param, query, request }) => {
      const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
      return askForTaskMessages(rt, caller, taskId, query(TaskMessagesQuery), request.signal);
    }),
    POST: write({ role: 'reviewer', agents: true, status: 201 }, async ({ rt, caller, param, body, idempotency }) => {
      const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
      return instructTask(rt, caller, taskId, { kind: 'message', ...body(QueueTaskMessage) }, idempotency);
    }),
  },
} as const satisfies DirectRoutes;
