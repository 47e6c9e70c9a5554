import { createServer } from 'node:net';
import { z } from 'zod';
import { LettaServer } from '@/lib/protocol/letta-server';
import { pageOf } from '@/lib/protocol/page';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';

const parley = parleyOfFile({ env: { PARLEY_SANDBOX_PACE_MS: '10' } });

test('the first page shows Alice and Bob alive, a draft between them, a task, and three lines that say what to press', async ({
  enter,
}) => {
  const page = await enter(parley.admin());
  const live = page.getByRole('region', { name: 'Live' });
  await expect(live.getByRole('link', { name: 'Alice and Bob' })).toBeVisible();
  await expect(live.getByText('1 draft waits')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('banner').getByText('Sandbox')).toBeVisible();
  const task = live.getByRole('listitem').filter({ hasText: '/sync-claude-md' });
  await expect(task).toContainText('Running', { timeout: 15_000 });
  await expect(task).toContainText('Simulated');
  await expect(page.getByRole('region', { name: 'Agents', exact: true })).toContainText('Bob');
  const lines = page.getByRole('main').getByRole('list').first().getByRole('listitem');
  await expect(lines).toHaveText([/^GC.*Alice and Bob/, /J.*answer the draft/, /^\?.*every key/]);
});

test('the draft is answered where it stands, and a second look adds no second demo', async ({ enter }) => {
  const page = await enter(parley.admin());
  const waits = page.getByRole('region', { name: 'Waits for you' });
  const first = waits.getByRole('link', { name: /Bob.*Alice/ }).first();
  await expect(first).toBeVisible({ timeout: 30_000 });
  const answered = waits.locator(`a[href="${await first.getAttribute('href')}"]`);
  await page.keyboard.press('a');
  await expect(answered).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Live' })).toContainText('1 conversation, 1 task');
  await expect(answered).toHaveCount(0);
});

test('who talks to whom is a figure that opens the messages behind it, each at its place', async ({ enter }) => {
  const page = await enter(parley.admin());
  const matrix = page.getByRole('region', { name: 'Who talks to whom?' });
  await matrix.getByRole('button', { name: /^Alice to Bob: \d+ messages?$/ }).click({ timeout: 30_000 });
  const messages = matrix.getByRole('list', { name: /^Alice to Bob, the newest/ });
  await expect(messages.getByRole('link').first()).toHaveText('Alice and Bob');
  const slowest = page.getByRole('region', { name: 'Who is slowest to answer?' });
  await slowest.getByRole('button', { name: /^Bob answers Alice in / }).click();
  await expect(slowest.getByRole('list', { name: 'Bob answers Alice, the longest first' })).toBeVisible();
  await messages.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/conversations\/[0-9a-f-]{36}\?at=\d+$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alice and Bob');
});

test('what the first line says to press leads to Alice and Bob', async ({ enter }) => {
  const page = await enter(parley.admin());
  const line = page.getByRole('main').getByRole('listitem').filter({ hasText: 'watch Alice and Bob, side by side' });
  await expect(line).toHaveText(/^GCJ⏎/);
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\/conversations$/);
  const listed = page.getByRole('link', { name: 'Alice and Bob' });
  await expect(listed).toBeVisible();
  await page.keyboard.press('j');
  await expect(listed).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alice and Bob');
});

test('keys alone lead to the conversations, to all keys, and through the palette into a conversation', async ({
  enter,
}) => {
  const page = await enter(parley.admin());
  await expect(page.getByRole('region', { name: 'Live' }).getByRole('link', { name: 'Alice and Bob' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page).toHaveURL(/\/conversations$/);
  await expect(page.getByRole('link', { name: 'Alice and Bob' })).toBeVisible();

  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await expect(keys.getByText('Go to Agents')).toBeVisible();
  await expect(keys.getByText('New conversation')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(keys).toBeHidden();

  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Search or jump to' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('alice and bob');
  // A draft of theirs may wait by now, and is found by these words too.
  const talk = palette.getByRole('group', { name: 'Conversations' }).getByRole('option', { name: 'Alice and Bob' });
  await expect(async () => {
    if ((await talk.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
    await expect(talk).toHaveAttribute('aria-selected', 'true', { timeout: 300 });
  }).toPass({ timeout: 5_000 });
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/conversations\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alice and Bob');
  await expect(page.getByRole('article', { name: 'Alice, assistant' }).last()).toBeVisible();
});

test('the form for one’s own Letta says what failed and what to do, and saves only what passed', async ({ enter }) => {
  const page = await enter(parley.admin());
  await page.getByRole('button', { name: 'Connect your Letta' }).click();
  const form = page.getByRole('form', { name: 'Connect your Letta' });
  const doctor = page.getByRole('region', { name: 'Doctor' });
  await form.getByRole('button', { name: 'Connect' }).click();
  await expect(form.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true');

  await form.getByRole('radio', { name: 'REST' }).click();
  await form.getByLabel('Address').fill(`http://127.0.0.1:${await closedPort()}`);
  await form.getByRole('button', { name: 'Connect' }).click();
  await expect(doctor.getByRole('listitem').filter({ hasText: ', failed' })).toHaveCount(1);
  await expect(doctor.getByRole('heading', { name: 'What to do' })).toBeVisible();
  await expect(form.getByLabel('Address')).toHaveAttribute('aria-invalid', 'true');

  await form.getByLabel('Address').fill(await sandboxUrl());
  await form.getByLabel('Name in Parley').fill('second');
  await form.getByRole('button', { name: 'Try again' }).click();
  const servers = page.getByRole('region', { name: 'Letta' }).getByRole('listitem');
  await expect(servers.filter({ hasText: 'second' })).toContainText('Connected');

  await page.goto('/settings?section=letta');
  const second = page.getByRole('region', { name: 'second' });
  await second.getByRole('button', { name: 'Examine' }).click();
  await expect(second.getByText(/checks passed in/)).toBeVisible();
  await expect(second.getByRole('listitem').filter({ hasText: ', failed' })).toHaveCount(0);
  await second.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog', { name: 'Remove second?' }).getByRole('button', { name: 'Remove second' }).click();
  await expect(second).toHaveCount(0);
  await page.goto('/');
  await expect(servers).toHaveCount(1);
  await expect(page.getByRole('button', { name: 'Connect your Letta' })).toBeVisible();
});

async function sandboxUrl(): Promise<string> {
  const { items } = pageOf(LettaServer).parse(await parley.api().ask({ path: '/api/letta-servers' }));
  return z.url().parse(items.find((server) => server.sandbox)?.url);
}

/** One that nobody listens at: it was free a moment ago. */
const closedPort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = z.object({ port: z.number() }).parse(server.address());
      server.close(() => resolve(port));
    });
  });
