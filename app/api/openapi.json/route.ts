import { openRead } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { describeApi } from '@/lib/server/openapi/describe-api';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: openRead(async ({ rt }) => describeApi(rt.url)),
});
