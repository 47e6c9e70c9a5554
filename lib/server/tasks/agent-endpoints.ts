import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import { TaskId } from '@/lib/protocol/ids';
import { QueueTaskMessage, TaskHeartbeat, TaskMessagesQuery } from '@/lib/protocol/task';
import type { DirectRoutes } from '../http/answer-directly';
import { read, write } from '../http/endpoint';
import { reply } from '../http/reply';
import type { UnreadableBody } from '../http/request-body';
import type { Context } from '../http/request-context';
import { admitAgent } from './admit-agent';
import { askForTaskMessages } from './ask-for-task-messages';
import { hearSignOfLife } from './hear-sign-of-life';
import { instructTask } from './instruct-task';
import { receiveReport, refuseReport } from './receive-report';

const Anything = z.unknown();

const keepRefused = ({ rt, caller, param }: Context, unreadable: UnreadableBody) =>
  refuseReport(rt, caller, param('taskId', TaskId), unreadable);

/** Beside reports: what people mistype is told to them, and nobody else; what an agent sends to its task is kept. */
async function keepAgents(context: Context, unreadable: UnreadableBody): Promise<void> {
  if (context.caller.agentScope !== null) await keepRefused(context, unreadable);
}

async function parseOrKeep<Schema extends z.ZodType>(context: Context, schema: Schema): Promise<z.infer<Schema>> {
  try {
    return context.body(schema);
  } catch (error) {
    if (isAppError(error)) {
      await keepAgents(context, { bytes: Buffer.from(JSON.stringify(context.body(Anything))), error });
    }
    throw error;
  }
}

/**
 * What an agent at work calls again and again. Each is given to Next by the `route.ts` of its address, and in production
 * answered before Next is asked.
 */
export const agentEndpoints = {
  /** The body is parsed by the use case: what does not parse is kept as refused. */
  '/api/tasks/[taskId]/reports': {
    POST: write({ role: 'operator', agents: true, status: 201, onUnreadable: keepRefused }, async (context) => {
      const { rt, caller, param, body } = context;
      const { repeated, ...answer } = await receiveReport(rt, caller, param('taskId', TaskId), body(Anything));
      return repeated ? reply(answer, { status: 200 }) : answer;
    }),
  },
  '/api/tasks/[taskId]/heartbeat': {
    POST: write({ role: 'operator', agents: true, onUnreadable: keepAgents }, async (context) => {
      const { rt, caller, param } = context;
      const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
      return hearSignOfLife(rt, caller, taskId, (await parseOrKeep(context, TaskHeartbeat)).acknowledge);
    }),
  },
  /** The seed's queue: words for a task's agent, and what became of them. */
  '/messages/task/[taskId]': {
    GET: read({ role: 'viewer', agents: true }, async ({ rt, caller, param, query, request }) => {
      const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
      const { wait, ...page } = query(TaskMessagesQuery);
      // Whoever asks for the head of an answer is given no messages, so takes none.
      const asked = request.method === 'HEAD' ? page : { ...page, wait };
      return askForTaskMessages(rt, caller, taskId, asked, request.signal);
    }),
    POST: write({ role: 'reviewer', agents: true, status: 201, onUnreadable: keepAgents }, async (context) => {
      const { rt, caller, param, idempotency } = context;
      const taskId = await admitAgent(rt, caller, param('taskId', TaskId));
      const words = await parseOrKeep(context, QueueTaskMessage);
      return instructTask(rt, caller, taskId, { kind: 'message', ...words }, idempotency);
    }),
  },
} as const satisfies DirectRoutes;
