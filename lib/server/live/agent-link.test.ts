import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { NewTask } from '@/lib/protocol/task';
import { createTestRuntime } from '@/lib/testing/test-runtime';
import type { Caller } from '../access/caller';
import { createHub } from '../create-hub';
import { createTask } from '../tasks/create-task';
import { instructTask } from '../tasks/instruct-task';
import { createAgentLink } from './agent-link';
import { liveLimits } from './live-limits';

test('[TK28] an instruction of which no news came is handed over all the same', async () => {
  const t = await createTestRuntime();
  const { pool, connectionString } = t.database;
  const { ledger, log } = t.rt;
  /** It hears nothing any more, as one whose connection is gone. */
  const deaf = createHub({ pool, connectionString, ledger, instanceId: randomUUID(), hasPeers: () => false, log });
  await deaf.close();
  const link = createAgentLink({ ...t.rt, hub: deaf }, { ...liveLimits, sweepMs: 60_000, beaconMs: 100 });
  onTestFinished(async () => {
    link.stop();
    await t.close();
  });
  const task = await createTask(t.rt, t.ana, NewTask.parse({ command: '/sync' }));
  const id = randomUUID();
  const agent: Caller = {
    ...t.ana,
    ...{ actor: { kind: 'key', id, name: 'Agent' }, role: 'viewer', credential: { kind: 'key', id } },
    agentScope: { agentIds: [], taskIds: [task.id] },
  };
  const pushed: unknown[] = [];
  const push = async (_event: string, { message }: { message: object }) => pushed.push(message) > 0;
  link.join(agent, { push, end: () => undefined });
  const words = { from: 'Ana', kind: 'guidance' };
  for (const [nth, content] of ['Europe first', 'then Asia', 'then rest'].entries()) {
    await instructTask(t.rt, t.ana, task.id, { ...words, content });
    await expect.poll(() => pushed.length, { timeout: 10_000, interval: 30 }).toBe(nth + 1);
    expect(pushed.at(-1)).toMatchObject({ type: 'x-INSTRUCTION', content });
  }
});

test('[TK28] what waits goes to a socket that is there, not to one that left before its report was answered', async () => {
  const t = await createTestRuntime();
  const link = createAgentLink(t.rt, { ...liveLimits, sweepMs: 60_000, beaconMs: 100 });
  onTestFinished(async () => {
    link.stop();
    await t.close();
  });
  const task = await createTask(t.rt, t.ana, NewTask.parse({ command: '/sync' }));
  const join = () => {
    const pushed: object[] = [];
    const push = async (_event: string, { message }: { message: object }) => pushed.push(message) > 0;
    const member = link.join(t.ana, { push, end: () => undefined });
    const report = (type: object) =>
      new Promise((resolve) => {
        const message = { timestamp: new Date().toISOString(), agent_id: 'agent', ...type };
        member.message({ taskId: task.id, message }, resolve);
      });
    return { pushed, report, leave: member.leave };
  };
  const [there, gone] = [join(), join()];
  expect(await there.report({ type: 'INITIALIZATION', command: '/sync' })).toMatchObject({ ok: true });
  const answered = gone.report({ type: 'PROGRESS_UPDATE', status: 'IN_PROGRESS' });
  gone.leave();
  expect(await answered).toMatchObject({ ok: true });
  await instructTask(t.rt, t.ana, task.id, { from: 'Ana', kind: 'guidance', content: 'Europe first' });
  const got = () => there.pushed.filter((message) => 'content' in message);
  await expect.poll(got, { timeout: 10_000, interval: 30 }).toMatchObject([{ content: 'Europe first' }]);
  expect(gone.pushed).toEqual([]);
});
