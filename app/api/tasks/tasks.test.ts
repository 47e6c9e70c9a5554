import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Task } from '@/lib/protocol/task';
import { ReportAnswer } from '@/lib/protocol/task-report';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { minutesLater, taskDesk } from '@/lib/testing/task-desk';

let api: ServedApi;
const { events, keyFor, makeTask, read, report, types } = taskDesk(() => api);
const [introduction, progress, milestone, , completion, handoff] = seedReports;

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

describe('the seed’s own messages', () => {
  test('[TK1] [TK2] sent verbatim in order, they get the seed’s answers and bring the task to its end', async () => {
    const task = await makeTask();
    expect(task).toMatchObject({ state: 'QUEUED', principal: { kind: 'person', id: 'automation' } });
    const answers = [];
    for (const message of seedReports) {
      const answer = await report(task, message);
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      answers.push(ReportAnswer.parse(answer.body));
    }
    expect(answers.map(({ answer }) => answer.type)).toEqual([
      ...Array(5).fill('STATUS_ACKNOWLEDGED'),
      'CONTROL_ACCEPTED',
    ]);
    expect(answers[1]?.answer).toEqual({
      type: 'STATUS_ACKNOWLEDGED',
      timestamp: expect.any(String),
      agent_id: 'task-agent-001',
      acknowledged_message: 'PROGRESS_UPDATE',
      continue_execution: true,
      user_notified: true,
    });
    expect(answers[5]?.answer).toMatchObject({ handoff_accepted: true, task_completed: true });
    expect(answers[1]?.entry.payload).toMatchObject({ message: progress });
    expect(await read(task)).toMatchObject({
      state: 'SUCCESS',
      outcome: 'SUCCESS',
      progress: { percentage: 100, estimated: false },
      evidence: [milestone.evidence, ...completion.evidence],
      endedAt: expect.any(String),
    });
    expect((await types(task)).filter((type) => type === 'task.report_accepted')).toHaveLength(6);
  });

  test('[TK3] members that are not known are kept', async () => {
    const task = await makeTask();
    await report(task, { ...introduction, cost_usd: 0.02, nested: { any: ['thing', null] } });
    const [, accepted] = await events(task);
    expect(accepted?.payload).toMatchObject({
      message: { ...introduction, cost_usd: 0.02, nested: { any: ['thing', null] } },
    });
  });
});

describe('what is refused', () => {
  test('[TK4] what does not parse is 400 with the field named, and kept', async () => {
    const task = await makeTask();
    for (const [message, field] of [
      [{ ...progress, progress_percentage: 101 }, 'progress_percentage'],
      [{ ...progress, progress_percentage: null }, 'progress_percentage'],
      [{ ...introduction, command: '' }, 'command'],
      [{ ...introduction, agent_id: '' }, 'agent_id'],
      [{ ...introduction, timestamp: 'yesterday' }, 'timestamp'],
      [{ ...introduction, type: 'GREETING' }, 'type'],
      [{ type: 'HANDOFF_REQUEST', timestamp: handoff.timestamp, agent_id: 'a' }, 'ready_for_handoff'],
    ] as const) {
      const answer = await report(task, message);
      expect(answer, field).toMatchObject({ status: 400, body: { error: { code: 'request.invalid' } } });
      expect(answer.body['error']).toHaveProperty(['fields', field]);
    }
    const refused = (await events(task)).filter(({ type }) => type === 'task.report_refused');
    expect(refused).toHaveLength(7);
    expect(refused[0]?.payload).toMatchObject({ raw: JSON.stringify({ ...progress, progress_percentage: 101 }) });
    expect(await read(task)).toMatchObject({ state: 'QUEUED', counts: { refused: 7, reports: 0 } });
  });

  test('[TK4] of a long one at most 4 KiB are kept', async () => {
    const task = await makeTask();
    await report(task, { ...introduction, command: 1, context: 'ü'.repeat(10_000) });
    const [, refused] = await events(task);
    const raw = String(refused?.payload?.['raw']);
    expect(Buffer.byteLength(raw)).toBeLessThanOrEqual(4_096);
    expect(Buffer.byteLength(raw)).toBeGreaterThan(4_090);
  });

  test('[TK5] what does not fit the state is 409 with the state and what would fit, and kept', async () => {
    const task = await makeTask();
    expect(await report(task, progress)).toMatchObject({
      status: 409,
      body: { error: { code: 'task.state', fields: { state: 'QUEUED', fits: 'INITIALIZATION' } } },
    });
    await report(task, introduction);
    expect(await report(task, minutesLater(introduction, 1))).toMatchObject({
      status: 409,
      body: { error: { fields: { state: 'INITIALIZING' } } },
    });
    expect(await types(task)).toContain('task.report_refused');
  });

  test('[TK6] a report that is repeated is answered as before, with 200, also when the task is over', async () => {
    const task = await makeTask();
    for (const message of seedReports) await report(task, message);
    const before = await events(task);
    const again = await report(task, progress);
    expect(again.status).toBe(200);
    expect(again.body['entry']).toEqual(
      before.find(
        ({ payload }) =>
          payload?.['missing'] &&
          payload['message'] &&
          (payload['message'] as { type: string }).type === 'PROGRESS_UPDATE',
      ),
    );
    expect(again.body['answer']).toMatchObject({ acknowledged_message: 'PROGRESS_UPDATE' });
    expect(await events(task)).toEqual(before);
  });

  test('[TK6] a repetition under an Idempotency-Key gets the very first answer', async () => {
    const task = await makeTask();
    const headers = { 'idempotency-key': 'the-first-word' };
    const first = await report(task, introduction, api.by.operator, headers);
    const again = await report(task, introduction, api.by.operator, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
  });

  test('[TK7] an agent’s key reports for its tasks only, and only in the name of its agents; what it forges is kept', async () => {
    const [task, other] = [await makeTask(), await makeTask()];
    const ofTask = await keyFor({ taskIds: [task.id] });
    const ofAgent = await keyFor({ agentIds: ['task-agent-001'] });
    const stranger = await keyFor({ agentIds: ['task-agent-666'] });
    const forbidden = { status: 403, body: { error: { code: 'auth.forbidden' } } };
    expect((await report(task, introduction, ofTask)).status).toBe(201);
    expect(await report(other, introduction, ofTask)).toMatchObject(forbidden);
    expect((await report(other, introduction, ofAgent)).status).toBe(201);
    expect(await report(task, progress, stranger)).toMatchObject(forbidden);
    expect(await report(task, { ...progress, agent_id: 'task-agent-666' }, ofTask)).toMatchObject(forbidden);
    expect(await report(task, { ...progress, agent_id: 'task-agent-666' }, ofAgent)).toMatchObject(forbidden);
    const refused = (await events(task)).filter(({ type }) => type === 'task.report_refused');
    expect(refused.map(({ payload }) => payload?.['code'])).toEqual(Array(3).fill('auth.forbidden'));
    expect((await ofTask.ask('GET', `/api/tasks/${other.id}`)).status).toBe(403);
    expect((await ofTask.ask('GET', `/api/tasks/${task.id}/events`)).status).toBe(200);
    expect((await ofTask.ask('GET', '/api/tasks')).status).toBe(403);
  });
});

describe('partial reports', () => {
  test('[TK8] an incomplete report is accepted; what is absent is asked for and shown as an estimate', async () => {
    const task = await makeTask({ milestones: ['one', 'two', 'three', 'four'] });
    await report(task, introduction);
    const answer = await report(task, {
      type: 'PROGRESS_UPDATE',
      timestamp: progress.timestamp,
      agent_id: 'task-agent-001',
      status: 'IN_PROGRESS',
      milestones_completed: ['one'],
    });
    expect(answer.status).toBe(201);
    expect(answer.body['instructions']).toMatchObject([
      {
        type: 'x-STATUS_REQUEST',
        missing: ['progress_percentage', 'current_action', 'tools_active', 'next_milestone'],
      },
    ]);
    expect(await read(task)).toMatchObject({ progress: { percentage: 25, estimated: true } });
    await report(task, minutesLater(progress, 2));
    expect(await read(task)).toMatchObject({ progress: { percentage: 45, estimated: false }, missing: [] });
  });

  test('[TK9] a percentage that goes back is accepted and flagged', async () => {
    const task = await makeTask();
    for (const message of [introduction, milestone, minutesLater(progress, 3)]) await report(task, message);
    expect(await read(task)).toMatchObject({ progress: { percentage: 45, wentBackFrom: 75, estimated: false } });
  });

  test('[TK9] a next milestone that was neither planned nor reached is none once another takes its place', async () => {
    const task = await makeTask({ milestones: ['Read', 'Write'] });
    await report(task, introduction);
    for (const note of ['file 1 of 30', 'file 2 of 30', 'file 3 of 30']) {
      await report(task, { ...progress, milestones_completed: ['Look'], next_milestone: note });
    }
    const { milestones } = await read(task);
    expect(milestones).toEqual([
      { name: 'Read', state: 'waiting' },
      { name: 'Write', state: 'waiting' },
      { name: 'Look', state: 'done' },
      { name: 'file 3 of 30', state: 'running' },
    ]);
  });

  test('[TK9] without a plan nothing is made up', async () => {
    const task = await makeTask();
    await report(task, introduction);
    await report(task, { ...milestone, progress_percentage: undefined });
    expect(await read(task)).toMatchObject({ progress: { percentage: null, estimated: false } });
  });
});

describe('lists', () => {
  test('[TK20] tasks are listed newest first, filtered, and parents and children form a tree', async () => {
    const parent = await makeTask({ command: '/parent', principal: { kind: 'agent', id: 'agent-principal' } });
    const children = [
      await makeTask({ command: '/child one', parentTaskId: parent.id }),
      await makeTask({ command: '/child two', parentTaskId: parent.id }),
    ];
    const list = async (query: string) =>
      z.array(Task).parse((await api.by.viewer.ask('GET', `/api/tasks?${query}`)).body['items']);
    expect((await list(`parent=${parent.id}`)).map(({ id }) => id)).toEqual(children.map(({ id }) => id).reverse());
    expect((await list('principal=agent-principal')).map(({ id }) => id)).toEqual([parent.id]);
    expect((await list('q=CHILD%20one')).map(({ command }) => command)).toEqual(['/child one']);
    expect((await list('state=SUCCESS,CANCELLED')).every(({ state }) => ['SUCCESS', 'CANCELLED'].includes(state))).toBe(
      true,
    );
    expect((await api.by.viewer.ask('GET', '/api/tasks?state=GONE')).status).toBe(400);
    const missing = { command: '/x', parentTaskId: '00000000-0000-4000-8000-000000000000' };
    expect((await api.by.operator.ask('POST', '/api/tasks', missing)).body).toMatchObject({
      error: { fields: { parentTaskId: 'no such task' } },
    });
  });

  test('[TK21] a runner that is not there is 409', async () => {
    expect(await api.by.operator.ask('POST', '/api/tasks', { command: '/x', runner: 'acp' })).toMatchObject({
      status: 409,
      body: { error: { code: 'runner.unavailable' } },
    });
  });
});

test('[AP6] the events of a task are read from a time on, too', async () => {
  const task = await makeTask();
  await report(task, introduction);
  const from = async (time: string) => {
    const { body } = await api.by.viewer.ask('GET', `/api/tasks/${task.id}/events?from=${time}`);
    return body['items'];
  };
  const all = await events(task);
  const [created, accepted] = all;
  expect(await from(created?.receivedAt ?? '')).toEqual(all);
  expect(await from(accepted?.receivedAt ?? '')).toEqual(
    all.filter(({ receivedAt }) => receivedAt >= String(accepted?.receivedAt)),
  );
  expect(await from('9999-01-01T00:00:00Z')).toEqual([]);
});
