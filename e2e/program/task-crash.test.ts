import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { TaskId } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import type { FailpointName } from '@/lib/server/failpoint';
import { launchParley, type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { rounds } from '@/lib/testing/rounds';
import { verifyExport } from '@/lib/testing/verify-export';
import { apiOf } from './api';
import { randomFrom } from './random';
import { createTaskLoad, stepsOf } from './task-load';

/** Between a report, a deadline and a takeover: where it is killed, and at which of the first so many times. */
const FAILPOINTS: readonly [FailpointName, { from: number; below: number }][] = [
  ['task.before_clock', { from: 3, below: 25 }],
  ['ledger.before_write', { from: 10, below: 60 }],
  ['ledger.before_commit', { from: 10, below: 60 }],
  ['ledger.after_commit', { from: 10, below: 60 }],
];
const ROUND_MS = 8_000;
const ENDS_MS = 30_000;
/** The grace is given a moment before the start is recorded. */
const SLACK_MS = 500;
const CLOCKS = { updateEveryMs: 250, silenceMs: 500, graceMs: 600, recoveryDelaysMs: [150, 150] };

async function startKept(dataDir: string, failpoint?: string): Promise<ParleyProgram> {
  return startParleyProgram({ dataDir, ...(failpoint && { env: { PARLEY_FAILPOINT: failpoint } }) });
}

function ownDirectory(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-tasks-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 300 }));
  return dataDir;
}

test(
  'killed between report, deadline and takeover, each has one outcome, and what was answered holds',
  async () => {
    const seed = Date.now() % 1_000_000;
    const random = randomFrom(seed);
    const dataDir = ownDirectory();
    const load = createTaskLoad(random, CLOCKS);
    for (let n = 0; n < rounds(FAILPOINTS.length); n += 1) {
      const [name, { from, below }] = FAILPOINTS[n % FAILPOINTS.length] ?? [
        'ledger.after_commit',
        { from: 9, below: 9 },
      ];
      const failpoint = `${name}:kill@${from + random.below(below)}`;
      try {
        const dying = launchParley({ dataDir, env: { PARLEY_FAILPOINT: failpoint } });
        const ready = await Promise.race([dying.ready(), dying.exited]);
        if (typeof ready === 'object') {
          const under = load.run(apiOf(ready.url));
          await Promise.race([dying.exited, delay(ROUND_MS, null, { ref: false })]);
          await dying.kill9();
          await under;
        }
        const again = await startKept(dataDir);
        onTestFinished(() => again.kill9());
        const api = apiOf(again.url);
        await load.settle(api);
        await expect.poll(() => load.areAtRest(api), { timeout: ENDS_MS, interval: 100 }).toBe(true);
        load.verify(await api.entries());
        verifyExport(await api.text('/api/audit/export'));
        expect(await again.stop()).toBe(0);
      } catch (error) {
        throw new Error(`seed ${seed}, round ${n}, ${failpoint}`, { cause: error });
      }
    }
  },
  rounds(FAILPOINTS.length) * 60_000,
);

test('a restart, however short, gives every agent a fresh grace: none is failed by our downtime', async () => {
  const dataDir = ownDirectory();
  const first = await startKept(dataDir);
  const graceMs = 4_000;
  const clocks = { updateEveryMs: 1_000, silenceMs: 1_500, graceMs, recoveryDelaysMs: [500] };
  const load = createTaskLoad(randomFrom(7), clocks);
  const tasks = await load.begin(apiOf(first.url), 20);
  const asked = tasks.map(() => 'PROBING');
  await expect.poll(() => load.statesOf(apiOf(first.url)), { timeout: 10_000 }).toEqual(asked);
  await first.kill9();
  // Down for as long as they would have had to answer: without a grace all of them were failed at once.
  await delay(graceMs);
  const second = await startKept(dataDir);
  onTestFinished(() => second.kill9());
  const api = apiOf(second.url);
  await load.report(api, tasks.slice(0, 10));
  const failures = async () => (await api.entries()).filter(({ type }) => type === 'task.assumed_failed');
  const failed = async () => new Set((await failures()).map(({ stream }) => stream));
  const silent = tasks.slice(10).map((id) => taskStream(TaskId.parse(id)));
  const haveFailed = async () => {
    const streams = await failed();
    return silent.every((stream) => streams.has(stream));
  };
  await expect.poll(haveFailed, { timeout: ENDS_MS, interval: 200 }).toBe(true);
  const entries = await api.entries();
  const startedAt = Date.parse(entries.findLast(({ type }) => type === 'system.started')?.receivedAt ?? '');
  for (const { receivedAt } of await failures()) {
    expect(Date.parse(receivedAt) - startedAt, 'ms from the start to the failure').toBeGreaterThan(graceMs - SLACK_MS);
  }
  for (const id of tasks.slice(0, 10)) {
    const own = entries.filter(({ stream }) => stream === `task:${id}`);
    const reported = own.findLastIndex(({ type }) => type === 'task.report_accepted');
    expect(own.slice(0, reported).map(({ type }) => type)).not.toContain('task.assumed_failed');
  }
  expect(tasks.map((id) => stepsOf(entries, id)).every(({ areInOrder }) => areInOrder)).toBe(true);
  expect(await second.stop()).toBe(0);
});

test('answers that last end at a stop: streams and long polls are closed cleanly, and nobody waits for them', async () => {
  const program = await startKept(ownDirectory());
  const api = apiOf(program.url);
  const [taskId] = await createTaskLoad(randomFrom(1), {}).begin(api, 1);
  const polled = api.send({ path: `/messages/task/${taskId}?wait=60` });
  const told = api.text(`/api/tasks/${taskId}/stream`);
  await delay(300);
  const askedAt = performance.now();
  expect(await program.stop(), program.log()).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(4_000);
  expect(await told).toContain('event: task.report_accepted');
  expect(await polled).toEqual({ status: 200, body: { items: [], next: null } });
});
