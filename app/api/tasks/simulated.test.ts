import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { WireEntry } from '@/lib/protocol/entry';
import { Task } from '@/lib/protocol/task';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const make = async (context: object, more: object = {}): Promise<Task> => {
  const body = { command: '/demo', runner: 'simulated', context: JSON.stringify({ paceMs: 10, ...context }), ...more };
  const made = await api.by.operator.ask('POST', '/api/tasks', body);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return Task.parse(made.body);
};
const read = async ({ id }: Task) => Task.parse((await api.by.viewer.ask('GET', `/api/tasks/${id}`)).body);
const state = async (task: Task) => (await read(task)).state;
const events = async ({ id }: Task) => {
  const { body } = await api.by.viewer.ask('GET', `/api/tasks/${id}/events?limit=500`);
  return z.array(WireEntry).parse(body['items']);
};
const control = ({ id }: Task, action: string) => api.by.reviewer.ask('POST', `/api/tasks/${id}/control`, { action });
const patient = { timeout: 20_000, interval: 30 };

const fast = { updateEveryMs: 300, silenceMs: 600, graceMs: 300, recoveryDelaysMs: [100, 100, 100] };
const said = (type: string, more: object = {}) => ({ report: { type, ...more } });
const init = said('INITIALIZATION', { command: '/demo' });
const progress = said('PROGRESS_UPDATE', { status: 'IN_PROGRESS', progress_percentage: 10 });
const done = said('COMPLETION', { status: 'SUCCESS', evidence: ['nothing was touched'], results_summary: 'done' });
const handoff = said('HANDOFF_REQUEST', { ready_for_handoff: true });

test('[TK24] carries a task out from announcement to handoff, and keeps P56', async () => {
  const task = await make({}, { milestones: ['one', 'two'] });
  await expect.poll(() => state(task), patient).toBe('SUCCESS');
  expect((await read(task)).milestones).toEqual([
    { name: 'one', state: 'done' },
    { name: 'two', state: 'done' },
  ]);
  const { body } = await api.by.viewer.ask('GET', `/api/tasks/${task.id}/compliance`);
  expect(body).toMatchObject({ score: 1 });
  const reports = (await events(task)).filter(({ type }) => type === 'task.report_accepted');
  expect(new Set(reports.map(({ actor }) => actor.kind))).toEqual(new Set(['key']));
});

test('[TK24] [CK2] an agent that hangs is asked, assumed failed, told to begin again, and goes on', async () => {
  const script = [init, said('MILESTONE_COMPLETED', { milestone: 'one' }), { hangMs: 2_500 }, progress, done, handoff];
  const task = await make({ script }, { clocks: { ...fast, recoveryDelaysMs: [100, 5_000, 5_000] } });
  await expect.poll(() => state(task), patient).toBe('SUCCESS');
  const types = (await events(task)).map(({ type }) => type);
  for (const type of ['task.late', 'task.probed', 'task.assumed_failed', 'task.recovered'])
    expect(types).toContain(type);
});

test('[TK24] set to work again while it still worked, it asks for its handoff once', async () => {
  const script = [init, said('MILESTONE_COMPLETED', { milestone: 'one' }), { hangMs: 2_500 }, progress, done, handoff];
  const clocks = { ...fast, graceMs: 400, recoveryDelaysMs: [100, 5_000, 5_000] };
  const task = await make({ script }, { clocks, handoffPolicy: 'ask' });
  await expect.poll(() => state(task), patient).toBe('HANDOFF_PENDING');
  const runners = async () => {
    const running = "SELECT 1 FROM graphile_worker.jobs WHERE task_identifier = 'task.simulate'";
    return (await api.t.database.pool.query(running)).rowCount;
  };
  await expect.poll(runners, patient).toBe(0);
  const told = await events(task);
  expect(told.filter(({ type }) => type === 'task.recovering')).not.toEqual([]);
  expect(told.filter(({ type }) => type === 'task.report_refused')).toEqual([]);
  const Reported = z.object({ message: z.object({ type: z.string() }) });
  const reported = told.flatMap(({ type, payload }) =>
    type === 'task.report_accepted' ? [Reported.parse(payload).message.type] : [],
  );
  expect(reported.filter((type) => type === 'HANDOFF_REQUEST')).toHaveLength(1);
});

test('[CK2] one that never comes back is taken over by nobody yet, and waits for a person', async () => {
  const task = await make({ script: [init, { hangMs: 4_000 }] }, { clocks: fast });
  await expect.poll(() => state(task), patient).toBe('TAKEN_OVER');
  expect((await read(task)).holder).toBeNull();
  const times = (await events(task)).filter(({ type }) => type === 'task.recovering');
  expect(times).toHaveLength(3);
  expect((await control(task, 'ABORT')).body).toMatchObject({ state: 'CANCELLED' });
});

test('[TK24] its key revoked while it works, it comes again with another and goes on', async () => {
  const task = await make({ script: [init, progress, { workMs: 1_500 }, done, handoff] });
  await expect.poll(() => state(task), patient).toBe('RUNNING');
  const { body } = await api.by.admin.ask('GET', '/api/keys?limit=500');
  const keys = z.array(z.object({ id: z.string(), name: z.string() })).parse(body['items']);
  const key = keys.find(({ name }) => name.endsWith(task.id));
  expect((await api.by.admin.ask('DELETE', `/api/keys/${key?.id}`)).status).toBe(200);
  await expect.poll(() => state(task), patient).toBe('SUCCESS');
});

test('[TK24] what is refused of its script is kept, and it goes on', async () => {
  const task = await make({ script: [init, said('NONSENSE'), progress, done, handoff] });
  await expect.poll(() => state(task), patient).toBe('SUCCESS');
  expect(await read(task)).toMatchObject({ counts: { refused: 1, reports: 4 } });
});

test('[TK24] pauses, goes on and stops as it is told', async () => {
  const script = [init, progress, { workMs: 3_000 }, said('MILESTONE_COMPLETED', { milestone: 'late' }), done, handoff];
  const task = await make({ script });
  await expect.poll(() => state(task), patient).toBe('RUNNING');
  await control(task, 'PAUSE');
  expect(await state(task)).toBe('WAITING');
  await control(task, 'CONTINUE');
  await expect.poll(() => state(task), patient).toBe('SUCCESS');
  const other = await make({ script: [init, progress, { workMs: 60_000 }, done, handoff] });
  await expect.poll(() => state(other), patient).toBe('RUNNING');
  await control(other, 'ABORT');
  const name = `Simulated runner of ${other.id}`;
  const keys = async () =>
    z.array(z.object({ name: z.string() })).parse((await api.by.admin.ask('GET', '/api/keys?limit=500')).body['items']);
  await expect.poll(async () => (await keys()).map((key) => key.name), patient).not.toContain(name);
});
