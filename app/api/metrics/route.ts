import { MetricQuery, TaskMetric } from '@/lib/protocol/metrics';
import { read } from '@/lib/server/http/endpoint';
import { route } from '@/lib/server/http/route';
import { readMetric } from '@/lib/server/metrics/read-metric';

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = route({
  GET: read('viewer', async ({ rt, caller, query }) => {
    const wanted = query(MetricQuery);
    const items = await Promise.all(
      TaskMetric.options.map((metric) => readMetric(rt.database.pool, caller.workspaceId, metric, wanted)),
    );
    return { items, next: null };
  }),
});
