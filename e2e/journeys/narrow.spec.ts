import type { Page } from '@playwright/test';
import { answered, expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { calls, makeTalk, scriptText, speak } from './scripted-agents';
import { said } from './transcript';

const parley = parleyOfFile();
test.use({ viewport: { width: 390, height: 844 } });

/** Nothing reaches beyond the right edge. */
const fits = (page: Page) =>
  expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), page.url())
    .toBeLessThanOrEqual(0);

test('a telephone shows one pane at a time, counts what comes in the others, and speaks', async ({ enter }) => {
  const talk = await makeTalk(parley.api(), 'On the telephone', { names: ['Wes', 'Xia'], answer: 'Xia has it.' });
  await speak(parley.api(), talk, 'a', calls(talk, 1));
  const page = await enter(parley.admin());
  await fits(page);
  await page.getByRole('region', { name: 'Live' }).getByRole('link', { name: 'On the telephone' }).click();
  await expect(page.getByRole('tab', { name: 'Wes' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('article', { name: 'Wes, assistant' })).toContainText('All 1 are out.');
  await expect(page.getByText(/to Xia · \d/)).toBeVisible();
  await fits(page);

  await page.getByLabel('Message Wes').fill(calls(talk, 2));
  await page.getByLabel('Message Wes').press('Enter');
  await expect(said(page, 'All 2 are out.')).toBeVisible();
  await expect(page.getByRole('tab', { name: /Xia/ })).toContainText(/\d/);
  await fits(page);
  await page.getByRole('tab', { name: /Xia/ }).click();
  await expect(page.getByRole('article', { name: 'Incoming message from Wes' })).toHaveCount(3);
  await expect(page.getByRole('tab', { name: /Xia/ })).not.toContainText(/\d/);
  await page.getByRole('tab', { name: 'Channel' }).click();
  const crossed = page.getByRole('list', { name: 'What crossed the channel' });
  await expect(crossed.getByText(/Message 2 of 2/)).toBeVisible();
  await fits(page);
  await crossed.getByRole('button', { name: /Message 2 of 2/ }).click();
  await expect(page.getByRole('tab', { name: /Xia/ })).toHaveAttribute('aria-selected', 'true');

  await page.getByLabel('Message Xia').fill(scriptText([{ say: `${'Long'.repeat(200)} and out` }]));
  await page.getByLabel('Message Xia').press('Enter');
  await expect(page.getByRole('article', { name: 'Xia, assistant' }).last()).toContainText('and out');
  await fits(page);
});

test('no page is wider than the screen, with its dialogs and menus open', async ({ enter, expectNoise }) => {
  expectNoise(answered(404)); // the page that is not there
  const { agentIds } = await makeTalk(parley.api(), 'A title that is far too long for a telephone to show in one line');
  const page = await enter(parley.admin());
  await expect(page.getByRole('region', { name: 'Live' }).getByRole('listitem').first()).toBeVisible();
  await fits(page);
  await page.getByRole('button', { name: 'Places' }).click();
  await fits(page);
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Conversations' }).click();
  await expect(page).toHaveURL(/\/conversations$/);
  await fits(page);
  for (const path of ['/conversations?new=true', '/agents', '/agents?new=true', `/agents/${agentIds[0]}`, '/nowhere']) {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    await fits(page);
  }
  for (const section of ['you', 'letta', 'people', 'keys', 'workspace']) {
    await page.goto(`/settings?section=${section}`);
    await page.waitForLoadState('networkidle');
    await fits(page);
  }
  await page.goto('/?connect=true');
  await expect(page.getByRole('form', { name: 'Connect your Letta' })).toBeVisible();
  await fits(page);
  await page.getByRole('button', { name: 'Search or jump to' }).click();
  const palette = page.getByRole('dialog', { name: 'Search or jump to' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await fits(page);
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
  await page.getByRole('button', { name: 'Ana, admin' }).click();
  await fits(page);
});

test('one signs in on a telephone', async ({ enter }) => {
  const page = await enter({ url: parley.admin().url }, '/sign-in?token=spent');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await fits(page);
  await page.goto('/sign-in');
  await expect(page.getByLabel('Password')).toBeVisible();
  await fits(page);
});
