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
const { makeTask, read, report, types } = taskDesk(() => api);

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

test('[TK4] what is no JSON at all, cut off or in another encoding is 400 and changes nothing', async () => {
  const task = await makeTask();
  const whole = JSON.stringify(seedReports[0]);
  const broken = fc.oneof(
    fc.nat(whole.length - 1).map((end) => whole.slice(0, end)),
    fc.string({ minLength: 1 }).filter((text) => !isJson(text)),
    fc.nat(whole.length).map((at) => `${whole.slice(0, at)}\u0001"${whole.slice(at)}`),
  );
  for (const body of fc.sample(broken, rounds(300))) {
    expect((await send(task, body)).status, body).toBe(400);
  }
  expect((await types(task)).filter((type) => type === 'task.report_accepted')).toEqual([]);
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // which is what is looked for
  }
}
