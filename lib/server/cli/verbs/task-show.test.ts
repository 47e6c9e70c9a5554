import { afterAll, beforeAll, expect, test } from 'vitest';
import { NewTask } from '@/lib/protocol/task';
import { seedReports } from '@/lib/testing/seed-reports';
import { startProgram } from '@/lib/testing/start-program';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { createTask } from '../../tasks/create-task';
import { receiveReport } from '../../tasks/receive-report';

let t: TestRuntime;
beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());

const parley = (words: string[]) =>
  startProgram('lib/server/cli/parley.ts', words, { env: { DATABASE_URL: t.database.connectionString } });
const make = () => createTask(t.rt, t.ana, NewTask.parse({ command: '/sync-claude-md', priority: 'HIGH' }));

test('[TK31] prints a task as it stands, plain where it is no terminal', async () => {
  const { id } = await make();
  await receiveReport(t.rt, t.ana, id, seedReports[0]);
  const shown = parley(['task', 'show', id]);
  expect(await shown.exited).toBe(0);
  expect(shown.stdout()).toContain('║ Priority: HIGH                                            ║');
  expect(shown.stdout()).toContain('└─ ⏳ Completion handoff');
  expect(shown.stdout()).not.toContain('\u001b');
});

test('[TK31] follows it until it is over', async () => {
  const { id } = await make();
  const followed = parley(['task', 'show', '--follow', id]);
  await expect.poll(() => followed.stdout(), { timeout: 15_000 }).toContain('INITIALIZING TASK AGENT');
  for (const message of seedReports) await receiveReport(t.rt, t.ana, id, message);
  expect(await followed.exited).toBe(0);
  expect(followed.stdout()).toContain('✅ COMMAND EXECUTION COMPLETED');
});

test('[TK31] says what is wrong', async () => {
  const missing = parley(['task', 'show', '00000000-0000-4000-8000-000000000000']);
  expect(await missing.exited).toBe(1);
  expect(missing.stderr()).toContain('There is no task 00000000-0000-4000-8000-000000000000.');
  const wrong = parley(['task', 'show', 'x']);
  expect(await wrong.exited).toBe(2);
});
