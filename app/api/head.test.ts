import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const head = (path: string) =>
  fetch(`${api.url}${path}`, { method: 'HEAD', headers: { authorization: `Bearer ${api.keys.admin}` } });

async function task(): Promise<string> {
  const { body } = await api.by.admin.ask('POST', '/api/tasks', { command: '/sync' });
  await api.by.admin.ask('POST', `/api/tasks/${body['id']}/reports`, seedReports[0]);
  return String(body['id']);
}

test('[AP13] a HEAD of the queue hands no message over, and waits for none', async () => {
  const id = await task();
  await api.by.admin.ask('POST', `/messages/task/${id}`, { from: 'Ana', content: 'Go on.' });
  expect((await head(`/messages/task/${id}?wait=0`)).status).toBe(200);
  const { body } = await api.by.admin.ask('GET', `/messages/task/${id}`);
  expect(body['items']).toMatchObject([{ status: 'queued', delivery: null }]);
});

test('[AP13] a HEAD of a stream leaves nobody listening', async () => {
  const id = await task();
  const { rt } = api.t;
  let listening = 0;
  const { listen } = rt.hub;
  rt.hub.listen = (listener) => {
    listening += 1;
    const stop = listen(listener);
    return () => {
      listening -= 1;
      stop();
    };
  };
  try {
    const answers = await Promise.all(Array.from({ length: 20 }, () => head(`/api/tasks/${id}/stream`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await expect.poll(() => listening).toBe(0);
  } finally {
    rt.hub.listen = listen;
  }
});
