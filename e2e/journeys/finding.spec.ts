import type { Page } from '@playwright/test';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { calls, makeTalk, scriptText, speak, type Talk } from './scripted-agents';

const parley = parleyOfFile();
const pathOf = ({ id }: Talk) => `/conversations/${id}`;
/** What an agent said; what it was told to say stands above it. */
const row = (page: Page, text: string) => page.getByRole('article', { name: /, assistant/ }).filter({ hasText: text });

/** A conversation far longer than what a page loads at first, with words at its beginning that are nowhere else. */
async function makeLongTalk(title: string): Promise<Talk> {
  const api = parley.api();
  const talk = await makeTalk(api, title, { maxTurns: 1_000 });
  await speak(api, talk, 'a', scriptText([{ say: 'The first word is heliotrope.' }]));
  for (let batch = 0; batch < 2; batch++) await speak(api, talk, 'a', calls(talk, 16));
  await speak(api, talk, 'a', scriptText([{ say: 'The last word is umbrella.' }]));
  await expect
    .poll(async () => JSON.stringify((await api.entries(talk.id)).slice(-12)), { timeout: 150_000 })
    .toContain('"content":"The last word is umbrella."');
  return talk;
}

test('words are found in the whole conversation, a link leads to them, and reading on comes back to the tail', async ({
  enter,
}) => {
  test.setTimeout(180_000);
  const talk = await makeLongTalk('Long and searched');
  const page = await enter(parley.admin(), pathOf(talk));
  await expect(row(page, 'umbrella').first()).toBeVisible();
  await expect(page.getByText('Following the tail')).toBeVisible();

  await test.step('find goes to what is not loaded', async () => {
    await page.keyboard.press('/');
    await page.getByLabel('Words to find in this conversation').fill('heliotrope');
    await expect(page.getByRole('status').filter({ hasText: /^\d+ found/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(row(page, 'The first word is heliotrope.').first()).toBeInViewport();
    await expect(page.getByText('Reading back')).toBeVisible();
    await page.keyboard.press('Escape');
  });

  const link = await test.step('C copies the link of the row one stands on', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await row(page, 'The first word is heliotrope.').first().focus();
    await page.keyboard.press('c');
    await expect(page.getByText('The link is copied.', { exact: true })).toBeVisible();
    return page.evaluate(() => navigator.clipboard.readText());
  });
  expect(link).toMatch(/\/conversations\/[0-9a-f-]{36}\?at=\d+$/);

  await test.step('the end is one key away', async () => {
    await page.keyboard.press('e');
    await expect(page.getByText('Following the tail')).toBeVisible();
    await expect(row(page, 'umbrella').first()).toBeInViewport();
  });

  await test.step('the link leads there, and scrolling on reaches the tail without a gap', async () => {
    const reader = await enter(parley.admin(), new URL(link).pathname + new URL(link).search);
    await expect(row(reader, 'The first word is heliotrope.').first()).toBeInViewport();
    await expect(row(reader, 'The first word is heliotrope.').first()).toBeFocused();
    await reader.mouse.move(700, 500);
    await expect(async () => {
      await reader.mouse.wheel(0, 4_000);
      await expect(reader.getByText('Following the tail')).toBeVisible({ timeout: 200 });
    }).toPass({ timeout: 30_000 });
    await expect(row(reader, 'umbrella').first()).toBeInViewport();
    await speak(parley.api(), talk, 'a', scriptText([{ say: 'Live again.' }]));
    await expect(row(reader, 'Live again.').first()).toBeVisible();
  });

  await test.step('a time leads to what was said then', async () => {
    await page.keyboard.press('Shift+G');
    const dialog = page.getByRole('dialog', { name: 'Go to a time' });
    await dialog.getByLabel('Day and time').fill('2020-01-01T00:00:00');
    await dialog.getByRole('button', { name: 'Go there' }).click();
    await expect(row(page, 'The first word is heliotrope.').first()).toBeVisible();
  });
});

test('the list learns of what happens elsewhere, without being asked again', async ({ enter }) => {
  const api = parley.api();
  const page = await enter(parley.admin(), '/conversations');
  await expect(page.getByRole('list', { name: 'Conversations' })).toBeVisible();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const talk = await makeTalk(api, 'Opened elsewhere');
  await expect(page.getByRole('link', { name: 'Opened elsewhere' })).toBeVisible({ timeout: 4_000 });
  await api.ask({ method: 'PATCH', path: `/api/conversations/${talk.id}`, body: { title: 'Renamed elsewhere' } });
  await expect(page.getByRole('link', { name: 'Renamed elsewhere' })).toBeVisible({ timeout: 4_000 });
  await api.ask({ method: 'DELETE', path: `/api/conversations/${talk.id}` });
  await expect(page.getByRole('link', { name: 'Renamed elsewhere' })).toHaveCount(0, { timeout: 4_000 });
  // Once at most: as its stream begins.
  expect(asked.filter((path) => path === '/api/conversations').length).toBeLessThanOrEqual(1);
});

test('the palette finds by keyboard alone, and remembers where one was', async ({ enter }) => {
  const talk = await makeTalk(parley.api(), 'Found by typing', { names: ['Ute', 'Vic'] });
  const page = await enter(parley.admin());
  await expect(page.getByRole('link', { name: 'Found by typing', exact: true })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('vic typing');
  await expect(page.getByRole('option', { name: 'Found by typing' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${talk.id}$`));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Found by typing');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('api keys');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/section=keys/);
  await page.keyboard.press('Control+k');
  const recent = page.getByRole('group', { name: 'Recent' });
  await expect(recent.getByRole('option').first()).toHaveText('Found by typing');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`${talk.id}$`));
});
