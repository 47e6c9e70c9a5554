import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { knownEntry } from '@/lib/protocol/entry';
import type { TaskId } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import { ControlTask, NewTask, type Task } from '@/lib/protocol/task';
import { seedReports } from '@/lib/testing/seed-reports';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { verifyExport } from '@/lib/testing/verify-export';
import { readStream } from '../ledger/read-entries';
import { controlTask } from './control-task';
import { createTask } from './create-task';
import { hearSignOfLife } from './hear-sign-of-life';
import { readTask } from './read-tasks';
import { receiveReport } from './receive-report';

let t: TestRuntime;
beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());

const fast = { updateEveryMs: 300, silenceMs: 600, graceMs: 300, recoveryDelaysMs: [100, 200] };
const make = (clocks: object = fast) => createTask(t.rt, t.ana, NewTask.parse({ command: '/watched', clocks }));
const say = ({ id }: Task, message: object) => receiveReport(t.rt, t.ana, id, message);
const [introduction, progress] = seedReports;
const control = ({ id }: Task, action: string) => controlTask(t.rt, t.ana, id, ControlTask.parse({ action }));
const entries = async (id: TaskId) =>
  (await readStream(t.database.pool, t.rt.workspaceId, taskStream(id), { after: 0, limit: 500 })).flatMap(
    (entry) => knownEntry(entry) ?? [],
  );
const clockTypes = async ({ id }: Task) =>
  (await entries(id)).map(({ type }) => type).filter((type) => /late|probed|failed|recover|taken_over/.test(type));
const state = async ({ id }: Task) => (await readTask(t.rt, t.ana, id)).state;
const armed = async ({ id }: Task) => {
  const { rows } = await t.database.pool.query<{ in_ms: number; grace_ms: number }>(
    `SELECT extract(epoch FROM due_at - clock_timestamp())::float8 * 1000 AS in_ms, grace_ms FROM deadline
     WHERE kind = 'task.clock' AND subject = $1`,
    [id],
  );
  return rows[0] ?? null;
};
const patient = { timeout: 15_000, interval: 25 };
const whole = [
  'task.late',
  'task.probed',
  'task.assumed_failed',
  'task.recovering',
  'task.recovering',
  'task.taken_over',
];

describe('clocks that fire', () => {
  test('[CK2] silence goes all the way, each step once and in order, also across a restart', async () => {
    const task = await make();
    await say(task, introduction);
    await expect.poll(() => clockTypes(task), patient).toContain('task.late');
    await t.restart();
    await expect.poll(() => state(task), patient).toBe('TAKEN_OVER');
    expect(await clockTypes(task)).toEqual(whole);
    expect(await armed(task)).toBeNull();
  });

  test('[CK4] reports that keep coming keep it quiet', async () => {
    const task = await make();
    await say(task, introduction);
    const until = performance.now() + 1_500;
    for (let n = 0; performance.now() < until; n += 1) {
      await say(task, { ...progress, timestamp: new Date(Date.parse(progress.timestamp) + n * 1_000).toISOString() });
    }
    expect(await clockTypes(task)).toEqual([]);
    await control(task, 'ABORT');
  });

  test('[CK7] signs of life keep it from being asked, but not from being late', async () => {
    const task = await make({ ...fast, silenceMs: 800 });
    await say(task, introduction);
    const until = performance.now() + 2_500;
    while (performance.now() < until) await hearSignOfLife(t.rt, t.ana, task.id, []);
    expect(await clockTypes(task)).toEqual(['task.late']);
    expect((await readTask(t.rt, t.ana, task.id)).lastAliveAt).not.toBeNull();
    await control(task, 'ABORT');
  });

  test('[CK7] a sign of life ends a recovery', async () => {
    const task = await make({ ...fast, recoveryDelaysMs: [5_000] });
    await say(task, introduction);
    await expect.poll(() => state(task), patient).toBe('RECOVERING');
    await hearSignOfLife(t.rt, t.ana, task.id, []);
    expect(await state(task)).toBe('RUNNING');
    expect(await clockTypes(task)).toContain('task.recovered');
    await control(task, 'ABORT');
  });

  test('[CK12] of a report, a takeover and a deadline at once each is carried out once, on what the others left', async () => {
    for (let round = 0; round < 5; round += 1) {
      const task = await make({ ...fast, updateEveryMs: 10, silenceMs: 20, graceMs: 10, recoveryDelaysMs: [10] });
      await say(task, introduction);
      await Promise.allSettled(
        Array.from({ length: 20 }, (_, n) =>
          n === 10
            ? control(task, 'TAKEOVER')
            : say(task, { ...progress, timestamp: new Date(Date.parse(progress.timestamp) + n * 1_000).toISOString() }),
        ),
      );
      await expect.poll(() => state(task), patient).toBe('TAKEN_OVER');
      const types = (await entries(task.id)).map(({ type }) => type);
      expect(types.filter((type) => type === 'task.taken_over').length).toBeLessThanOrEqual(2);
      const reports = types.filter((type) => /report_(accepted|quarantined|refused)/.test(type));
      expect(reports).toHaveLength(20);
    }
  });
});

describe('clocks that are armed', () => {
  test('[CK13] every deadline has a grace of its own, so that our own downtime fails nobody', async () => {
    const task = await make({});
    expect(await armed(task)).toBeNull();
    await say(task, introduction);
    const { in_ms, grace_ms } = (await armed(task)) ?? { in_ms: 0, grace_ms: 0 };
    expect(in_ms).toBeGreaterThan(25_000);
    expect(in_ms).toBeLessThanOrEqual(30_000);
    expect(grace_ms).toBeGreaterThanOrEqual(30_000);
    expect((await readTask(t.rt, t.ana, task.id)).silence).toMatchObject({
      phase: 'fresh',
      nextAt: expect.any(String),
    });
    await control(task, 'PAUSE');
    expect(await armed(task)).toBeNull();
  });

  test('[TK23] rows are what the entries come to, and the ledger verifies', async () => {
    const lines: string[] = [];
    const { exportLedger } = await import('../ledger/export-ledger');
    for await (const line of exportLedger(t.database.pool, t.rt.workspace, await t.rt.checkpoints.sign(), null))
      lines.push(line);
    expect(() => verifyExport(lines.join(''))).not.toThrow();
    const { foldFacts, readTaskFacts } = await import('./read-task-facts');
    const { rows } = await t.database.pool.query<{ id: TaskId; record: string }>('SELECT id, record FROM task');
    for (const { id, record } of rows) {
      expect(foldFacts(await readTaskFacts(t.database.pool, t.rt.workspaceId, id))).toEqual(JSON.parse(record));
    }
  });
});
