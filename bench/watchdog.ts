/**
 * `npm run bench watchdog`: 10,000 tasks with armed clocks, most of them reporting, some of them silent. How exactly
 * deadlines come, beside plain timers of the same process under the same load, and whether anybody is failed in error.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { automation } from '@/lib/protocol/person';
import { NewTask, type Task } from '@/lib/protocol/task';
import type { Caller } from '@/lib/server/access/caller';
import { createTask } from '@/lib/server/tasks/create-task';
import { receiveReport } from '@/lib/server/tasks/receive-report';
import { atPace } from './harness/at-pace';
import { type Figure, printFigures } from './harness/figure';
import { describeMachine } from './harness/machine';
import { monotonicMs } from './harness/monotonic-ms';
import { percentile } from './harness/percentile';
import { startBenchRuntime } from './harness/start-runtime';

const TASKS = Number(process.argv[2] ?? 10_000);
const SILENT_SHARE = 0.1;
const AT_ONCE = 200;
/** Each living agent says something this often; its clock allows three times as much. */
const WORD_EVERY_MS = 20_000;
const CLOCKS = { updateEveryMs: 60_000, silenceMs: 120_000, graceMs: 30_000, recoveryDelaysMs: [1_000, 3_000, 5_000] };
/** So that all steps of a silent task come after all tasks have begun, and within the time that is measured. */
const silentClocks = (index: number) => ({
  updateEveryMs: 20_000 + (index % 97) * 100,
  silenceMs: 32_000 + (index % 97) * 100,
  graceMs: 10_000,
  recoveryDelaysMs: [1_000, 3_000, 5_000],
});
const OBSERVED_MS = 60_000;

const { rt, startWork, stop } = await startBenchRuntime();
const ana: Caller = {
  workspaceId: rt.workspaceId,
  actor: { kind: 'person', ...automation },
  role: 'admin',
  credential: { kind: 'admin-key', id: 'bench' },
  agentScope: null,
};

const introduction = {
  command: '/bench',
  status: 'INITIALIZING',
  estimated_duration: '2-5 minutes',
  tools_required: ['Read'],
  context: 'A task among many',
};
const progress = {
  status: 'IN_PROGRESS',
  progress_percentage: 45,
  tools_active: ['Read', 'Grep'],
  milestones_completed: ['Registry analysis'],
  next_milestone: 'Documentation generation',
};

const say = (task: Task, type: 'INITIALIZATION' | 'PROGRESS_UPDATE') =>
  receiveReport(rt, ana, task.id, {
    type,
    timestamp: new Date().toISOString(),
    agent_id: 'a',
    ...(type === 'INITIALIZATION' ? introduction : { ...progress, current_action: `Step ${monotonicMs()}` }),
  });

async function begin(index: number): Promise<{ task: Task; isSilent: boolean }> {
  const isSilent = index % Math.round(1 / SILENT_SHARE) === 0;
  const clocks = isSilent ? silentClocks(index) : CLOCKS;
  const task = await createTask(rt, ana, NewTask.parse({ command: '/bench', clocks }));
  await say(task, 'INITIALIZATION');
  return { task, isSilent };
}

async function beginAll() {
  const begun: Awaited<ReturnType<typeof begin>>[] = [];
  for (let index = 0; index < TASKS; index += AT_ONCE) {
    const size = Math.min(AT_ONCE, TASKS - index);
    begun.push(...(await Promise.all(Array.from({ length: size }, (_, each) => begin(index + each)))));
  }
  return begun;
}

/** How late plain timers of this process are, under the same load. */
function watchTimers(forMs: number): number[] {
  const errors: number[] = [];
  for (let n = 0; n < 1_000; n += 1) {
    const inMs = Math.random() * forMs;
    const due = monotonicMs() + inMs;
    setTimeout(() => errors.push(Math.max(0, monotonicMs() - due)), inMs).unref();
  }
  return errors;
}

type Step = { type: string; seq: number; task: string; at: Date };

/** For each step of a clock, how much later than the one before plus its time it came. */
function errorsOf(steps: readonly Step[], silent: ReadonlyMap<string, Task>): number[] {
  const errors: number[] = [];
  const last = new Map<string, Date>();
  for (const { type, task, at } of steps) {
    const { clocks } = silent.get(task) ?? {};
    const before = last.get(task);
    last.set(task, at);
    if (!clocks || !before) continue;
    const expected: Record<string, number> = {
      'task.late': clocks.updateEveryMs,
      'task.probed': clocks.silenceMs - clocks.updateEveryMs,
      'task.assumed_failed': clocks.graceMs,
    };
    const inMs = expected[type];
    if (inMs !== undefined) errors.push(at.getTime() - before.getTime() - inMs);
  }
  return errors;
}

async function measure(): Promise<Figure[]> {
  await startWork();
  const begun = await beginAll();
  const silent = new Map(begun.filter(({ isSilent }) => isSilent).map(({ task }): [string, Task] => [task.id, task]));
  const living = begun.filter(({ isSilent }) => !isSilent).map(({ task }) => task);
  const timers = watchTimers(OBSERVED_MS - 1_000);
  const cpu = process.cpuUsage();
  const from = monotonicMs();
  const perSecond = (living.length * 1_000) / WORD_EVERY_MS;
  const failures: unknown[] = [];
  await atPace(perSecond, Math.round((perSecond * OBSERVED_MS) / 1_000), (index) => {
    const task = living[index % living.length];
    if (task) say(task, 'PROGRESS_UPDATE').catch((error: unknown) => failures.push(error));
  });
  await delay(500);
  const { user, system } = process.cpuUsage(cpu);
  const share = (user + system) / 1_000 / (monotonicMs() - from);
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} reports failed`);

  const { rows } = await rt.database.pool.query<Step>(
    `SELECT type, seq::float8 AS seq, substr(stream, 6) AS task, received_at AS at FROM entry
     WHERE type IN ('task.report_accepted', 'task.late', 'task.probed', 'task.assumed_failed') ORDER BY seq`,
  );
  const falseSteps = rows.filter(({ type, task }) => type !== 'task.report_accepted' && !silent.has(task));
  const errors = errorsOf(rows, silent);
  console.log(
    `${errors.length} deadlines came, ${Math.round(perSecond)} reports/s beside them, CPU ${(100 * share).toFixed(0)} % of one core`,
  );
  const ours = percentile(errors, 0.99);
  return [
    {
      metric: `${TASKS} tasks, firing error p99`,
      unit: 'ms',
      ours,
      baseline: percentile(timers, 0.99),
      goal: '≤ 1 s; baseline: plain timers',
      holds: ours <= 1_000,
    },
    {
      metric: 'steps against agents that report',
      unit: '',
      ours: falseSteps.length,
      baseline: 0,
      goal: '0',
      holds: falseSteps.length === 0,
    },
    { metric: 'CPU of one core', unit: '%', ours: 100 * share, baseline: 100, goal: 'reported', holds: true },
  ];
}

try {
  console.log(await describeMachine(rt.database.pool));
  printFigures('watchdog', await measure());
} finally {
  await stop();
}
