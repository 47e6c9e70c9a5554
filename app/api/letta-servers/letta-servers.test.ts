import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const AWAY = 'http://127.0.0.1:9';

test('a server that cannot be reached is there with its state, changed and taken away', async () => {
  const added = await api.by.admin.ask('POST', '/api/letta-servers', { name: 'home', dialect: 'rest', url: AWAY });
  expect(added).toMatchObject({ status: 201, body: { name: 'home', state: 'lost', origin: 'person' } });
  const again = await api.by.admin.ask('POST', '/api/letta-servers', { name: 'home', dialect: 'rest', url: AWAY });
  expect(again).toMatchObject({ status: 409, body: { error: { code: 'server.taken' } } });
  const changed = await api.by.admin.ask('PATCH', '/api/letta-servers/home', {
    url: 'http://127.0.0.1:10',
    token: 't',
  });
  expect(changed.body).toMatchObject({ url: 'http://127.0.0.1:10', hasToken: true });
  expect((await api.by.admin.ask('DELETE', '/api/letta-servers/home')).status).toBe(200);
  expect((await api.by.admin.ask('GET', '/api/letta-servers/home')).status).toBe(404);
});

test('an address that this dialect does not speak is refused when it is changed, too', async () => {
  await api.by.admin.ask('POST', '/api/letta-servers', { name: 'rest', dialect: 'rest', url: AWAY });
  const refused = await api.by.admin.ask('PATCH', '/api/letta-servers/rest', { url: 'ws://127.0.0.1:9' });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { fields: { url: 'must be an http or https address, such as https://api.letta.com' } } },
  });
});

test('the sandbox is switched in the settings only', async () => {
  const refused = await api.by.admin.ask('DELETE', '/api/letta-servers/sandbox');
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'letta_server.fixed' } } });
});
