import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ErrorBody } from '@/lib/protocol/errors';
import type { Task } from '@/lib/protocol/task';
import { malformedReport } from '@/lib/testing/malformed-report';
import { rounds } from '@/lib/testing/rounds';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { taskDesk } from '@/lib/testing/task-desk';
import { POST } from './[taskId]/reports/route';

let api: ServedApi;
const { events, keyFor, makeTask, read, report } = taskDesk(() => api);

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const AT_ONCE = 100;

/** The route itself, without a network between. */
const send = async ({ id }: Task, body: string): Promise<{ status: number; body: unknown }> => {
  const request = new Request(`${api.url}/api/tasks/${id}/reports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.keys.operator}`, 'content-type': 'application/json' },
    body,
  });
  const response = await POST(request, { params: Promise.resolve({ taskId: id }) });
  return { status: response.status, body: await response.json() };
};

test('[TK4] of 10,000 malformed reports none is accepted, none is a fault of ours, and each is kept', async () => {
  const messages = fc.sample(malformedReport, rounds(10_000)).map(({ message }) => JSON.stringify(message));
  // Some find their task at its beginning, some while it runs.
  const tasks = await Promise.all(Array.from({ length: AT_ONCE }, () => makeTask()));
  for (const task of tasks.slice(0, AT_ONCE / 2)) await report(task, seedReports[0]);
  const before = await Promise.all(tasks.map(read));
  const senders = tasks.map(async (task, lane) => {
    for (let n = lane; n < messages.length; n += AT_ONCE) {
      const answer = await send(task, messages[n] ?? '');
      expect(answer.status, messages[n]).toBe(400);
      expect(ErrorBody.safeParse(answer.body).success, messages[n]).toBe(true);
    }
  });
  await Promise.all(senders);
  const after = await Promise.all(tasks.map(read));
  expect(after.map(({ state, counts }) => [state, counts.reports])).toEqual(
    before.map(({ state, counts }) => [state, counts.reports]),
  );
  expect(after.reduce((sum, { counts }) => sum + counts.refused, 0)).toBe(messages.length);
}, 120_000);

test('[TK4] what is no JSON at all, cut off or in another encoding is 400, changes nothing, and is kept', async () => {
  const task = await makeTask();
  const whole = JSON.stringify(seedReports[0]);
  const broken = fc.oneof(
    fc.integer({ min: 1, max: whole.length - 1 }).map((end) => whole.slice(0, end)),
    fc.string({ minLength: 1 }).filter((text) => !isJson(text)),
    fc.nat(whole.length).map((at) => `${whole.slice(0, at)}\u0001"${whole.slice(at)}`),
  );
  const bodies = fc.sample(broken, rounds(300));
  for (const body of bodies) expect((await send(task, body)).status, body).toBe(400);
  const kept = await refusedOf(task);
  expect(kept.slice(0, bodies.length).map(({ raw }) => raw)).toEqual(bodies.map(asText).slice(0, kept.length));
  expect(await read(task)).toMatchObject({ state: 'QUEUED', counts: { reports: 0, refused: bodies.length } });
});

/** As it arrives: bytes have no lone surrogates, and what does not decode becomes U+FFFD. */
const asText = (body: string) => new TextDecoder().decode(Buffer.from(body));

const refusedOf = async (task: Task) =>
  (await events(task)).flatMap(({ type, payload }) => (type === 'task.report_refused' && payload ? [payload] : []));

test('[TK4] other media, other encodings, and what is too large or too deep are kept as text, at most 4 KiB', async () => {
  const task = await makeTask();
  const key = (await api.by.admin.ask('POST', '/api/keys', { name: 'a', audience: 'agent', taskIds: [task.id] })).body;
  const url = `${api.url}/api/tasks/${task.id}/reports`;
  const json = 'application/json';
  for (const [type, body, status] of [
    ['text/plain', '<script>alert(1)</script> \u001b[2J', 415],
    [json, Buffer.from([0x22, 0xff, 0x22]), 400],
    [json, '['.repeat(65) + ']'.repeat(65), 400],
    [json, `"${'ü'.repeat(600_000)}"`, 413],
  ] as const) {
    const headers = { authorization: `Bearer ${key['key']}`, 'content-type': type };
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(status);
  }
  const kept = await refusedOf(task);
  expect(kept.map(({ code }) => code)).toEqual([
    'request.media_type',
    'request.invalid',
    'request.invalid',
    'request.too_large',
  ]);
  expect(kept.slice(0, 2).map(({ raw }) => raw)).toEqual(['<script>alert(1)</script> \u001b[2J', '"\ufffd"']);
  const raw = String(kept[3]?.['raw']);
  expect(raw.startsWith('"üüü')).toBe(true);
  expect(Buffer.byteLength(raw)).toBeLessThanOrEqual(4_096);
});

test('[TK4] what an agent sends in the place of a heartbeat or a message is kept; what people mistype is not', async () => {
  const task = await makeTask();
  const agent = await keyFor({ taskIds: [task.id] });
  for (const by of [agent, api.by.operator]) {
    expect((await by.ask('POST', `/api/tasks/${task.id}/heartbeat`, { acknowledge: 'all' })).status).toBe(400);
    expect((await by.ask('POST', `/messages/task/${task.id}`, { from: 'me' })).status).toBe(400);
  }
  expect((await refusedOf(task)).map(({ raw }) => raw)).toEqual(['{"acknowledge":"all"}', '{"from":"me"}']);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // which is what is looked for
  }
}
