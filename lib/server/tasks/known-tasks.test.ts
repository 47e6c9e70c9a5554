import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NewTask, type Task } from '@/lib/protocol/task';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { createTask } from './create-task';
import { instructTask } from './instruct-task';
import { createKnownTasks } from './known-tasks';
import { loadTask } from './load-task';
import { receiveReport } from './receive-report';

let t: TestRuntime;
beforeAll(async () => {
  t = await createTestRuntime({ PARLEY_SANDBOX: 'off' });
});
afterAll(() => t.close());

const at = () => new Date().toISOString();
const hello = () => ({ type: 'INITIALIZATION', timestamp: at(), agent_id: 'a', command: `/c ${randomUUID()}` });
const progress = (share: number) => ({
  ...{ type: 'PROGRESS_UPDATE', timestamp: at(), agent_id: 'a', status: 'IN_PROGRESS', progress_percentage: share },
  ...{ current_action: 'Reading', tools_active: ['Read'], milestones_completed: ['One'], next_milestone: 'Two' },
});
const say = ({ id }: Task, message: object) => receiveReport(t.rt, t.ana, id, message);
const makeTask = () => createTask(t.rt, t.ana, NewTask.parse({ command: '/c' }));
const load = ({ id }: Task) => loadTask(t.database.pool, t.rt.workspaceId, id);

test('[TK41] what is remembered of a task is what its rows say, after whatever became of it', async () => {
  const task = await makeTask();
  await say(task, { ...hello(), status: 'INITIALIZING', estimated_duration: '1 m', tools_required: [], context: '' });
  for (const share of [10, 20]) {
    await say(task, progress(share));
    expect(t.rt.knownTasks.recall(task.id, 'new')).toEqual(await load(task));
  }
  await instructTask(t.rt, t.ana, task.id, { kind: 'message', content: 'Go on', from: 'ana' });
  expect(t.rt.knownTasks.recall(task.id, 'new')).toBeNull();
  const { instructions } = await say(task, progress(30));
  expect(instructions).toHaveLength(1);
});

test('[TK41] a report that is repeated is answered as before, also when it is not remembered any more', async () => {
  const task = await makeTask();
  await say(task, hello());
  const first = progress(10);
  const answered = await say(task, first);
  await say(task, progress(20));
  expect(await say(task, first)).toMatchObject({ repeated: true, entry: { id: answered.entry.id } });
  const forgetful = { ...t.rt, knownTasks: createKnownTasks() };
  const loaded = await load(task);
  if (loaded) forgetful.knownTasks.learn(task.id, loaded); // without the hashes of the past
  const [again, other] = await Promise.all([
    receiveReport(forgetful, t.ana, task.id, first),
    say(await makeTask(), hello()),
  ]);
  expect(again).toMatchObject({ repeated: true, entry: { id: answered.entry.id } });
  expect(other).toMatchObject({ repeated: false });
});

test('[TK6] [TK41] reports that are repeated again and again are answered as before, whatever fits the task now', async () => {
  const task = await makeTask();
  const words = [hello(), progress(10), { type: 'COMPLETION', timestamp: at(), agent_id: 'a', status: 'FAILED' }];
  for (const word of words) await say(task, word);
  await say(task, { type: 'HANDOFF_REQUEST', timestamp: at(), agent_id: 'a', ready_for_handoff: true });
  for (const word of [...words, ...words, ...words]) expect(await say(task, word)).toMatchObject({ repeated: true });
  expect((await load(task))?.record.counts).toMatchObject({ reports: 4, refused: 0 });
});

test('[TK41] what another instance has appended is not overlooked', async () => {
  const task = await makeTask();
  await say(task, hello());
  await say(task, progress(10));
  const stale = createKnownTasks();
  const loaded = await load(task);
  if (loaded) stale.learn(task.id, loaded);
  await say(task, { type: 'COMPLETION', timestamp: at(), agent_id: 'a', status: 'SUCCESS' });
  await expect(receiveReport({ ...t.rt, knownTasks: stale }, t.ana, task.id, progress(50))).rejects.toMatchObject({
    code: 'task.state',
  });
});

test('[TK41] reports of one task at once are each decided on what the others left', async () => {
  const task = await makeTask();
  await say(task, hello());
  const same = progress(99);
  const answers = await Promise.all([
    ...Array.from({ length: 20 }, (_, share) => say(task, progress(share))),
    say(task, same),
    say(task, same),
  ]);
  expect(answers.filter(({ repeated }) => repeated)).toHaveLength(1);
  expect((await load(task))?.record.counts.reports).toBe(22);
});
