import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

test('[HT36] the limits are settings: each is changed by itself, is an entry and holds at once', async () => {
  const before = await api.by.viewer.ask('GET', '/api/settings');
  expect(before.body['limits']).toEqual({ signInPerMinute: 10, writesPerSecond: 300, writeBurst: 3_000 });
  const changed = await api.by.admin.ask('PATCH', '/api/settings', { limits: { writesPerSecond: 1, writeBurst: 2 } });
  expect(changed.body['limits']).toEqual({ signInPerMinute: 10, writesPerSecond: 1, writeBurst: 2 });
  const recorded = await api.by.viewer.ask('GET', '/api/audit/entries?type=setting.changed');
  expect(recorded.body['items']).toMatchObject([
    { payload: { setting: 'limits', value: { signInPerMinute: 10, writesPerSecond: 1, writeBurst: 2 } } },
  ]);
  const write = () => api.by.operator.ask('POST', '/api/sandbox/demo');
  const statuses = (await Promise.all([write(), write(), write()])).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(1);
});

test('a limit that nobody could live with is refused by its name', async () => {
  const refused = await api.by.admin.ask('PATCH', '/api/settings', { limits: { writeBurst: 0 } });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { fields: { 'limits.writeBurst': 'between 1 and 1,000,000' } } },
  });
});
