import { afterAll, beforeAll, expect, test } from 'vitest';
import { CreateAgent } from '@/lib/protocol/agent';
import { knownEntry } from '@/lib/protocol/entry';
import type { AgentId, TaskId } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import { NewTask } from '@/lib/protocol/task';
import { apart, type LettaApart, lettaApart } from '@/lib/testing/letta-apart';
import { seedReports } from '@/lib/testing/seed-reports';
import { createAgent } from '../agents/create-agent';
import { readStream } from '../ledger/read-entries';
import type { SandboxScript } from '../letta/sandbox/scripted';
import { createTask } from './create-task';
import { readTask } from './read-tasks';
import { receiveReport } from './receive-report';

/** It goes on with a turn whose listener is gone, as the real one does. */
let letta: LettaApart;
const [introduction, , , , completion, handoff] = seedReports;
const patient = { timeout: 30_000, interval: 30 };

beforeAll(async () => {
  letta = await lettaApart();
}, 60_000);
afterAll(() => letta.close(), 60_000);

const principalThat = async (script: SandboxScript['script']): Promise<AgentId> => {
  const blocks = [{ label: 'script', value: JSON.stringify({ script }) }];
  const wanted = CreateAgent.parse({ name: 'Alice', server: apart, model: 'sandbox/scripted', blocks });
  return (await createAgent(letta.t.rt, letta.t.ana, wanted)).id;
};
const gateway = () => letta.t.rt.letta.require(apart).gateway;
const count = async (id: TaskId, type: string) =>
  (await readStream(letta.t.database.pool, letta.t.rt.workspaceId, taskStream(id), { after: 0, limit: 500 }))
    .flatMap((entry) => knownEntry(entry) ?? [])
    .filter((entry) => entry.type === type).length;
const heard = async (agentId: AgentId) =>
  (await gateway().listMessages({ agentId, threadId: null }, { limit: 100 })).filter(({ content }) =>
    content?.includes('News of the task'),
  ).length;

test('[TK32] where Parley restarts in the middle of its answer, the answer is read and nothing is said twice', async () => {
  const agentId = await principalThat([{ say: 'ACCEPT, well done.', stallMs: 10_000 }]);
  const wanted = {
    command: '/sync',
    principal: { kind: 'agent', id: agentId },
    handoffPolicy: 'ask',
    tell: ['handoff'],
  };
  const { id } = await createTask(letta.t.rt, letta.t.ana, NewTask.parse({ ...wanted, clocks: { graceMs: 60_000 } }));
  for (const message of [introduction, completion, handoff]) await receiveReport(letta.t.rt, letta.t.ana, id, message);
  const working = async () => (await gateway().listRuns(agentId, new Date(0))).map(({ status }) => status);
  await expect.poll(working, patient).toEqual(['running']);
  await letta.t.restart();
  await letta.becomes('connected');
  await expect.poll(async () => (await readTask(letta.t.rt, letta.t.ana, id)).state, patient).toBe('SUCCESS');
  expect(await count(id, 'task.principal_told')).toBe(1);
  expect(await count(id, 'task.principal_answered')).toBe(1);
  expect(await heard(agentId)).toBe(1);
  expect(await working()).toEqual(['completed']);
}, 60_000);

test('[TK32] where its agent is deleted before the answer was read, that is told, and not asked for ever', async () => {
  const agentId = await principalThat([{ say: 'OK', stallMs: 10_000 }]);
  const wanted = { command: '/sync', principal: { kind: 'agent', id: agentId }, tell: ['announcement'] };
  const { id } = await createTask(letta.t.rt, letta.t.ana, NewTask.parse(wanted));
  await receiveReport(letta.t.rt, letta.t.ana, id, introduction);
  const working = async () => (await gateway().listRuns(agentId, new Date(0))).map(({ status }) => status);
  await expect.poll(working, patient).toEqual(['running']);
  await letta.t.meanwhile(async () => {
    const { pool } = letta.t.database;
    const { url } = (await pool.query<{ url: string }>('SELECT url FROM letta_server WHERE name = $1', [apart]))
      .rows[0] ?? {
      url: '',
    };
    expect((await fetch(`${url}/v1/agents/${agentId}`, { method: 'DELETE' })).status).toBe(200);
  });
  await letta.becomes('connected');
  await expect.poll(() => count(id, 'task.principal_answered'), patient).toBe(1);
}, 60_000);
