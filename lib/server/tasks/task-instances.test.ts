import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { knownEntry } from '@/lib/protocol/entry';
import type { TaskId } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import { ControlTask, NewTask, type Task } from '@/lib/protocol/task';
import { rounds } from '@/lib/testing/rounds';
import { seedReports } from '@/lib/testing/seed-reports';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import type { Caller } from '../access/caller';
import { createRuntime, type StartedRuntime } from '../create-runtime';
import { parseEnv } from '../env';
import { readStream } from '../ledger/read-entries';
import { createLog } from '../log';
import type { Runtime } from '../runtime';
import { controlTask } from './control-task';
import { createTask } from './create-task';
import { foldFacts, readTaskFacts } from './read-task-facts';
import { readTask } from './read-tasks';
import { receiveReport } from './receive-report';

let t: TestRuntime;
let second: StartedRuntime;
let both: [Runtime, Runtime];

beforeAll(async () => {
  t = await createTestRuntime();
  const env = parseEnv({ PARLEY_SANDBOX: 'off', PARLEY_LOG_LEVEL: 'silent' });
  second = await createRuntime({ env, url: 'http://127.0.0.1:3001', database: t.database, log: createLog(env) });
  await second.startWork();
  both = [t.rt, second.rt];
});
afterAll(async () => {
  await second.stop();
  await t.close();
});

const [introduction, progress] = seedReports;
const ben = (): Caller => ({ ...t.ana, actor: { kind: 'person', id: 'ben', name: 'Ben' } });
const make = (clocks: object) => createTask(t.rt, t.ana, NewTask.parse({ command: '/shared', clocks }));
const at = (second: number) => ({
  ...progress,
  timestamp: new Date(Date.parse(progress.timestamp) + second * 1_000).toISOString(),
});
const facts = async (id: TaskId) =>
  (await readStream(t.database.pool, t.rt.workspaceId, taskStream(id), { after: 0, limit: 500 })).flatMap(
    (entry) => knownEntry(entry) ?? [],
  );
const types = async ({ id }: Task) => (await facts(id)).map(({ type }) => type);
const state = async ({ id }: Task) => (await readTask(t.rt, t.ana, id)).state;
const patient = { timeout: 20_000, interval: 50 };
const fast = { updateEveryMs: 200, silenceMs: 400, graceMs: 200, recoveryDelaysMs: [100, 100] };

test('[CK12] of two instances on one database each step of a clock is taken by one', async () => {
  const tasks = await Promise.all(Array.from({ length: 20 }, () => make(fast)));
  await Promise.all(tasks.map((task, n) => receiveReport(both[n % 2] ?? t.rt, t.ana, task.id, introduction)));
  await expect.poll(() => Promise.all(tasks.map(state)), patient).toEqual(tasks.map(() => 'TAKEN_OVER'));
  for (const task of tasks) {
    expect((await types(task)).filter((type) => /late|probed|failed|recovering|taken_over/.test(type))).toEqual([
      'task.late',
      'task.probed',
      'task.assumed_failed',
      'task.recovering',
      'task.recovering',
      'task.taken_over',
    ]);
  }
});

test('[TK13] of two people who take over at two instances at once one holds the task', async () => {
  for (let round = 0; round < rounds(5); round += 1) {
    const task = await make({});
    await receiveReport(t.rt, t.ana, task.id, introduction);
    const takeover = ControlTask.parse({ action: 'TAKEOVER' });
    const taken = await Promise.allSettled([
      controlTask(both[0], t.ana, task.id, takeover),
      controlTask(both[1], ben(), task.id, takeover),
    ]);
    expect(taken.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(taken.find((each) => each.status === 'rejected')).toMatchObject({ reason: { code: 'task.taken' } });
    expect((await types(task)).filter((type) => type === 'task.taken_over')).toHaveLength(1);
  }
});

test('[TK6] in whatever order, however often and at whichever instance a report comes, it is accepted once', async () => {
  const arrival = fc.record({ report: fc.nat(7), instance: fc.constantFrom(0, 1) });
  const property = fc.asyncProperty(fc.array(arrival, { minLength: 1, maxLength: 40 }), async (arrivals) => {
    const task = await make({});
    await receiveReport(t.rt, t.ana, task.id, introduction);
    const answers = await Promise.all(
      arrivals.map(async ({ report, instance }) => {
        const { answer, entry } = await receiveReport(both[instance] ?? t.rt, t.ana, task.id, at(report));
        return { report, answer, seq: entry.seq };
      }),
    );
    const sent = new Set(arrivals.map(({ report }) => report));
    for (const [, same] of Map.groupBy(answers, ({ report }) => report)) {
      expect(new Set(same.map(({ answer, seq }) => JSON.stringify([answer, seq]))).size).toBe(1);
    }
    expect((await types(task)).filter((type) => type === 'task.report_accepted')).toHaveLength(1 + sent.size);
    const { rows } = await t.database.pool.query<{ record: string }>('SELECT record FROM task WHERE id = $1', [
      task.id,
    ]);
    const folded = foldFacts(await readTaskFacts(t.database.pool, t.rt.workspaceId, task.id));
    expect(JSON.parse(rows[0]?.record ?? 'null')).toEqual(folded);
  });
  await fc.assert(property, { numRuns: rounds(12) });
}, 60_000);
