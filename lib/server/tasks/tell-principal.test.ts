import { afterAll, beforeAll, expect, test } from 'vitest';
import { CreateAgent } from '@/lib/protocol/agent';
import { knownEntry } from '@/lib/protocol/entry';
import type { AgentId, TaskId } from '@/lib/protocol/ids';
import { ServerName } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import { NewTask, type Task } from '@/lib/protocol/task';
import { seedReports } from '@/lib/testing/seed-reports';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { createAgent } from '../agents/create-agent';
import { readStream } from '../ledger/read-entries';
import { createTask } from './create-task';
import { readTask } from './read-tasks';
import { receiveReport } from './receive-report';

let t: TestRuntime;
const server = ServerName.parse('sandbox');
const [introduction, progress, milestone, , completion, handoff] = seedReports;
const patient = { timeout: 15_000, interval: 30 };

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());

/** An agent that answers whatever it is told with these words. */
const principalThatSays = async (say: string): Promise<AgentId> => {
  const blocks = [{ label: 'script', value: JSON.stringify({ script: [{ say }] }) }];
  const agent = CreateAgent.parse({ name: 'Alice', server, model: 'sandbox/scripted', blocks });
  return (await createAgent(t.rt, t.ana, agent)).id;
};
const make = (id: AgentId, more: object = {}) =>
  createTask(t.rt, t.ana, NewTask.parse({ command: '/sync', principal: { kind: 'agent', id }, ...more }));
const say = ({ id }: Task, message: object) => receiveReport(t.rt, t.ana, id, message);
const entries = async (id: TaskId) =>
  (await readStream(t.database.pool, t.rt.workspaceId, taskStream(id), { after: 0, limit: 500 })).flatMap(
    (entry) => knownEntry(entry) ?? [],
  );
const count = async ({ id }: Task, type: string) => (await entries(id)).filter((entry) => entry.type === type).length;

test('[TK32] a Letta agent as principal is told of its task, and its answer is an instruction to the agent', async () => {
  const task = await make(await principalThatSays('Please do Europe first.'));
  expect(task.principal.name).toBe('Alice');
  await say(task, introduction);
  await expect.poll(() => count(task, 'task.principal_answered'), patient).toBe(1);
  const answer = await say(task, progress);
  expect(answer.instructions).toMatchObject([
    { type: 'x-INSTRUCTION', from: 'Alice', content: 'Please do Europe first.' },
  ]);
  const told = (await entries(task.id)).find(({ type }) => type === 'task.principal_told');
  expect(told?.payload).toMatchObject({ text: expect.stringContaining('task-agent-001 has begun it') });
});

test('[TK32] it decides about a handoff, and what it says plainly is no instruction', async () => {
  const task = await make(await principalThatSays('ACCEPT, well done.'), {
    handoffPolicy: 'ask',
    tell: ['handoff'],
    clocks: { graceMs: 60_000 },
  });
  for (const message of [introduction, milestone, completion]) await say(task, message);
  await say(task, handoff);
  await expect.poll(async () => (await readTask(t.rt, t.ana, task.id)).state, patient).toBe('SUCCESS');
  expect(await count(task, 'task.principal_told')).toBe(1);
  const quiet = await make(await principalThatSays('OK'));
  await say(quiet, introduction);
  await expect.poll(() => count(quiet, 'task.principal_answered'), patient).toBe(1);
  expect(await count(quiet, 'task.instruction_queued')).toBe(0);
});

test('[TK32] an agent of the sandbox accepts what is done, and has no instructions for what goes on', async () => {
  const agent = CreateAgent.parse({ name: 'Companion', server, persona: 'I am Companion, and I am kind.' });
  const { id } = await createAgent(t.rt, t.ana, agent);
  const task = await make(id, { handoffPolicy: 'ask', tell: ['milestone', 'handoff'], clocks: { graceMs: 60_000 } });
  for (const message of [introduction, milestone]) await say(task, message);
  await expect.poll(() => count(task, 'task.principal_answered'), patient).toBe(1);
  expect(await count(task, 'task.instruction_queued')).toBe(0);
  for (const message of [completion, handoff]) await say(task, message);
  await expect.poll(async () => (await readTask(t.rt, t.ana, task.id)).state, patient).toBe('SUCCESS');
});

test('[TK32] it rejects a handoff: the agent goes on, and is told why', async () => {
  const task = await make(await principalThatSays('REJECT: the tests are missing.'), {
    handoffPolicy: 'ask',
    tell: ['handoff'],
    clocks: { graceMs: 60_000 },
  });
  for (const message of [introduction, completion, handoff]) await say(task, message);
  await expect.poll(async () => (await readTask(t.rt, t.ana, task.id)).state, patient).toBe('RUNNING');
  const again = await say(task, progress);
  expect(again.instructions).toMatchObject([
    { type: 'x-CONTROL', action: 'CONTINUE', reason: 'REJECT: the tests are missing.' },
  ]);
});

test('[CK9] [TK32] what it decides too late does not count: the policy has answered', async () => {
  const slow = JSON.stringify({ script: [{ say: 'REJECT: I am not sure about this at all.', tokenMs: 250 }] });
  const blocks = [{ label: 'script', value: slow }];
  const agent = CreateAgent.parse({ name: 'Slow', server, model: 'sandbox/scripted', blocks });
  const { id } = await createAgent(t.rt, t.ana, agent);
  const task = await make(id, { handoffPolicy: 'ask', tell: ['handoff'], clocks: { graceMs: 300 } });
  for (const message of [introduction, completion, handoff]) await say(task, message);
  await expect.poll(() => count(task, 'task.principal_answered'), patient).toBe(1);
  expect((await readTask(t.rt, t.ana, task.id)).state).toBe('SUCCESS');
  const types = (await entries(task.id)).map(({ type }) => type);
  expect(types.indexOf('task.ended')).toBeLessThan(types.indexOf('task.principal_answered'));
  expect(types.filter((type) => type === 'task.controlled')).toEqual([]);
});

test('[TK32] [CK3] what would be in the hands of an agent that is no more is in nobody’s', async () => {
  const agentId = await principalThatSays('OK');
  const clocks = { updateEveryMs: 100, silenceMs: 200, graceMs: 100, recoveryDelaysMs: [50] };
  const task = await make(agentId, { tell: ['takeover'], clocks });
  await t.rt.letta.require(server).gateway.deleteAgent(agentId);
  await say(task, introduction);
  await expect
    .poll(async () => {
      const { state, holder } = await readTask(t.rt, t.ana, task.id);
      return { state, holder };
    }, patient)
    .toEqual({ state: 'TAKEN_OVER', holder: null });
  await expect.poll(() => count(task, 'task.taken_over'), patient).toBe(2);
});

test('[TK32] of what its task does not name it is told nothing', async () => {
  const task = await make(await principalThatSays('Noted, go on with Europe.'), { tell: ['milestone'] });
  for (const message of [introduction, progress, milestone]) await say(task, message);
  await expect.poll(() => count(task, 'task.principal_answered'), patient).toBe(1);
  const told = (await entries(task.id)).filter(({ type }) => type === 'task.principal_told');
  expect(told).toHaveLength(1);
  expect(told[0]?.payload).toMatchObject({ text: expect.stringContaining('Milestone reached') });
  expect(told[0]?.payload).toMatchObject({ text: expect.not.stringContaining('has begun it') });
});

test('[TK32] what it was told before a restart is not told again', async () => {
  const agentId = await principalThatSays('OK');
  const task = await make(agentId);
  await say(task, introduction);
  await t.restart();
  await say(task, milestone);
  await expect.poll(() => count(task, 'task.principal_answered'), patient).toBeGreaterThanOrEqual(1);
  await expect
    .poll(async () => {
      const { gateway } = t.rt.letta.require(server);
      const heard = await gateway.listMessages({ agentId, threadId: null }, { limit: 100 });
      return heard.filter(({ content }) => content?.includes('Milestone reached')).length;
    }, patient)
    .toBe(1);
  const { gateway } = t.rt.letta.require(server);
  const heard = await gateway.listMessages({ agentId, threadId: null }, { limit: 100 });
  expect(heard.filter(({ content }) => content?.includes('has begun it'))).toHaveLength(1);
});

test('[TK32] what became news while a restart cut an answer short is told too', async () => {
  const slow = JSON.stringify({
    script: [{ say: 'OK, and I think about it at length.', tokenMs: 400 }, { say: 'OK' }],
  });
  const blocks = [{ label: 'script', value: slow }];
  const agent = CreateAgent.parse({ name: 'Slow', server, model: 'sandbox/scripted', blocks });
  const task = await make((await createAgent(t.rt, t.ana, agent)).id);
  await say(task, introduction);
  await expect.poll(() => count(task, 'task.principal_told'), patient).toBe(1);
  await t.restart();
  await say(task, milestone);
  // The run that the restart has cut stays listed as working: only after a while it is certain that nothing comes of it.
  await expect.poll(() => count(task, 'task.principal_answered'), { ...patient, timeout: 40_000 }).toBe(2);
  const told = (await entries(task.id)).filter(({ type }) => type === 'task.principal_told');
  expect(told.map(({ payload }) => payload)).toMatchObject([
    { text: expect.stringContaining('has begun it') },
    { text: expect.stringContaining('Milestone reached') },
  ]);
}, 60_000);
