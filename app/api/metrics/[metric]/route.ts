import { MetricQuery, TaskMetric } from '@/lib/protocol/metrics';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readMetric } from '@/lib/server/metrics/read-metric';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', ({ rt, caller, param, query }) =>
    readMetric(rt.database.pool, caller.workspaceId, param('metric', TaskMetric), query(MetricQuery)),
  ),
});
