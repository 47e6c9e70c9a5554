import { clearDemo } from '@/lib/server/demo/clear-demo';
import { showDemoOnce } from '@/lib/server/demo/show-demo-once';
import { startDemo } from '@/lib/server/demo/start-demo';
import { write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  POST: write({ role: 'operator', status: 201 }, ({ rt, caller }) => startDemo(rt, caller)),
  PUT: write({ role: 'operator' }, ({ rt }) => showDemoOnce(rt)),
  DELETE: write({ role: 'operator' }, ({ rt, caller }) => clearDemo(rt, caller)),
});
