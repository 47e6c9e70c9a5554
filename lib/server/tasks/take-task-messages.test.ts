import { afterAll, beforeAll, expect, test } from 'vitest';
import { NewTask } from '@/lib/protocol/task';
import { seedReports } from '@/lib/testing/seed-reports';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { askForTaskMessages } from './ask-for-task-messages';
import { createTask } from './create-task';
import { instructTask } from './instruct-task';
import { receiveReport } from './receive-report';

let t: TestRuntime;

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(async () => {
  await t.close();
});

const [introduction] = seedReports;
const poll = { limit: 50, wait: 0 };

test.each([
  ['before it is recorded', 'load'],
  ['after it was recorded', 'commit'],
] as const)('[TK18] what a long poll takes for an asker who goes %s waits as before', async (_when, moment) => {
  const { id } = await createTask(t.rt, t.ana, NewTask.parse({ command: '/c' }));
  await receiveReport(t.rt, t.ana, id, introduction);
  await instructTask(t.rt, t.ana, id, { kind: 'message', from: 'ana', content: 'Go', metadata: null });
  const leaving = new AbortController();
  const ledger: typeof t.rt.ledger = {
    ...t.rt.ledger,
    append: async (command) => {
      if (moment === 'load') leaving.abort();
      const answer = await t.rt.ledger.append(command);
      leaving.abort();
      return answer;
    },
  };
  const left = await askForTaskMessages({ ...t.rt, ledger }, t.ana, id, poll, leaving.signal);
  expect(left.items).toEqual([]);
  const queue = () => askForTaskMessages(t.rt, t.ana, id, { limit: 50 }, new AbortController().signal);
  expect((await queue()).items).toMatchObject([{ content: 'Go', status: 'queued', deliveredAt: null }]);
  const told = await askForTaskMessages(t.rt, t.ana, id, poll, new AbortController().signal);
  expect(told.items).toMatchObject([{ content: 'Go', status: 'delivered', redelivered: false }]);
  expect(told.items[0]?.message).not.toHaveProperty('redelivered');
});
