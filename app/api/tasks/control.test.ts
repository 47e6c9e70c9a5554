import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Task, TaskMessage } from '@/lib/protocol/task';
import { seedReports } from '@/lib/testing/seed-reports';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';
import { minutesLater, taskDesk } from '@/lib/testing/task-desk';
import { browser } from '@/lib/testing/visitor';

let api: ServedApi;
const { control, keyFor, makeTask, read, report, types } = taskDesk(() => api);
const [introduction, progress, milestone, error, completion, handoff] = seedReports;

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

describe('handoff', () => {
  test('[TK10] without evidence it waits for a decision, and CONTROL_ACCEPTED follows', async () => {
    const task = await makeTask();
    for (const message of [introduction, { ...completion, evidence: [] }]) await report(task, message);
    const asked = await report(task, handoff);
    expect(asked.body['answer']).toMatchObject({
      type: 'STATUS_ACKNOWLEDGED',
      acknowledged_message: 'HANDOFF_REQUEST',
    });
    expect(await read(task)).toMatchObject({ state: 'HANDOFF_PENDING', waitingFor: 'handoff_decision' });
    expect((await control(task, { action: 'ACCEPT' })).body).toMatchObject({ state: 'SUCCESS' });
    const { body } = await api.by.operator.ask('GET', `/messages/task/${task.id}?wait=0`);
    expect(body['items']).toMatchObject([{ kind: 'handoff', status: 'delivered' }]);
  });

  test('[TK10] a request before the completion is decided with it', async () => {
    const task = await makeTask();
    for (const message of [introduction, handoff]) await report(task, message);
    const done = await report(task, completion);
    expect(done.body['instructions']).toMatchObject([{ type: 'CONTROL_ACCEPTED', handoff_accepted: true }]);
    expect(await read(task)).toMatchObject({ state: 'SUCCESS' });
  });

  test('[TK10] with the policy `ask` even evidence waits for the principal', async () => {
    const task = await makeTask({ handoffPolicy: 'ask' });
    for (const message of [introduction, completion, handoff]) await report(task, message);
    expect(await read(task)).toMatchObject({ state: 'HANDOFF_PENDING' });
    expect((await control(task, { action: 'CONTINUE', reason: 'Not yet.' })).body).toMatchObject({ state: 'RUNNING' });
  });
});

describe('control', () => {
  test('[TK11] pause stops the clocks and says not to go on; continue starts them anew', async () => {
    const task = await makeTask();
    await report(task, introduction);
    expect((await control(task, { action: 'PAUSE' })).body).toMatchObject({
      state: 'WAITING',
      waitingFor: 'resume',
      silence: { nextAt: null },
    });
    const answer = await report(task, progress);
    expect(answer.body['answer']).toMatchObject({ continue_execution: false });
    expect(answer.body['instructions']).toMatchObject([{ type: 'x-CONTROL', action: 'PAUSE' }]);
    expect(await read(task)).toMatchObject({ state: 'WAITING' });
    expect((await control(task, { action: 'CONTINUE' })).body).toMatchObject({
      state: 'RUNNING',
      silence: { nextAt: expect.any(String) },
    });
  });

  test('[TK11] what is completed and asked for in a pause waits with it, and is decided when somebody goes on', async () => {
    const task = await makeTask();
    await report(task, introduction);
    await control(task, { action: 'PAUSE' });
    for (const message of [completion, handoff]) {
      const { body } = await report(task, message);
      expect(body['answer']).toMatchObject({ type: 'STATUS_ACKNOWLEDGED', continue_execution: false });
      expect(await read(task)).toMatchObject({ state: 'WAITING', waitingFor: 'resume' });
    }
    expect(await report(task, minutesLater(progress, 1))).toMatchObject({
      status: 409,
      body: { error: { fields: { fits: 'HANDOFF_REQUEST' } } },
    });
    expect((await control(task, { action: 'CONTINUE' })).body).toMatchObject({ state: 'SUCCESS' });
    const { body } = await api.by.operator.ask('GET', `/messages/task/${task.id}?wait=0`);
    expect(body['items']).toMatchObject([{ kind: 'handoff', message: { type: 'CONTROL_ACCEPTED' } }]);
    const unfinished = await makeTask();
    await report(unfinished, introduction);
    await control(unfinished, { action: 'PAUSE' });
    await report(unfinished, completion);
    expect((await control(unfinished, { action: 'CONTINUE' })).body).toMatchObject({
      state: 'HANDOFF_PENDING',
      waitingFor: 'handoff_request',
    });
  });

  test('[TK12] taken over, the agent’s reports are kept in quarantine; handed back, it goes on from its checkpoint', async () => {
    const task = await makeTask();
    const agent = await keyFor({ taskIds: [task.id] });
    for (const message of [introduction, milestone]) await report(task, message, agent);
    expect((await control(task, { action: 'TAKEOVER', reason: 'I know better.' })).body).toMatchObject({
      state: 'TAKEN_OVER',
      holder: { kind: 'person' },
      checkpoint: { milestone: 'Documentation generation' },
    });
    expect(await report(task, minutesLater(progress, 1), agent)).toMatchObject({
      status: 409,
      body: { error: { code: 'task.taken_over' } },
    });
    expect(await types(task)).toContain('task.report_quarantined');
    expect((await control(task, { action: 'HANDBACK' })).body).toMatchObject({ state: 'RUNNING', holder: null });
    const answer = await report(task, minutesLater(progress, 2), agent);
    expect(answer.body['instructions']).toMatchObject([
      { type: 'x-CONTROL', action: 'TAKEOVER' },
      { type: 'x-CONTROL', action: 'HANDBACK', checkpoint: { milestone: 'Documentation generation' } },
    ]);
  });

  test('[TK13] of several who take over at once one holds it, and the others are told who', async () => {
    const task = await makeTask();
    await report(task, introduction);
    const takers = [api.by.reviewer, api.ada];
    const answers = await Promise.all(takers.map((taker) => control(task, { action: 'TAKEOVER' }, taker)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ error: { code: 'task.taken' } });
    const { holder } = await read(task);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      error: { message: `${holder?.name} has taken this task over.` },
    });
    expect((await types(task)).filter((type) => type === 'task.taken_over')).toHaveLength(1);
  });

  test('[TK13] what a person who is removed held is taken over or handed back by the next', async () => {
    const gus = browser(api.url);
    const { link } = (await api.ada.ask('POST', '/api/invitations', { name: 'Gus', role: 'reviewer' })).body;
    const token = new URL(String(link)).searchParams.get('invitation');
    await gus.ask('POST', '/api/sign-in/invitation', { token });
    const held = [await makeTask(), await makeTask()] as const;
    for (const task of held) {
      await report(task, introduction);
      expect((await control(task, { action: 'TAKEOVER' }, gus)).status).toBe(200);
    }
    const { holder } = await read(held[0]);
    expect((await api.ada.ask('DELETE', `/api/people/${holder?.id}`)).status).toBe(200);
    await expect
      .poll(() => Promise.all(held.map(async (task) => (await read(task)).holder)), { timeout: 10_000 })
      .toEqual([null, null]);
    expect(await read(held[0])).toMatchObject({ state: 'TAKEN_OVER' });
    expect((await control(held[0], { action: 'HANDBACK' })).body).toMatchObject({ state: 'RUNNING' });
    expect((await control(held[1], { action: 'TAKEOVER' })).body).toMatchObject({ state: 'TAKEN_OVER' });
  });

  test('[TK14] whoever holds a task reports for it and brings it to its end', async () => {
    const task = await makeTask();
    await report(task, introduction);
    await control(task, { action: 'TAKEOVER' });
    for (const message of [progress, completion, handoff]) {
      expect((await report(task, { ...message, agent_id: 'me' })).status).toBe(201);
    }
    expect(await read(task)).toMatchObject({ state: 'SUCCESS' });
  });

  test('[TK14] what its agent completed before it was taken over can be accepted as it is', async () => {
    const task = await makeTask({ handoffPolicy: 'ask' });
    for (const message of [introduction, completion, handoff]) await report(task, message);
    await control(task, { action: 'TAKEOVER' });
    expect((await control(task, { action: 'ACCEPT' })).body).toMatchObject({ state: 'SUCCESS', holder: null });
    const bare = await makeTask();
    await report(bare, introduction);
    await control(bare, { action: 'TAKEOVER' });
    expect((await control(bare, { action: 'ACCEPT' })).status).toBe(409);
  });

  test('[TK14] what nobody has begun is begun by its holder, stays theirs, and is begun by its agent after that', async () => {
    const task = await makeTask();
    await control(task, { action: 'TAKEOVER' });
    for (const message of [introduction, progress]) {
      expect((await report(task, { ...message, agent_id: 'me' })).status).toBe(201);
      expect(await read(task)).toMatchObject({ state: 'TAKEN_OVER', holder: { kind: 'person' }, agentId: null });
    }
    await report(task, { ...completion, agent_id: 'me', evidence: [] });
    await report(task, { ...handoff, agent_id: 'me' });
    expect(await control(task, { action: 'RETRY' })).toMatchObject({ status: 409 });
    expect((await control(task, { action: 'CONTINUE' })).body).toMatchObject({ state: 'TAKEN_OVER', waitingFor: null });
    expect((await control(task, { action: 'HANDBACK' })).body).toMatchObject({ state: 'QUEUED', holder: null });
    expect((await report(task, minutesLater(introduction, 1))).status).toBe(201);
    expect(await read(task)).toMatchObject({ state: 'INITIALIZING', agentId: 'task-agent-001' });
  });

  test('[TK15] aborted, it is cancelled; nothing fits any more but a retry of what has failed', async () => {
    const task = await makeTask();
    await report(task, introduction);
    expect((await control(task, { action: 'ABORT', reason: 'No longer needed.' })).body).toMatchObject({
      state: 'CANCELLED',
    });
    expect(await report(task, progress)).toMatchObject({ status: 409, body: { error: { fields: { fits: '' } } } });
    expect(await control(task, { action: 'CONTINUE' })).toMatchObject({
      status: 409,
      body: { error: { code: 'task.state' } },
    });
    const failed = await makeTask();
    for (const message of [introduction, { ...completion, status: 'FAILED' }, handoff]) await report(failed, message);
    expect(await read(failed)).toMatchObject({ state: 'FAILED' });
    expect((await control(failed, { action: 'RETRY' })).body).toMatchObject({ state: 'RECOVERING', endedAt: null });
    expect((await report(failed, minutesLater(introduction, 5))).status).toBe(201);
    expect(await read(failed)).toMatchObject({ state: 'INITIALIZING' });
  });
});

test('[TK22] a blocking error waits for a person, and the next word of the agent goes on', async () => {
  const task = await makeTask();
  await report(task, introduction);
  await report(task, { ...error, blocking: true });
  expect(await read(task)).toMatchObject({
    state: 'WAITING',
    waitingFor: 'blocking_error',
    lastError: { blocking: true },
  });
  await report(task, progress);
  expect(await read(task)).toMatchObject({ state: 'RUNNING' });
});

test('[TK45] an agent that is not ready takes its request back, and goes on', async () => {
  const unready = { ...handoff, ready_for_handoff: false };
  const blocked = await makeTask();
  for (const message of [introduction, { ...error, blocking: true }, unready]) await report(blocked, message);
  expect(await read(blocked)).toMatchObject({ state: 'RUNNING', waitingFor: null });
  const early = await makeTask();
  for (const message of [introduction, handoff]) await report(early, message);
  expect(await read(early)).toMatchObject({ state: 'HANDOFF_PENDING' });
  await report(early, unready);
  expect(await read(early)).toMatchObject({ state: 'RUNNING' });
  await report(early, completion);
  expect(await read(early)).toMatchObject({ state: 'HANDOFF_PENDING', waitingFor: 'handoff_request' });
});

describe('the queue', () => {
  const queued = (task: Task, content: string, more: object = {}) =>
    api.by.reviewer.ask('POST', `/messages/task/${task.id}`, { from: 'agent-123', content, ...more });
  const listed = async (task: Task) =>
    z.array(TaskMessage).parse((await api.by.viewer.ask('GET', `/messages/task/${task.id}`)).body['items']);

  test('[TK16] messages keep their order, go along with the next answer, and have receipts', async () => {
    const task = await makeTask();
    await report(task, introduction);
    for (const content of ['first', 'second']) expect((await queued(task, content)).status).toBe(201);
    await api.by.reviewer.ask('POST', `/api/tasks/${task.id}/instructions`, {
      content: 'third',
      kind: 'clarification',
    });
    expect((await listed(task)).map(({ status }) => status)).toEqual(['queued', 'queued', 'queued']);
    const { body } = await report(task, progress);
    expect(body['instructions']).toMatchObject([
      { type: 'x-INSTRUCTION', content: 'first', from: 'agent-123' },
      { content: 'second' },
      { content: 'third', kind: 'clarification' },
    ]);
    expect((await listed(task)).map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered']);
    const next = await report(task, milestone);
    expect(next.body['instructions']).toEqual([]);
    expect((await listed(task)).map(({ status }) => status)).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  });

  test('[TK17] a long poll waits for a message and hands it over once', async () => {
    const task = await makeTask();
    await report(task, introduction);
    const polled = api.by.operator.ask('GET', `/messages/task/${task.id}?wait=20`);
    await queued(task, 'wake up', { metadata: { why: ['news'] } });
    expect((await polled).body['items']).toMatchObject([
      {
        content: 'wake up',
        status: 'delivered',
        delivery: 'poll',
        metadata: { why: ['news'] },
        message: { type: 'x-INSTRUCTION', content: 'wake up', from: 'agent-123' },
      },
    ]);
    expect((await api.by.operator.ask('GET', `/messages/task/${task.id}?wait=0`)).body['items']).toEqual([]);
    expect((await report(task, progress)).body['instructions']).toEqual([]);
    expect((await api.by.viewer.ask('GET', `/messages/task/${task.id}?wait=0`)).status).toBe(403);
  });

  test('[TK17] [HT23] a wait that says no number of seconds is refused and takes nothing', async () => {
    const task = await makeTask();
    await report(task, introduction);
    await queued(task, 'stay');
    for (const wait of ['', '%20', 'soon', '-1', '61', 'NaN']) {
      const asked = await api.by.operator.ask('GET', `/messages/task/${task.id}?wait=${wait}`);
      expect(asked, wait).toMatchObject({ status: 400, body: { error: { fields: { wait: expect.any(String) } } } });
    }
    expect((await listed(task)).map(({ status }) => status)).toEqual(['queued']);
  });

  test('[TK17] [CK7] whoever gave a task neither takes what its agent is told, nor lives in its place', async () => {
    const task = await makeTask({ principal: { kind: 'agent', id: 'chief' } });
    const giver = await keyFor({ agentIds: ['chief'] });
    const agent = await keyFor({ taskIds: [task.id] });
    const poll = (by = giver) => by.ask('GET', `/messages/task/${task.id}?wait=0`);
    const live = (by = giver) => by.ask('POST', `/api/tasks/${task.id}/heartbeat`, {});
    for (const begins of [false, true]) {
      if (begins) await report(task, introduction, agent);
      expect((await giver.ask('POST', `/messages/task/${task.id}`, { from: 'chief', content: 'go' })).status).toBe(201);
      expect([(await poll()).status, (await live()).status]).toEqual([403, 403]);
      expect((await poll(agent)).body['items']).toMatchObject([{ content: 'go' }]);
      expect((await live(agent)).status).toBe(200);
      expect((await giver.ask('GET', `/messages/task/${task.id}`)).status).toBe(200);
    }
    await control(task, { action: 'TAKEOVER', give: 'principal' });
    expect((await poll()).body['items']).toMatchObject([{ kind: 'control' }]);
  });

  test('[TK17] a control that is fetched brings its action and the checkpoint', async () => {
    const task = await makeTask();
    for (const message of [introduction, milestone]) await report(task, message);
    await control(task, { action: 'RETRY', reason: 'Once more.' });
    const { body } = await api.by.operator.ask('GET', `/messages/task/${task.id}?wait=0`);
    expect(body['items']).toMatchObject([
      {
        kind: 'control',
        message: {
          type: 'x-CONTROL',
          action: 'RETRY',
          reason: 'Once more.',
          checkpoint: { milestone: 'Documentation generation', handoff_data: {} },
        },
      },
    ]);
  });

  test('[TK18] an answer that is given again marks its instructions', async () => {
    const task = await makeTask();
    await report(task, introduction);
    await queued(task, 'once');
    expect((await report(task, progress)).body['instructions']).not.toHaveProperty([0, 'redelivered']);
    expect((await report(task, progress)).body['instructions']).toMatchObject([{ content: 'once', redelivered: true }]);
  });

  test('[CK11] [TK19] a message waits as long as its deadline says, whatever clock is set', async () => {
    const task = await makeTask();
    await report(task, introduction);
    await queued(task, 'within the hour', { expiresInSeconds: 3_600 });
    // As after a step of the clock by two hours: the deadline has gone along.
    await api.t.database.pool.query(
      `UPDATE deadline SET due_at = due_at + interval '2 hours' WHERE subject LIKE $1 || '/%'`,
      [task.id],
    );
    await api.t.database.pool.query(
      `UPDATE task_message SET expires_at = expires_at - interval '2 hours' WHERE task_id = $1`,
      [task.id],
    );
    expect((await report(task, progress)).body['instructions']).toMatchObject([{ content: 'within the hour' }]);
  });

  test('[TK19] a message expires by its own time, and with its task', async () => {
    const task = await makeTask();
    await report(task, introduction);
    await queued(task, 'short', { expiresInSeconds: 1 });
    await expect.poll(async () => (await listed(task))[0]?.status, { timeout: 5_000 }).toBe('expired');
    await queued(task, 'long, with U+0000: \u0000');
    expect((await control(task, { action: 'ABORT' })).status).toBe(200);
    expect((await listed(task)).map(({ status, content }) => [content, status])).toEqual([
      ['short', 'expired'],
      ['long, with U+0000: \u0000', 'expired'],
      ['ABORT', 'queued'],
    ]);
    expect(await queued(task, 'too late')).toMatchObject({ status: 409, body: { error: { code: 'task.state' } } });
  });
});
