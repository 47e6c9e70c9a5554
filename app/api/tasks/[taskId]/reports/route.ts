import { z } from 'zod';
import { TaskId } from '@/lib/protocol/ids';
import { write } from '@/lib/server/http/endpoint';
import { reply } from '@/lib/server/http/reply';
import { route } from '@/lib/server/http/route';
import { receiveReport } from '@/lib/server/tasks/receive-report';

/** The body is parsed by the use case: what does not parse is kept as refused. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'operator', agents: true, status: 201 }, async ({ rt, caller, param, body }) => {
    const { repeated, ...answer } = await receiveReport(rt, caller, param('taskId', TaskId), body(z.unknown()));
    return repeated ? reply(answer, { status: 200 }) : answer;
  }),
});
