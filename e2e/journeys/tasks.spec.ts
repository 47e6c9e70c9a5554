import { expectAccessible } from './accessible';
import { expect, test } from './journey';
import { ADMIN, parleyOfFile } from './parley-of-file';
import { makeTask, seed } from './task-makers';

const parley = parleyOfFile();

test('a task is watched from its announcement to its handoff, and every word stands there', async ({ enter }) => {
  const page = await enter(parley.admin(), '/tasks');
  const task = await makeTask(parley.api(), '/sync-claude-md', { purpose: 'Keep the registry true' });
  const row = page.getByRole('listitem').filter({ hasText: '/sync-claude-md' });
  await expect(row).toContainText('Queued');
  await row.getByRole('link').click();
  const reports = page.getByRole('log');
  await expect(page.getByRole('region', { name: 'How its agent reports' })).toContainText(task.id);

  await task.report(seed.introduction);
  await expect(reports).toContainText('INITIALIZATION');
  await task.report(seed.progress);
  await expect(reports).toContainText('Reading command registry files');
  await expect(page.getByRole('progressbar').first()).toHaveAttribute('aria-valuenow', '45');
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('Registry analysis');
  await task.report(seed.milestone);
  await task.report(seed.error);
  await expect(reports).toContainText('Write tool failed due to file permissions');
  await task.report(seed.completion);
  await task.report(seed.handoff);
  await expect(page.getByRole('banner').or(page.getByRole('main')).getByText('Success').first()).toBeVisible();
  await expect(reports).toContainText('ack');
  await expect(page.getByRole('region', { name: 'P56' })).toContainText('held');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Plain text' }).click();
  const text = page.getByRole('dialog', { name: 'Plain text' });
  await expect(text).toContainText('/sync-claude-md');
  await expect(text).toContainText('╔');
});

test('silence is asked about, recovered from, and the agent goes on', async ({ enter }) => {
  const clocks = { updateEveryMs: 400, silenceMs: 800, graceMs: 20_000, recoveryDelaysMs: [100] };
  const task = await makeTask(parley.api(), '/falls-silent', { clocks });
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  await task.report(seed.introduction);
  await expect(page.getByText('Probing')).toBeVisible();
  await expect(page.getByRole('log')).toContainText('x-STATUS_REQUEST');
  await expect(page.getByText(/until it counts as failed/)).toBeVisible();
  await task.report({ ...seed.progress, progress_percentage: 50 });
  await expect(page.getByRole('log')).toContainText('50 %');
});

test('a person takes a task over, what comes late is kept back, and it is handed back', async ({ enter }) => {
  const task = await makeTask(parley.api(), '/taken-over');
  await task.report(seed.introduction);
  await task.report(seed.progress);
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  await expect(page.getByRole('log')).toContainText('INITIALIZATION');
  await page.keyboard.press('t');
  await expect(page.getByText(`in the hands of ${ADMIN}`)).toBeVisible();
  const late = await parley.api().send({ method: 'POST', path: `/api/tasks/${task.id}/reports`, body: seed.milestone });
  expect(late.status).toBe(409);
  await expect(page.getByRole('log')).toContainText('without effect');
  await page.getByRole('button', { name: 'Hand back' }).click();
  await expect(page.getByText(`in the hands of ${ADMIN}`)).toBeHidden();
  await expect(page.getByRole('log')).toContainText('Handed back');
});

test('an instruction waits with its receipt until the next report takes it along', async ({ enter }) => {
  const task = await makeTask(parley.api(), '/instructed');
  await task.report(seed.introduction);
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  await page.getByLabel('Instruction to the agent').fill('Keep the old order, please.');
  await page.keyboard.press('Control+Enter');
  const log = page.getByRole('log');
  await expect(log).toContainText('Keep the old order, please.');
  await expect(log).toContainText('waits');
  await task.report(seed.progress);
  await expect(log).toContainText('delivered');
  await expect(page.getByLabel('Instruction to the agent')).toHaveValue('');
});

test('the fleet is filtered and grouped, and the numbers answer their questions', async ({ enter }) => {
  const parent = await makeTask(parley.api(), '/the-whole');
  await makeTask(parley.api(), '/a-part', { parentTaskId: parent.id });
  const page = await enter(parley.admin(), '/tasks');
  const rows = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem');
  await page.keyboard.press('/');
  await page.keyboard.type('part');
  await expect(rows.filter({ hasText: '/a-part' })).toBeVisible();
  await expect(rows.filter({ hasText: '/the-whole' })).toHaveCount(0);
  await expect.poll(() => new URL(page.url()).searchParams.get('q')).toBe('part');
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: 'Numbers' }).click();
  await expect(page.getByRole('heading', { name: 'How long do acknowledgements take?' })).toBeVisible();
  await expect(page.getByText(/^p50/).first()).toBeVisible();
  await expectAccessible(page);
});

test('a cancelled task is folded away, and is found by whoever opens the fold or looks for it', async ({ enter }) => {
  const principal = { kind: 'agent', id: 'agent-of-the-folded' };
  const { id } = await makeTask(parley.api(), '/given-up', { principal });
  await makeTask(parley.api(), '/goes-on', { principal });
  await parley.api().ask({ method: 'POST', path: `/api/tasks/${id}/control`, body: { action: 'ABORT' } });
  const page = await enter(parley.admin(), '/tasks');
  const rows = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem');
  await expect(rows.filter({ hasText: '/goes-on' })).toBeVisible();
  await expect(rows.filter({ hasText: '/given-up' })).toHaveCount(0);
  await page.getByRole('button', { name: '1 task that is over' }).click();
  await expect(rows.filter({ hasText: '/given-up' })).toContainText('Cancelled');
  await page.getByRole('button', { name: '1 task that is over' }).click();
  await expect(rows.filter({ hasText: '/given-up' })).toHaveCount(0);
  await page.getByLabel('Filter tasks').fill('given');
  await expect(rows.filter({ hasText: '/given-up' })).toBeVisible();
});

test('a task is made in the form and played by the simulated agent, on a narrow screen', async ({ enter }) => {
  const page = await enter(parley.admin(), '/tasks?new=true', { viewport: { width: 390, height: 844 } });
  const form = page.getByRole('dialog', { name: 'New task' });
  await form.getByRole('button', { name: 'Make it' }).click();
  await expect(form.getByLabel('Command')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('Command').fill('/index the docs');
  await form.getByRole('button', { name: 'Make it' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '/index the docs' })).toBeVisible();
  await expect(page.getByRole('log')).toContainText('INITIALIZATION', { timeout: 20_000 });
  await expectAccessible(page);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});
