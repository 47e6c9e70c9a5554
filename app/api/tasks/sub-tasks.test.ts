import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Task } from '@/lib/protocol/task';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { taskDesk } from '@/lib/testing/task-desk';
import type { Visitor } from '@/lib/testing/visitor';

let api: ServedApi;
const { control, events, keyFor, makeTask, read, report } = taskDesk(() => api);
const [introduction, progress] = seedReports;

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const divide = (by: Visitor, parent: Pick<Task, 'id'>, more: object = {}, headers = {}) =>
  by.ask('POST', '/api/tasks', { command: '/a-part', parentTaskId: parent.id, ...more }, headers);
const forbidden = { status: 403, body: { error: { code: 'auth.forbidden' } } };

test('[TK43] an agent’s key makes a sub-task of its task, reports for it, and does so for its own in turn', async () => {
  const principal = { kind: 'agent', id: 'agent-principal' } as const;
  const parent = await makeTask({ principal });
  const agent = await keyFor({ taskIds: [parent.id] });
  await report(parent, introduction, agent);
  const key = { 'idempotency-key': randomUUID() };
  const made = await divide(agent, parent, { purpose: 'The half of it' }, key);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const part = Task.parse(made.body);
  expect(part).toMatchObject({ parentTaskId: parent.id, principal, runner: 'external', state: 'QUEUED' });
  expect((await divide(agent, parent, { purpose: 'The half of it' }, key)).body).toEqual(made.body);
  const [created] = await events(part);
  expect(created?.actor.kind).toBe('key');
  expect((await report(part, { ...introduction, agent_id: 'sub-agent-1' }, agent)).status).toBe(201);
  expect((await report(part, { ...progress, agent_id: 'sub-agent-1' }, agent)).status).toBe(201);
  const third = await divide(agent, part);
  expect(third).toMatchObject({ status: 201, body: { parentTaskId: part.id, principal } });
  expect((await agent.ask('GET', `/api/tasks/${part.id}`)).status).toBe(200);
});

test('[TK43] a key that is bound to agents divides what they carry out', async () => {
  const [mine, others, nobodys] = [await makeTask(), await makeTask(), await makeTask()];
  const agent = await keyFor({ agentIds: ['task-agent-001'] });
  await report(mine, introduction, agent);
  await report(others, { ...introduction, agent_id: 'task-agent-002' });
  const part = await divide(agent, mine);
  expect(part.status).toBe(201);
  expect(await report(Task.parse(part.body), { ...introduction, agent_id: 'task-agent-002' }, agent)).toMatchObject(
    forbidden,
  );
  expect(await divide(agent, others)).toMatchObject(forbidden);
  expect(await divide(agent, nobodys)).toMatchObject(forbidden);
});

test('[TK43] nothing else can be made: no task by itself, no other principal, no runner of ours', async () => {
  const parent = await makeTask();
  const agent = await keyFor({ taskIds: [parent.id] });
  const alone = await agent.ask('POST', '/api/tasks', { command: '/alone' });
  expect(alone).toMatchObject(forbidden);
  expect(alone.body['error']).toHaveProperty(['fields', 'parentTaskId']);
  expect(await divide(agent, { id: randomUUID() as Task['id'] })).toMatchObject(forbidden);
  expect(await divide(agent, parent, { runner: 'simulated' })).toMatchObject(forbidden);
  expect(await divide(agent, parent, { principal: { kind: 'agent', id: 'agent-of-mine' } })).toMatchObject(forbidden);
  expect((await divide(agent, parent, { command: '' })).status).toBe(400);
  const { kind, id } = parent.principal;
  expect((await divide(agent, parent, { principal: { kind, id } })).status).toBe(201);
});

test('[TK43] a sub-task is its maker’s: another key that is bound to the parent has nothing to do with it', async () => {
  const parent = await makeTask();
  const [one, other] = [await keyFor({ taskIds: [parent.id] }), await keyFor({ taskIds: [parent.id] })];
  const part = Task.parse((await divide(one, parent)).body);
  expect(await report(part, introduction, other)).toMatchObject(forbidden);
  expect((await other.ask('GET', `/api/tasks/${part.id}`)).status).toBe(403);
  expect(await read(part)).toMatchObject({ state: 'QUEUED', counts: { refused: 1 } });
});

test('[TK43] a task that is over, or in other hands, is not divided any more', async () => {
  const parent = await makeTask();
  const agent = await keyFor({ taskIds: [parent.id] });
  await report(parent, introduction, agent);
  await control(parent, { action: 'TAKEOVER' });
  expect(await divide(agent, parent)).toMatchObject({ status: 409, body: { error: { code: 'task.taken_over' } } });
  await control(parent, { action: 'HANDBACK' });
  expect((await divide(agent, parent)).status).toBe(201);
  await control(parent, { action: 'ABORT' });
  expect(await divide(agent, parent)).toMatchObject({
    status: 409,
    body: { error: { code: 'task.state', fields: { state: 'CANCELLED' } } },
  });
});
