import { startDemo } from '@/lib/server/conversations/start-demo';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'operator', status: 201 }, ({ rt, caller }) => startDemo(rt, caller)),
});
