import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { program } from '@/lib/testing/visitor';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const ask = (method: string, path: string, body?: object) => api.by.admin.ask(method, path, body);

test('[AP12] a task is the same when its id is written in capitals, and has one stream', async () => {
  const { body: task } = await ask('POST', '/api/tasks', { command: '/sync' });
  const [id, capitals] = [String(task['id']), String(task['id']).toUpperCase()];
  expect(await ask('GET', `/api/tasks/${capitals}`)).toMatchObject({ status: 200, body: { id } });
  expect((await ask('POST', `/api/tasks/${capitals}/instructions`, { content: 'Begin.' })).status).toBe(201);
  const reported = await ask('POST', `/api/tasks/${capitals}/reports`, seedReports[0]);
  expect(reported).toMatchObject({ status: 201, body: { entry: { stream: `task:${id}` } } });
  expect((await ask('POST', `/api/tasks/${capitals}/heartbeat`, {})).status).toBe(200);
  expect((await ask('POST', `/messages/task/${capitals}`, { from: 'Ana', content: 'Go on.' })).status).toBe(201);
  const queue = await ask('GET', `/messages/task/${capitals}?wait=0`);
  expect(queue.body['items']).toMatchObject([{ content: 'Go on.', taskId: id }]);
  expect(await ask('GET', `/api/tasks/${capitals}/compliance`)).toMatchObject({ status: 200 });
  expect((await ask('POST', `/api/tasks/${capitals}/control`, { action: 'PAUSE' })).body).toMatchObject({ id });
  const [own, other] = [await ask('GET', `/api/tasks/${id}/events`), await ask('GET', `/api/tasks/${capitals}/events`)];
  expect(other.body).toEqual(own.body);
  const part = await ask('POST', '/api/tasks', { command: '/part', parentTaskId: capitals });
  expect(part.body).toMatchObject({ parentTaskId: id });
  expect((await ask('GET', `/api/tasks?parent=${capitals}`)).body['items']).toHaveLength(1);
  expect(await ask('GET', `/api/audit/export?stream=task:${capitals}`)).toMatchObject({
    status: 400,
    body: { error: { fields: { stream: 'ids stand in lower case' } } },
  });
});

test('[AP12] a receipt names its instruction in capitals, and a key is bound so', async () => {
  const { body: task } = await ask('POST', '/api/tasks', { command: '/sync' });
  const id = String(task['id']);
  await ask('POST', `/api/tasks/${id}/reports`, seedReports[0]);
  const { body: queued } = await ask('POST', `/messages/task/${id}`, { from: 'Ana', content: 'Go on.' });
  await ask('GET', `/messages/task/${id}?wait=0`);
  const acknowledge = [String(queued['messageId']).toUpperCase()];
  const key = await ask('POST', '/api/keys', { name: 'k', audience: 'agent', taskIds: [id.toUpperCase()] });
  const agent = program(api.url, String(key.body['key']));
  expect((await agent.ask('POST', `/api/tasks/${id}/heartbeat`, { acknowledge })).status).toBe(200);
  const { body } = await ask('GET', `/messages/task/${id}`);
  expect(body['items']).toMatchObject([{ status: 'acknowledged' }]);
});

test('[AP12] a conversation is the same when its id is written in capitals', async () => {
  const made = await Promise.all(['Ada', 'Bob'].map((name) => ask('POST', '/api/agents', { name })));
  const seats = made.map(({ body }) => ({ agentId: body['id'] }));
  const id = String((await ask('POST', '/api/conversations', { seats })).body['id']);
  const capitals = id.toUpperCase();
  const spoken = await ask('POST', `/api/conversations/${capitals}/messages`, { to: 'a', content: 'Hello' });
  expect(spoken).toMatchObject({ status: 202, body: { stream: `conversation:${id}` } });
  const edge = { from: 'a', to: 'b', mode: 'review' };
  expect((await ask('PUT', `/api/conversations/${capitals}/edges`, edge)).status).toBe(200);
  const history = await ask('GET', `/api/conversations/${capitals}/entries?limit=1`);
  expect(history.body['items']).toMatchObject([{ type: 'conversation.opened' }]);
  expect((await ask('GET', `/api/conversations/${capitals}/transcript?format=json`)).status).toBe(200);
  expect((await ask('PATCH', `/api/conversations/${capitals}`, { state: 'stopped' })).body).toMatchObject({ id });
});
