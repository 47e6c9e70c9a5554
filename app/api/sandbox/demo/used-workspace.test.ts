import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoOnce } from '@/lib/server/demo/start-demo';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

test('[WT1] where somebody has begun to work, the first look adds nothing', async () => {
  await startDemoOnce(api.t.rt);
  expect((await api.by.operator.ask('POST', '/api/tasks', { command: '/sync' })).status).toBe(201);
  expect((await api.by.operator.ask('PUT', '/api/sandbox/demo')).body).toEqual({ begun: false });
  expect((await api.by.viewer.ask('GET', '/api/tasks')).body['items']).toMatchObject([{ command: '/sync' }]);
  expect((await api.by.viewer.ask('GET', '/api/conversations')).body['items']).toMatchObject([
    { edges: [{ mode: 'pass' }, { mode: 'pass' }] },
  ]);
});
