import { TaskId } from '@/lib/protocol/ids';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { streamTask } from '@/lib/server/tasks/stream-task';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read({ role: 'viewer', agents: true }, async ({ rt, caller, param, request }) => {
    const lastEventId = request.headers.get('last-event-id');
    const events = await streamTask(rt, caller, param('taskId', TaskId), { lastEventId, signal: request.signal });
    return new Response(events, {
      headers: {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no', // a proxy that gathers would hold the events back
      },
    });
  }),
});
