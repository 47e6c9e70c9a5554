import type { Page } from '@playwright/test';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { makeReviewedTalk, park } from './reviewed-talk';
import { calls, makeAgent, makeTalk, speak } from './scripted-agents';
import { said } from './transcript';

const parley = parleyOfFile();
const agents = (page: Page) => page.getByRole('list', { name: 'Agents' });

test('whoever goes back to a list finds it scrolled as they left it', async ({ enter }) => {
  const names = Array.from({ length: 40 }, (_, index) => `Agent ${index + 1}`);
  await Promise.all(names.map((name) => makeAgent(parley.api(), name)));
  const page = await enter(parley.admin(), '/agents');
  const top = () => agents(page).evaluate((list) => list.parentElement?.scrollTop ?? 0);
  await expect(agents(page).getByRole('listitem').first()).toBeVisible();
  await page.mouse.move(700, 500);
  await page.mouse.wheel(0, 700);
  await expect.poll(top).toBeGreaterThan(300);
  const before = await top();
  await agents(page).getByRole('link').nth(25).click();
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  await page.goBack();
  await expect.poll(top).toBe(before);
});

test('on a telephone each tab stands where one was reading, and a message pressed in the channel leads to itself', async ({
  enter,
}) => {
  const talk = await makeTalk(parley.api(), 'Read in tabs', { names: ['Una', 'Vic'] });
  await speak(parley.api(), talk, 'a', calls(talk, 16));
  const page = await enter(parley.admin(), `/conversations/${talk.id}`, { viewport: { width: 390, height: 844 } });
  await expect(said(page, 'All 16 are out.')).toBeVisible({ timeout: 30_000 });
  const fifth = said(page, 'Message 5 of 16').first();
  await page.mouse.move(200, 500);
  await expect(async () => {
    await page.mouse.wheel(0, -250);
    await expect(fifth).toBeInViewport({ timeout: 200 });
  }).toPass();
  await page.getByRole('tab', { name: 'Channel' }).click();
  await expect(page.getByRole('list', { name: 'What crossed the channel' })).toBeVisible();
  await page.getByRole('tab', { name: /Una/ }).click();
  await expect(fifth).toBeInViewport();
  await page.getByRole('tab', { name: 'Channel' }).click();
  await page.getByRole('button', { name: /Message 16 of 16/ }).click();
  await expect(page.getByRole('article', { name: 'Incoming message from Una' }).last()).toBeFocused();
  await expect(said(page, 'Message 16 of 16').last()).toBeInViewport();
});

test('what is typed right after “/” is looked for, Enter goes from place to place, and Escape leads to the last of them', async ({
  enter,
}) => {
  const talk = await makeTalk(parley.api(), 'Looked through', { names: ['Wim', 'Xun'] });
  await speak(parley.api(), talk, 'a', calls(talk, 3));
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  await expect(said(page, 'All 3 are out.')).toBeVisible();
  await page.keyboard.type('/Message');
  const field = page.getByLabel('Words to find in this conversation');
  await expect(field).toHaveValue('Message');
  const status = page.getByRole('status').filter({ hasText: /\d/ });
  await expect(status.filter({ hasText: /found$/ })).toBeVisible();
  for (const place of ['1 of', '2 of']) {
    await page.keyboard.press('Enter');
    await expect(status.filter({ hasText: place })).toBeVisible();
    await expect(page.locator('article[aria-current]')).toBeInViewport();
    await expect(field).toBeFocused();
  }
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();
  await expect(page.locator('article[aria-current]')).toBeFocused();
});

test('the palette remembers a page by its own name, and not by that of the page before', async ({ enter }) => {
  const talk = await makeReviewedTalk(parley.api(), 'Remembered', ['Yve', 'Zed']);
  await park(parley.api(), talk, 'I wait.');
  const page = await enter(parley.admin(), `/conversations/${talk.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Remembered');
  await page.keyboard.press('Control+Shift+J');
  await expect(page).toHaveURL(/\/drafts\/[0-9a-f-]{36}$/);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('group', { name: 'Recent' }).getByRole('option')).toHaveText(['Remembered']);
  await page.keyboard.type('standing rules');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/section=review/);
});
