import { CreateApiKey } from '@/lib/protocol/api-key';
import { PageQuery } from '@/lib/protocol/page';
import { read, write } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { createKey } from '@/lib/server/keys/create-key';
import { listKeys } from '@/lib/server/keys/list-keys';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('admin', ({ rt, caller, query }) => listKeys(rt, caller, query(PageQuery))),
  POST: write({ role: 'admin', status: 201, sealed: 'key' }, ({ rt, caller, body, idempotency }) =>
    createKey(rt, caller, body(CreateApiKey), idempotency),
  ),
});
