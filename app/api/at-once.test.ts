import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const ask = (method: string, path: string, body?: object) => api.by.admin.ask(method, path, body);
const atOnce = <T>(times: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: times }, (_, index) => work(index)));

async function told(type: string): Promise<number> {
  const { body } = await ask('GET', `/api/audit/entries?type=${type}&limit=500`);
  return Array.isArray(body['items']) ? body['items'].length : Number.NaN;
}

test('[AP14] settings that are changed at once are all changed', async () => {
  const changes = [{ signInPerMinute: 21 }, { writesPerSecond: 50_000 }, { writeBurst: 500_000 }];
  await atOnce(3, (index) => ask('PATCH', '/api/settings', { limits: changes[index] }));
  const { body } = await ask('GET', '/api/settings');
  expect(body['limits']).toEqual(Object.assign({}, ...changes));
});

test('[AP14] of several servers of one name that are added at once one is there', async () => {
  const added = await atOnce(4, (index) =>
    ask('POST', '/api/letta-servers', { name: 'race', dialect: 'rest', url: `http://127.0.0.1:${9 + index}` }),
  );
  expect(added.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
  const winner = added.find(({ status }) => status === 201);
  const { body } = await ask('GET', '/api/letta-servers/race');
  expect(body['url']).toBe(winner?.body['url']);
  expect(await told('letta_server.added')).toBe(1);
});

test('[AP14] a server that is taken away while it is changed does not come back', async () => {
  await ask('POST', '/api/letta-servers', { name: 'gone', dialect: 'rest', url: 'http://127.0.0.1:9' });
  const change = { url: 'http://127.0.0.1:10' };
  await Promise.all([
    ask('DELETE', '/api/letta-servers/gone'),
    ...Array.from({ length: 3 }, () => ask('PATCH', '/api/letta-servers/gone', change)),
    ask('DELETE', '/api/letta-servers/gone'),
  ]);
  expect((await ask('GET', '/api/letta-servers/gone')).status).toBe(404);
  await api.t.rt.letta.refresh();
  expect((await ask('GET', '/api/letta-servers/gone')).status).toBe(404);
  expect(await told('letta_server.removed')).toBe(1);
});

test('[AP14] a rule that several revoke at once is revoked once', async () => {
  const { body: rule } = await ask('POST', '/api/rules', { effect: 'ask', text: 'invoice' });
  const answers = await atOnce(6, () => ask('DELETE', `/api/rules/${rule['id']}`));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await told('rule.revoked')).toBe(1);
});

test('[AP14] a conversation that several take out of the lists at once is stopped and archived once', async () => {
  const agents = await Promise.all(['Ada', 'Bob'].map((name) => ask('POST', '/api/agents', { name })));
  const seats = agents.map(({ body }) => ({ agentId: body['id'] }));
  const { body: conversation } = await ask('POST', '/api/conversations', { seats });
  const answers = await atOnce(6, () => ask('DELETE', `/api/conversations/${conversation['id']}`));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect([await told('conversation.stopped'), await told('conversation.archived')]).toEqual([1, 1]);
});
