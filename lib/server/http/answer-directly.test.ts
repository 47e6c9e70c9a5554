import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { NewTask } from '@/lib/protocol/task';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { agentEndpoints } from '../tasks/agent-endpoints';
import { createTask } from '../tasks/create-task';
import { answerDirectly } from './answer-directly';
import { guardRequest } from './guard';

let api: ServedApi;
let server: Server;
let direct: string;

beforeAll(async () => {
  api = await serveApi();
  const answer = answerDirectly(api.t.rt, agentEndpoints);
  server = createServer((req, res) => {
    const guarded = guardRequest(req, api.t.rt.env);
    if (!guarded.ok || !answer(req, res)) res.writeHead(599).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  direct = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await api.close();
});

const [introduction, progress] = seedReports;
const json = { 'content-type': 'application/json' };
const makeTask = async () => (await createTask(api.t.rt, api.t.ana, NewTask.parse({ command: '/c' }))).id;

/** What differs from one request to the next by its nature. */
const shown = (text: string) =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/"seq":\d+/g, '"seq":0');

async function ask(url: string, path: string, init: RequestInit & { key?: string } = {}) {
  const headers = new Headers(init.headers);
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${init.key ?? api.keys.admin}`);
  const response = await fetch(`${url}${path}`, { ...init, headers });
  const kept = ['content-type', 'cache-control', 'retry-after', 'www-authenticate', 'allow'];
  return {
    status: response.status,
    headers: kept.map((name) => response.headers.get(name)),
    hasId: z.uuid().safeParse(response.headers.get('x-request-id')).success,
    body: shown(await response.text()),
  };
}

const requests: [what: string, path: string, init: RequestInit & { key?: string }][] = [
  ['a report', '/reports', { method: 'POST', headers: json, body: JSON.stringify(introduction) }],
  ['what does not fit', '/reports', { method: 'POST', headers: json, body: JSON.stringify(progress) }],
  ['what does not parse', '/reports', { method: 'POST', headers: json, body: '{"type":"NONE"}' }],
  ['no JSON', '/reports', { method: 'POST', headers: json, body: '{' }],
  ['no UTF-8', '/reports', { method: 'POST', headers: json, body: new Uint8Array([0x22, 0xff, 0x22]) }],
  ['too deep', '/reports', { method: 'POST', headers: json, body: '['.repeat(70) + ']'.repeat(70) }],
  [
    'half a character',
    '/reports',
    { method: 'POST', headers: json, body: JSON.stringify({ ...introduction, context: 'a\ud800b' }) },
  ],
  ['another type', '/reports', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }],
  ['nothing', '/reports', { method: 'POST' }],
  ['more than fits', '/reports', { method: 'POST', headers: json, body: ' '.repeat(1024 * 1024 + 1) }],
  ['a wrong key', '/reports', { method: 'POST', headers: json, body: '{}', key: 'parley_none' }],
  [
    'a wrong key in the idempotency',
    '/reports',
    { method: 'POST', headers: { ...json, 'idempotency-key': 'ü' }, body: '{}' },
  ],
  ['a heartbeat', '/heartbeat', { method: 'POST', headers: json, body: '{"acknowledge":[]}' }],
  ['a wrong heartbeat', '/heartbeat', { method: 'POST', headers: json, body: '{"acknowledge":["x"]}' }],
];

test.each(requests)('[TK42] %s gets the answer that it gets through its route', async (_what, path, init) => {
  const through = await ask(api.url, `/api/tasks/${await makeTask()}${path}`, init);
  expect(await ask(direct, `/api/tasks/${await makeTask()}${path}`, init)).toEqual(through);
  expect(through).toMatchObject({ hasId: true });
});

test('[TK42] a repeat under one key gets the first answer, whichever door it comes by', async () => {
  const path = `/messages/task/${await makeTask()}`;
  const init = {
    method: 'POST',
    headers: { ...json, 'idempotency-key': 'once' },
    body: '{"from":"ana","content":"Go"}',
  };
  const answers = await Promise.all(
    [direct, api.url, direct].map((url) =>
      fetch(`${url}${path}`, { ...init, headers: { ...init.headers, authorization: `Bearer ${api.keys.admin}` } }),
    ),
  );
  const texts = await Promise.all(answers.map((answer) => answer.text()));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  expect(new Set(texts).size).toBe(1);
  expect(JSON.parse((await ask(direct, `${path}?limit=5`)).body)).toMatchObject({ items: [{ content: 'Go' }] });
});

test('[TK42] what it does not know is left to Next, and one who goes is not waited for', async () => {
  const id = await makeTask();
  for (const [method, path] of [
    ['GET', `/api/tasks/${id}/reports`],
    ['POST', `/api/tasks/${id}`],
    ['POST', `/api/tasks/%41/reports`],
    ['POST', `/api/tasks/${id}/reports/more`],
  ]) {
    expect(await ask(direct, path ?? '', { method: method ?? '' })).toMatchObject({ status: 599 });
  }
  const leaving = new AbortController();
  const polling = ask(direct, `/messages/task/${id}?wait=60`, { signal: leaving.signal });
  leaving.abort();
  await expect(polling).rejects.toThrow();
});

test('[TK42] a body that ends early is the sender’s fault', async () => {
  const id = await makeTask();
  const sent = request(`${direct}/api/tasks/${id}/reports`, {
    method: 'POST',
    headers: { ...json, 'content-length': '100', authorization: `Bearer ${api.keys.admin}` },
  });
  const gone = new Promise((resolve) => sent.once('error', resolve));
  sent.write('{', () => sent.destroy(new Error('gone')));
  await gone;
  expect(await ask(direct, `/api/tasks/${id}/heartbeat`, { method: 'POST' })).toMatchObject({ status: 200 });
});
