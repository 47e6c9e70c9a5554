import { afterAll, beforeAll, expect, test } from 'vitest';
import { Conversation } from '@/lib/protocol/conversation';
import { Draft } from '@/lib/protocol/draft';
import { pageOf } from '@/lib/protocol/page';
import { Task } from '@/lib/protocol/task';
import { startDemoOnce } from '@/lib/server/demo/start-demo';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const patient = { timeout: 20_000, interval: 50 };
const get = async (path: string) => (await api.by.viewer.ask('GET', path)).body;
const conversations = async () => pageOf(Conversation).parse(await get('/api/conversations')).items;
const drafts = async () => pageOf(Draft).parse(await get('/api/drafts?status=pending')).items;
const tasks = async () => pageOf(Task).parse(await get('/api/tasks')).items;
const firstLook = async () => (await api.by.operator.ask('PUT', '/api/sandbox/demo')).body;

test('[WT1] at the start Alice and Bob talk to the end, and neither drafts nor tasks are there', async () => {
  await startDemoOnce(api.t.rt);
  await expect.poll(async () => (await conversations()).map(({ state }) => state), patient).toEqual(['idle']);
  await startDemoOnce(api.t.rt);
  expect(await conversations()).toHaveLength(1);
  expect([await drafts(), await tasks()]).toEqual([[], []]);
  expect(await get('/api/settings')).toMatchObject({ demoShown: false });
});

test('[WT1] the first look parks one draft of Bob’s and runs one simulated task for Alice, once', async () => {
  expect(await firstLook()).toEqual({ begun: true });
  expect(await firstLook()).toEqual({ begun: false });
  await expect.poll(async () => (await drafts()).length, patient).toBe(1);
  expect(await drafts()).toMatchObject([{ from: { name: 'Bob' }, to: { name: 'Alice' }, heldBy: 'edge' }]);
  await expect.poll(async () => (await tasks()).map(({ state }) => state), patient).toEqual(['RUNNING']);
  expect(await tasks()).toMatchObject([
    { runner: 'simulated', principal: { name: 'Alice' }, silence: { phase: 'fresh' } },
  ]);
  expect(await conversations()).toMatchObject([{ title: 'Alice and Bob', state: 'waiting', sandbox: true }]);
  expect(await get('/api/settings')).toMatchObject({ demoShown: true });
});

test('[WT2] cleared, the walk-through leaves nothing that waits or runs, and does not come back by itself', async () => {
  const cleared = await api.by.operator.ask('DELETE', '/api/sandbox/demo');
  expect(cleared).toMatchObject({ status: 200, body: { conversations: 1, tasks: 1, agents: 2 } });
  await expect.poll(drafts, patient).toEqual([]);
  expect((await tasks()).map(({ state }) => state)).toEqual(['CANCELLED']);
  expect(await conversations()).toEqual([]);
  expect((await get('/api/agents'))['items']).toEqual([]);
  await startDemoOnce(api.t.rt);
  expect(await firstLook()).toEqual({ begun: false });
  expect(await conversations()).toEqual([]);
});

test('[WT2] a person starts it again, reviewed from the beginning, with one task beside it', async () => {
  expect((await api.by.operator.ask('POST', '/api/sandbox/demo')).status).toBe(201);
  await expect.poll(async () => (await drafts()).length, patient).toBe(1);
  expect((await api.by.operator.ask('POST', '/api/sandbox/demo')).status).toBe(201);
  expect(await conversations()).toHaveLength(1);
  expect((await tasks()).filter(({ state }) => state !== 'CANCELLED')).toHaveLength(1);
});
