import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedSockets, serveSockets } from '@/lib/testing/serve-sockets';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { program } from '@/lib/testing/visitor';

let api: ServedApi;
let sockets: ServedSockets;
const [introduction] = seedReports;

beforeAll(async () => {
  api = await serveApi();
  sockets = await serveSockets(api.t.rt);
});
afterEach(() => sockets.disconnectAll());
afterAll(async () => {
  await sockets.close();
  await api.close();
});

const connected = (token: string) => sockets.connected('/', { token });
const makeTask = async (more: object = {}) => {
  const { body } = await api.by.operator.ask('POST', '/api/tasks', { command: '/sync', ...more });
  return String(body['id']);
};
const keyOf = async (agentId: string) => {
  const bound = { name: agentId, audience: 'agent', agentIds: [agentId] };
  return String((await api.by.admin.ask('POST', '/api/keys', bound)).body['key']);
};

test('[LV22] a key that is bound to an agent watches the tasks that its agent carries out, gave or has made', async () => {
  const key = await keyOf(introduction.agent_id);
  const agent = program(api.url, key);
  const [own, others, given] = [
    await makeTask(),
    await makeTask(),
    await makeTask({ principal: { kind: 'agent', id: introduction.agent_id } }),
  ];
  const socket = await connected(key);
  const watch = (id: string) => socket.timeout(5_000).emitWithAck('watch', { stream: `task:${id}`, after: 0 });
  expect(await watch(own)).toMatchObject({ ok: false, error: { code: 'auth.forbidden' } });
  await agent.ask('POST', `/api/tasks/${own}/reports`, introduction);
  const { body: part } = await agent.ask('POST', '/api/tasks', { command: '/part', parentTaskId: own });
  const told = new Promise((resolve) => socket.once('entries', resolve));
  expect(await watch(own)).toMatchObject({ ok: true });
  expect(await told).toMatchObject({ stream: `task:${own}`, entries: [{ type: 'task.created' }, {}, {}] });
  expect(await watch(String(part['id']))).toMatchObject({ ok: true });
  expect(await watch(given)).toMatchObject({ ok: true });
  expect(await watch(others)).toMatchObject({ ok: false, error: { code: 'auth.forbidden' } });
  expect(await watch('no-such-task')).toMatchObject({ ok: false, error: { code: 'auth.forbidden' } });
});

test('[LV22] a task that is carried on by another agent is told to the first one no more', async () => {
  const key = await keyOf(introduction.agent_id);
  const agent = program(api.url, key);
  const id = await makeTask();
  await agent.ask('POST', `/api/tasks/${id}/reports`, introduction);
  const socket = await connected(key);
  const told: string[] = [];
  socket.on('entries', ({ entries }) => told.push(...entries.map(({ type }: { type: string }) => type)));
  const unwatched = new Promise((resolve) => socket.once('unwatched', resolve));
  await socket.timeout(5_000).emitWithAck('watch', { stream: `task:${id}`, after: 0 });
  const stream = await fetch(`${api.url}/api/tasks/${id}/stream`, { headers: { authorization: `Bearer ${key}` } });
  await api.by.operator.ask('POST', `/api/tasks/${id}/control`, { action: 'RETRY' });
  await api.by.operator.ask('POST', `/api/tasks/${id}/reports`, { ...introduction, agent_id: 'the-next' });
  expect(await unwatched).toMatchObject({ stream: `task:${id}`, error: { code: 'auth.forbidden' } });
  await api.by.operator.ask('POST', `/api/tasks/${id}/control`, { action: 'PAUSE' });
  // What is asked last is answered last: nothing of the task came in between.
  expect(await socket.timeout(5_000).emitWithAck('unwatch', { stream: `task:${id}` })).toEqual({ ok: true });
  expect(told).toContain('task.controlled');
  expect(told.filter((type) => type === 'task.controlled')).toHaveLength(1);
  expect(await stream.text()).not.toContain('PAUSE');
});

test('[LV8] a request that is left out is answered like any other that does not parse', async () => {
  const socket = await connected(api.keys.viewer);
  for (const event of ['watch', 'unwatch', 'viewing']) {
    expect(await socket.timeout(5_000).emitWithAck(event), event).toMatchObject({
      ok: false,
      error: { code: 'request.invalid' },
    });
  }
});

test('[AP12] a stream of a task in capitals is refused rather than watched in vain', async () => {
  const id = await makeTask();
  const socket = await connected(api.keys.viewer);
  const ack = await socket.timeout(5_000).emitWithAck('watch', { stream: `task:${id.toUpperCase()}`, after: 0 });
  expect(ack).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
});
