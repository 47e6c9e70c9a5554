import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
const agentIds: string[] = [];

const ask = async (method: string, path: string, body?: unknown) => (await api.by.admin.ask(method, path, body)).body;

beforeAll(async () => {
  api = await serveApi();
  for (const name of ['same', 'same', 'same', 'Zoë', 'zoe', 'Ä', 'a', 'b']) {
    agentIds.push(String((await ask('POST', '/api/agents', { name, server: 'sandbox' }))['id']));
  }
  // All within a few milliseconds: many share a time, and only their ids tell them apart.
  await Promise.all(
    Array.from({ length: 9 }, (_, index) => [
      ask('POST', '/api/keys', { name: `key ${index}` }),
      ask('POST', '/api/invitations', { name: `guest ${index}`, role: 'viewer' }),
    ]).flat(),
  );
  await Promise.all(
    [0, 2, 4, 6].map((at) =>
      ask('POST', '/api/conversations', { seats: [{ agentId: agentIds[at] }, { agentId: agentIds[at + 1] }] }),
    ),
  );
});
afterAll(() => api.close());

type Item = Record<string, unknown>;

/** Follows `next` from page to page, `limit` items at a time. */
async function walk(path: string, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  let after = '';
  for (let pages = 0; pages < 1_000; pages += 1) {
    const page = await ask('GET', `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${after}`);
    const shown = page['items'] as Item[];
    expect(Object.keys(page).sort()).toEqual(['items', 'next']);
    expect(shown.length).toBeLessThanOrEqual(limit);
    items.push(...shown);
    if (page['next'] === null) return items;
    expect(shown.length, 'a page that is not the last is full').toBe(limit);
    expect(page['next']).toMatch(/^[\w-]+$/);
    after = `&after=${page['next']}`;
  }
  throw new Error('the pages do not end');
}

test.each(['/api/agents', '/api/keys', '/api/invitations', '/api/conversations', '/api/people'])(
  '[AP4] %s gives the same items in the same order whatever the size of its pages',
  async (path) => {
    const whole = await walk(path, 500);
    expect(new Set(whole.map((item) => item['id'])).size).toBe(whole.length);
    expect(whole.length).toBeGreaterThan(path === '/api/people' ? 0 : 3);
    for (const limit of [1, 2, 3, whole.length]) expect(await walk(path, limit)).toEqual(whole);
    expect((await ask('GET', path))['items']).toEqual(whole.slice(0, 50));
  },
);

test.each(['/api/keys', '/api/people', '/api/invitations'])('[AP4] %s is newest first', async (path) => {
  const times = (await walk(path, 4)).map((item) => String(item['createdAt']));
  expect(times).toEqual(times.toSorted().reverse());
});

test('[AP4] what is added while one reads neither shifts nor doubles what follows', async () => {
  const before = (await walk('/api/keys', 500)).map((item) => item['id']);
  const first = await ask('GET', '/api/keys?limit=3');
  await ask('POST', '/api/keys', { name: 'added meanwhile' });
  const rest = await ask('GET', `/api/keys?limit=500&after=${first['next']}`);
  const read = [...(first['items'] as Item[]), ...(rest['items'] as Item[])].map((item) => item['id']);
  expect(read).toEqual(before);
});

test('[AP4] what goes away while one reads takes nothing else with it', async () => {
  const before = (await walk('/api/keys', 500)).map((item) => item['id']);
  const first = await ask('GET', '/api/keys?limit=3');
  await ask('DELETE', `/api/keys/${before[2]}`);
  const rest = await ask('GET', `/api/keys?limit=500&after=${first['next']}`);
  expect((rest['items'] as Item[]).map((item) => item['id'])).toEqual(before.slice(3));
});

test('[AP4] agents, whose list is in order of names, go on where they were when the last one shown is gone', async () => {
  const before = (await walk('/api/agents', 500)).map((item) => item['id']);
  const first = await ask('GET', '/api/agents?limit=3');
  await ask('DELETE', `/api/agents/${before[2]}`);
  const rest = await ask('GET', `/api/agents?limit=500&after=${first['next']}`);
  expect((rest['items'] as Item[]).map((item) => item['id'])).toEqual(before.slice(3));
});
