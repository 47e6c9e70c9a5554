import { createServer } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { attachSockets, type Sockets } from '@/lib/server/sockets';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { program } from '@/lib/testing/visitor';

let api: ServedApi;
let sockets: Sockets;
let url: string;
const server = createServer((_request, response) => response.end());
const open: Socket[] = [];
const [introduction] = seedReports;

beforeAll(async () => {
  api = await serveApi();
  sockets = attachSockets(server, api.t.rt);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('not listening');
  url = `http://127.0.0.1:${address.port}`;
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.disconnect();
});
afterAll(async () => {
  await sockets.close();
  await new Promise((resolve) => server.close(resolve));
  await api.close();
});

async function connected(token: string): Promise<Socket> {
  const socket = io(url, { forceNew: true, reconnection: false, auth: { token }, transports: ['websocket'] });
  open.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

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
