import { expectAccessible } from './accessible';
import { expect, test } from './journey';
import { ADMIN, parleyOfFile } from './parley-of-file';
import { makeTask, seed } from './task-makers';

const parley = parleyOfFile();
const NARROW = { viewport: { width: 390, height: 844 } };
/** Soon silent, soon asked, soon assumed failed; then it is told again and again, for long. */
const CLOCKS = { updateEveryMs: 300, silenceMs: 600, graceMs: 600, recoveryDelaysMs: [200, 60_000] };

test('silence is asked about, the agent is assumed failed, told to begin again, and resumes at its checkpoint', async ({
  enter,
}) => {
  const task = await makeTask(parley.api(), '/falls-silent', { clocks: CLOCKS, milestones: ['Read', 'Write'] });
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  const log = page.getByRole('log');
  await task.report(seed.introduction);
  await task.report({ ...seed.milestone, milestone: 'Read', progress_percentage: 50 });
  await expect(log).toContainText('x-STATUS_REQUEST');
  await expect(page.getByText('Recovering').first()).toBeVisible();
  await expect(page.getByText('try 1 of 2').first()).toBeVisible();
  await expect(log).toContainText('x-CONTROL');
  await expectAccessible(page);
  await task.report({ ...seed.introduction, timestamp: '2025-07-15T19:40:00Z' });
  await expect(log).toContainText('Back after');
  await expect(page.getByText('checkpoint: a retry goes on from here')).toBeVisible();
  const { body } = await parley.api().send({ path: `/api/tasks/${task.id}/compliance` });
  expect(JSON.stringify(body)).toContain('CP2');
});

test('a silent task is taken over by a person, what comes late is kept back, and it is handed back', async ({
  enter,
}) => {
  const clocks = { ...CLOCKS, recoveryDelaysMs: [200] };
  const task = await makeTask(parley.api(), '/left-alone', { clocks });
  await task.report(seed.introduction);
  await task.report(seed.milestone);
  const page = await enter(parley.admin(), '/tasks?show=need');
  const row = page.getByRole('listitem').filter({ hasText: '/left-alone' });
  await expect(row).toContainText('nobody has it yet');
  await row.getByRole('link').click();
  await page.getByRole('button', { name: 'Take over' }).click();
  await expect(page.getByText(`in the hands of ${ADMIN}`)).toBeVisible();
  const late = { method: 'POST', path: `/api/tasks/${task.id}/reports`, body: seed.progress };
  expect((await parley.api().send(late)).status).toBe(409);
  await expect(page.getByRole('log')).toContainText('without effect');
  await page.getByRole('button', { name: 'Hand back' }).click();
  await expect(page.getByText(`in the hands of ${ADMIN}`)).toBeHidden();
  await task.report(seed.progress);
  await expect(page.getByRole('log')).toContainText('Handed back');
  await expect(page.getByRole('log')).toContainText('HANDBACK');
});

test('on a narrow screen the countdown, the timeline and the takeover are all within reach', async ({ enter }) => {
  const clocks = { updateEveryMs: 300, silenceMs: 600, graceMs: 60_000 };
  const task = await makeTask(parley.api(), '/narrow', { clocks });
  const page = await enter(parley.admin(), `/tasks/${task.id}`, NARROW);
  await task.report(seed.introduction);
  await task.report(seed.error);
  await expect(page.getByText(/until it counts as failed/)).toBeVisible();
  await expect(page.getByRole('log')).toContainText('Write tool failed due to file permissions');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Take over' }).click();
  await expect(page.getByText(`in the hands of ${ADMIN}`)).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a task of an agent is given to it: the principal goes on without the task’s agent', async ({ enter }) => {
  const principal = { kind: 'agent', id: 'agent-of-this-test' };
  const task = await makeTask(parley.api(), '/given-to-its-principal', { principal });
  await task.report(seed.introduction);
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  await page.getByRole('button', { name: 'Give to agent-of-this-test' }).click();
  await expect(page.getByText('in the hands of agent-of-this-test', { exact: true })).toBeVisible();
  await expect(page.getByRole('log')).toContainText('TAKEOVER');
});
