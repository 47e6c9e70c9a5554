import type { Page, Route } from '@playwright/test';
import { answered, expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';

const parley = parleyOfFile();

/** Goes there and holds back every script that the page loads, until it is let go. */
async function withoutScripts(page: Page, path: string): Promise<() => Promise<void>> {
  const held: Route[] = [];
  let isHolding = true;
  await page.route('**/_next/static/**/*.js', async (route) => (isHolding ? void held.push(route) : route.continue()));
  await page.goto(path, { waitUntil: 'commit' }); // what is held back holds back its load, too
  return async () => {
    isHolding = false;
    for (const route of held) await route.continue();
  };
}

test('what is pressed before the page is awake is done when it is, once', async ({ enter }) => {
  const page = await enter(parley.admin(), '/settings');
  const letGo = await withoutScripts(page, '/agents');
  const create = page.getByRole('button', { name: 'Create agent' });
  await create.click();
  await create.click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await letGo();
  await expect(page.getByRole('dialog', { name: 'Create an agent' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('link', { name: 'Tasks' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Tasks' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a form that is sent before the page is awake is sent by it, with what was typed, and nothing stands in the address', async ({
  enter,
  expectNoise,
}) => {
  expectNoise(answered(401));
  const page = await enter({ url: parley.program().url }, '/sign-in');
  const letGo = await withoutScripts(page, '/sign-in');
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('Password').fill('not what it is');
  await page.keyboard.press('Enter');
  await letGo();
  await expect(page.getByText('The name or the password is wrong.')).toBeVisible();
  await expect(page.getByLabel('Name')).toHaveValue('Ana');
  await expect(page).toHaveURL(/\/sign-in$/);
});
