import { z } from 'zod';
import { TaskMessage } from '@/lib/protocol/task';
import { expectAccessible } from './accessible';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeTask, seed } from './task-makers';

const parley = parleyOfFile();
const queueOf = (id: string) => `/messages/task/${id}`;
const Messages = z.object({ items: z.array(TaskMessage) });

test('a partial report is accepted, its gaps are asked for and shown as an estimate until they come', async ({
  enter,
}) => {
  const task = await makeTask(parley.api(), '/in-part', { milestones: ['One', 'Two', 'Three', 'Four'] });
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  const bar = page.getByRole('progressbar').first();
  await expect(bar).toHaveAttribute('aria-valuetext', '–');
  await task.report(seed.introduction);
  await expect(bar).toHaveAttribute('aria-valuetext', 'no figure');
  const { type, timestamp, agent_id, status } = seed.progress;
  await task.report({ type, timestamp, agent_id, status, milestones_completed: ['One'] });
  await expect(bar).toHaveAttribute('aria-valuetext', '≈ 25 %');
  await expect(page.getByRole('region', { name: 'Progress' })).toContainText('left out of its last report');
  await expect(page.getByRole('log')).toContainText('The last report left out progress_percentage');
  await task.report({ ...seed.progress, progress_percentage: 30 });
  await expect(bar).toHaveAttribute('aria-valuetext', '30 %');
  await expect(page.getByRole('region', { name: 'Progress' })).not.toContainText('left out of its last report');
  await task.report({ ...seed.progress, progress_percentage: 20 });
  await expect(page.getByTitle('It went back from 30 %, as reported').first()).toBeVisible();
});

test('sub-tasks stand below the task they are part of, and end by themselves', async ({ enter }) => {
  const whole = await makeTask(parley.api(), '/the-whole');
  const part = await makeTask(parley.api(), '/the-part', { parentTaskId: whole.id });
  await makeTask(parley.api(), '/part-of-the-part', { parentTaskId: part.id });
  const page = await enter(parley.admin(), '/tasks?q=the-');
  const rows = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem');
  await expect(rows.filter({ hasText: /the-/ }).getByRole('link')).toHaveText([
    '/the-whole',
    '↳ /the-part',
    '↳ /part-of-the-part',
  ]);
  for (const message of [seed.introduction, seed.completion, seed.handoff]) await part.report(message);
  await expect(rows.filter({ hasText: '↳ /the-part' })).toContainText('Success');
  await expect(rows.filter({ hasText: '/the-whole' }).first()).toContainText('Queued');
  await rows.filter({ hasText: '↳ /the-part' }).getByRole('link').click();
  const family = page.getByRole('region', { name: 'Family' });
  await expect(family.getByRole('link')).toHaveText(['part of /the-whole', '↳ /part-of-the-part']);
  await family.getByRole('link', { name: '/the-whole' }).click();
  await expect(family.getByRole('listitem')).toHaveText(['↳ /the-partSuccess']);
});

test('of a long life the newest is shown at once, what came before on demand, and a chart leads to any of it', async ({
  enter,
}) => {
  const task = await makeTask(parley.api(), '/lives-long');
  await task.report({ ...seed.introduction, context: 'Once upon a time' });
  for (let first = 0; first < 260; first += 20) {
    const steps = Array.from({ length: 20 }, (_, step) => ({
      ...seed.progress,
      current_action: `Step ${first + step}`,
    }));
    await Promise.all(steps.map((step) => task.report(step)));
  }
  await task.report({ ...seed.milestone, evidence: `It is written: ${'and so on, '.repeat(300)}the end` });
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  const log = page.getByRole('log');
  await expect(page.getByRole('link', { name: /^262 reports, acknowledged p95 .* of the newest/ })).toBeVisible();
  await expect(log.getByText('Step 259')).toBeVisible();
  await expect(log.getByText('Once upon a time')).toHaveCount(0);
  await log.getByRole('button', { name: /^Show all/ }).click();
  await expect(log).toContainText('the end');
  await log.getByRole('button', { name: 'Show earlier' }).click();
  await expect(log.getByText('Once upon a time')).toBeVisible();
  const { body } = await parley.api().send({ path: `/api/tasks/${task.id}/events?limit=3` });
  const [, , answered] = z.object({ items: z.array(z.object({ seq: z.number() })) }).parse(body).items;
  await page.goto(`/tasks/${task.id}?again#entry-${answered?.seq}`);
  await expect(log.locator('[aria-current]')).toContainText('Once upon a time');
  await expect(log.locator('[aria-current]')).toBeInViewport();
});

test('the queue of a task shows each receipt: waits, delivered, read, expired', async ({ enter }) => {
  const api = parley.api();
  const task = await makeTask(api, '/queued');
  await task.report(seed.introduction);
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  const log = page.getByRole('log');
  const line = (words: string) => log.getByRole('listitem').filter({ hasText: words });
  const queue = (content: string, more: object = {}) =>
    api.ask({ method: 'POST', path: queueOf(task.id), body: { from: 'agent-123', content, ...more } });
  await queue('Europe first, please');
  await queue('gone soon', { expiresInSeconds: 1 });
  await expect(line('Europe first, please')).toContainText('waits');
  await expect(line('gone soon')).toContainText('expired', { timeout: 10_000 });
  const { items } = Messages.parse(await api.ask({ path: `${queueOf(task.id)}?wait=5` }));
  expect(items).toMatchObject([{ content: 'Europe first, please', status: 'delivered', delivery: 'poll' }]);
  await expect(line('Europe first, please')).toContainText('delivered');
  await task.report(seed.progress);
  await expect(line('Europe first, please')).toContainText('read');
});

test('the fleet is filtered by state and words, grouped, and its choice stands in the address', async ({ enter }) => {
  const api = parley.api();
  const silent = await makeTask(api, '/filter-silent', { clocks: { updateEveryMs: 100, silenceMs: 60_000 } });
  await silent.report(seed.introduction);
  const over = await makeTask(api, '/filter-over');
  for (const message of [seed.introduction, seed.completion, seed.handoff]) await over.report(message);
  await makeTask(api, '/filter-queued');
  const page = await enter(parley.admin(), '/tasks?q=filter-');
  const links = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem').getByRole('link');
  const show = (name: RegExp) => page.getByRole('radiogroup', { name: 'Show' }).getByRole('radio', { name }).click();
  await expect(links).toHaveCount(3);
  await show(/^Silent/);
  await expect(links).toHaveText(['/filter-silent']);
  await show(/^Done/);
  await expect(links).toHaveText(['/filter-over']);
  await expect.poll(() => new URL(page.url()).searchParams.get('show')).toBe('done');
  await show(/^All/);
  await page.getByRole('radiogroup', { name: 'Group by' }).getByRole('radio', { name: 'State' }).click();
  await expect(page.getByRole('heading', { name: 'SUCCESS' })).toBeVisible();
  await page.getByRole('radiogroup', { name: 'Group by' }).getByRole('radio', { name: 'Nothing' }).click();
  await expect(links).toHaveText(['/filter-queued', '/filter-over', '/filter-silent']);
  await page.reload();
  await expect(links).toHaveText(['/filter-queued', '/filter-over', '/filter-silent']);
});

test('every figure opens the entries that prove it, of everything and of one task', async ({ enter }) => {
  const task = await makeTask(parley.api(), '/measured');
  for (const message of [seed.introduction, seed.progress, seed.milestone]) await task.report(message);
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  await page.getByRole('link', { name: /^3 reports/ }).click();
  const chart = page.getByRole('region', { name: 'How long do acknowledgements take?' });
  await expect(chart).toContainText('0 of 3 beyond 500 ms');
  await expect(page.getByLabel('Figures of')).toHaveValue(`task:${task.id}`);
  await chart.getByRole('group', { name: 'What was measured when' }).getByRole('button').last().click();
  await expectAccessible(page);
  await chart.getByRole('link').first().click();
  await expect(page.getByRole('heading', { level: 1, name: '/measured' })).toBeVisible();
  await expect(page.getByRole('log').locator('li[aria-current]')).toContainText('MILESTONE_COMPLETED');
  await page.goBack();
  await page.getByLabel('Figures of').selectOption({ label: 'task-agent-001' });
  await expect.poll(() => new URL(page.url()).searchParams.get('of')).toBe('agent:task-agent-001');
});

test('the display is the same in the dialog, over HTTP and in colours: boxes of 61 columns', async ({ enter }) => {
  const task = await makeTask(parley.api(), '/显示 sync 🎯', { purpose: 'Keep the registry true' });
  for (const message of [seed.introduction, seed.progress]) await task.report(message);
  const withoutTime = (text: string) => text.replace(/^⏱️.*$/m, '').trimEnd();
  const plain = await parley.api().text(`/api/tasks/${task.id}/display`);
  const colours = await parley.api().text(`/api/tasks/${task.id}/display?format=ansi`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal are what is taken off
  expect(withoutTime(colours.replace(/\u001b\[\d+m/g, ''))).toBe(withoutTime(plain));
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  await page.getByRole('button', { name: 'Plain text' }).click();
  const dialog = page.getByRole('dialog', { name: 'Plain text' });
  await expect(dialog).toContainText('📊 Command Progress');
  const shown = (await dialog.locator('pre').textContent()) ?? '';
  expect(withoutTime(shown)).toBe(withoutTime(plain));
});

test('what can be done is what fits: an error is cleared, a handoff declined and then accepted, a failure retried', async ({
  enter,
}) => {
  const task = await makeTask(parley.api(), '/decided', { handoffPolicy: 'ask' });
  const page = await enter(parley.admin(), `/tasks/${task.id}`);
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await task.report(seed.introduction);
  await task.report({ ...seed.error, blocking: true });
  await expect(page.getByRole('button', { name: 'Pause' })).toBeHidden();
  await press('Go on');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await task.report({ ...seed.completion, status: 'FAILED' });
  await task.report(seed.handoff);
  await press('Decline the handoff');
  await expect(page.getByText('Running', { exact: true }).first()).toBeVisible();
  await task.report({ ...seed.completion, status: 'FAILED', timestamp: '2025-07-15T19:50:00Z' });
  await task.report({ ...seed.handoff, timestamp: '2025-07-15T19:51:00Z' });
  await press('Accept the handoff');
  await expect(page.getByText('Failed', { exact: true }).first()).toBeVisible();
  await press('Retry');
  await expect(page.getByText('Recovering', { exact: true }).first()).toBeVisible();
});
