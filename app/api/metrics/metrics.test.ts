import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MetricPoint, MetricSeries, MetricSeriesList } from '@/lib/protocol/metrics';
import { Task } from '@/lib/protocol/task';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
let task: Task;

beforeAll(async () => {
  api = await serveApi();
  task = Task.parse((await api.by.operator.ask('POST', '/api/tasks', { command: '/sync-claude-md' })).body);
  for (const message of seedReports) {
    // U+0000, which PostgreSQL's own JSON cannot hold, may stand in whatever agents say.
    const said = { ...message, note: 'a\u0000b' };
    const { status } = await api.by.operator.ask('POST', `/api/tasks/${task.id}/reports`, said);
    expect(status).toBe(201);
  }
});
afterAll(() => api.close());

const read = async (path: string) => (await api.by.viewer.ask('GET', path)).body;

test('[MT1] a series has a point for each thing that happened, with the entry that proves it', async () => {
  const acknowledged = MetricSeries.parse(await read('/api/metrics/acknowledgement'));
  expect(acknowledged.points).toHaveLength(seedReports.length);
  const [first] = acknowledged.points;
  const { items } = await read(`/api/audit/entries?after=${(first?.entry ?? 0) - 1}&limit=1`);
  expect(items).toMatchObject([{ type: 'task.answered', stream: `task:${task.id}` }]);
  expect(MetricSeries.parse(await read('/api/metrics/update-gap')).points).toHaveLength(seedReports.length - 1);
  expect(MetricSeries.parse(await read('/api/metrics/handoff')).points).toMatchObject([{ taskId: task.id }]);
  expect(MetricSeries.parse(await read('/api/metrics/recovery'))).toMatchObject({ points: [], p50Ms: null, over: 0 });
});

test('[MT2] p50, p95 and how many are over the target are those of the points', async () => {
  const { items } = MetricSeriesList.parse(await read('/api/metrics'));
  expect(items.map(({ metric, targetMs }) => [metric, targetMs])).toEqual([
    ['acknowledgement', 500],
    ['update-gap', 30_000],
    ['handoff', 1_000],
    ['recovery', 10_000],
  ]);
  for (const { points, p50Ms, p95Ms, targetMs, over } of items) {
    const values = points.map(({ valueMs }) => valueMs).toSorted((one, other) => one - other);
    expect([p50Ms, p95Ms]).toEqual([values[Math.ceil(values.length / 2) - 1] ?? null, values.at(-1) ?? null]);
    expect(over).toBe(values.filter((value) => value > targetMs).length);
  }
  for (const wanted of [0, 2]) {
    const some = MetricSeriesList.parse(await read(`/api/metrics?points=${wanted}`)).items;
    const newest = (points: MetricPoint[]) => points.filter((_, index) => index >= points.length - wanted);
    expect(some).toEqual(items.map((series) => ({ ...series, points: newest(series.points) })));
  }
});

test('[MT3] a series is narrowed to a task, an agent, a principal, a time', async () => {
  const count = async (query: string) =>
    MetricSeries.parse(await read(`/api/metrics/acknowledgement?${query}`)).points.length;
  expect(await count(`task=${task.id}`)).toBe(seedReports.length);
  expect(await count('task=00000000-0000-4000-8000-000000000000')).toBe(0);
  expect(await count('agent=task-agent-001')).toBe(seedReports.length);
  expect(await count('agent=somebody-else')).toBe(0);
  expect(await count(`principal=${task.principal.id}`)).toBe(seedReports.length);
  expect(await count('to=2020-01-01T00:00:00Z')).toBe(0);
  const unknown = await api.by.viewer.ask('GET', '/api/metrics/happiness');
  expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'request.not_found' } } });
});

test('[MT4] Prometheus gets the same figures, for a key that may read', async () => {
  const scrape = (key?: string) =>
    fetch(`${api.url}/metrics`, key === undefined ? {} : { headers: { Authorization: `Bearer ${key}` } });
  expect((await scrape()).status).toBe(401);
  const answer = await scrape(api.keys.viewer);
  expect(answer.headers.get('content-type')).toContain('text/plain');
  const text = await answer.text();
  expect(text).toContain('parley_tasks{state="SUCCESS"} 1');
  expect(text).toContain(`parley_task_acknowledgement_seconds_count ${seedReports.length}`);
  expect(text).toContain('parley_letta_connected{server="sandbox"} 1');
  const { body } = await api.by.viewer.ask('GET', '/api/metrics');
  for (const { metric, p50Ms, p95Ms } of MetricSeriesList.parse(body).items) {
    const told = (share: number, ms: number | null) =>
      `parley_task_${metric.replace('-', '_')}_seconds{quantile="${share}"} ${ms === null ? 'NaN' : ms / 1_000}\n`;
    expect(text).toContain(told(0.5, p50Ms));
    expect(text).toContain(told(0.95, p95Ms));
  }
});

test('[MT1] a gap in which the agent waited for somebody is none, and saying that one is not ready asks for nothing', async () => {
  const other = Task.parse((await api.by.operator.ask('POST', '/api/tasks', { command: '/other' })).body);
  const [introduction, progress, milestone, error, , handoff] = seedReports;
  const say = (message: object) => api.by.operator.ask('POST', `/api/tasks/${other.id}/reports`, message);
  const control = (action: string) => api.by.operator.ask('POST', `/api/tasks/${other.id}/control`, { action });
  const count = async (metric: string) =>
    MetricSeries.parse(await read(`/api/metrics/${metric}?task=${other.id}`)).points.length;
  for (const message of [introduction, progress]) await say(message);
  expect(await count('update-gap')).toBe(1);
  await control('PAUSE');
  for (const note of [1, 2]) await say({ ...progress, note }); // in the pause
  expect(await count('update-gap')).toBe(1);
  await control('CONTINUE');
  await say(milestone);
  expect(await count('update-gap')).toBe(1);
  await control('TAKEOVER');
  for (const note of [3, 4]) await say({ ...progress, note }); // in other hands
  await control('HANDBACK');
  await say({ ...milestone, blocking: true }); // a member that only an error means something by
  expect(await count('update-gap')).toBe(1);
  for (const message of [
    { ...error, blocking: true },
    { ...handoff, ready_for_handoff: false },
  ])
    await say(message);
  expect(await count('update-gap')).toBe(2);
  await say({ ...seedReports[4], status: 'FAILED' });
  await control('ACCEPT');
  expect(await count('handoff')).toBe(0);
});

test('[MT1] a handoff lasts from the first time that it was asked for, however often, and waiting for it is no gap', async () => {
  const asked = { command: '/asks-again', handoffPolicy: 'ask' };
  const { id } = Task.parse((await api.by.operator.ask('POST', '/api/tasks', asked)).body);
  const say = (message: object) => api.by.operator.ask('POST', `/api/tasks/${id}/reports`, message);
  const [introduction, , , , completion, handoff] = seedReports;
  for (const message of [introduction, completion, handoff]) await say(message);
  const from = performance.now();
  for (let note = 0; performance.now() < from + 300; note += 1) await say({ ...handoff, note });
  await api.by.operator.ask('POST', `/api/tasks/${id}/control`, { action: 'ACCEPT' });
  const series = async (metric: string) => MetricSeries.parse(await read(`/api/metrics/${metric}?task=${id}`)).points;
  const [lasted] = await series('handoff');
  expect(lasted?.valueMs).toBeGreaterThanOrEqual(290);
  expect(await series('update-gap')).toHaveLength(2);
});
