import { PageQuery } from '@/lib/protocol/page';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { listPeople } from '@/lib/server/people/list-people';

/** People come by invitation: there is nothing to post here. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, query }) => listPeople(rt, caller, query(PageQuery))),
});
