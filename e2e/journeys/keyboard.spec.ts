import type { Page } from '@playwright/test';
import { expect, test } from './journey';
import { parleyOfFile } from './parley-of-file';
import { calls, makeTalk, scriptText, speak } from './scripted-agents';
import { tabTo } from './tab-to';
import { said } from './transcript';

const parley = parleyOfFile();

/** Where the focus is, by the name that readers hear, and whether one sees it there. */
const focus = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element) return { name: '', seen: false };
    const style = getComputedStyle(element);
    const seen = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2;
    return { name: element.getAttribute('aria-label') ?? element.textContent ?? '', seen };
  });

test('a conversation is found, walked, paused and spoken in without a pointer, and one sees where one is', async ({
  enter,
}) => {
  const talk = await makeTalk(parley.api(), 'By keys alone', { names: ['Yan', 'Zoe'], answer: 'Zoe has it.' });
  await speak(parley.api(), talk, 'a', calls(talk, 2));
  const page = await enter(parley.admin());
  await expect(page.getByRole('link', { name: 'By keys alone', exact: true })).toBeVisible();

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.getByRole('list', { name: 'Conversations' })).toBeVisible();
  const wanted = page.getByRole('link', { name: 'By keys alone', exact: true });
  await expect(async () => {
    await page.keyboard.press('j');
    await expect(wanted).toBeFocused({ timeout: 300 });
  }).toPass({ timeout: 5_000 });
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/conversations\/[0-9a-f-]{36}$/);
  await expect(said(page, 'All 2 are out.')).toBeVisible();

  await test.step('J and K walk over all rows and show where one stands', async () => {
    await page.keyboard.press('k');
    const walked = [await focus(page)];
    for (let step = 0; step < 20; step++) {
      await page.keyboard.press('k');
      await expect(page.locator('article:focus')).toHaveCount(1);
      const now = await focus(page);
      walked.push(now);
      if (/^Prompt/.test(now.name) && walked.some(({ name }) => name === now.name && step > 10)) break;
    }
    expect(walked.every(({ seen }) => seen)).toBe(true);
    expect(new Set(walked.map(({ name }) => name)).size).toBeGreaterThan(5);
    await expect(page.locator('article:focus')).toBeInViewport();
    const there = await page.locator('article:focus').elementHandle();
    const isThere = () => page.evaluate((row) => document.activeElement === row, there);
    await page.keyboard.press('j');
    await expect.poll(isThere).toBe(false);
    await page.keyboard.press('k');
    await expect.poll(isThere).toBe(true);
  });

  await test.step('Enter opens a folded row', async () => {
    const prompt = page.getByRole('article', { name: /^Prompt/ }).first();
    await expect(prompt).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(prompt.getByRole('button', { expanded: true })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(prompt.getByRole('button', { expanded: false })).toBeVisible();
  });

  await test.step('X lights both ends of a message', async () => {
    for (let step = 0; step < 10 && !/^Message to|^Incoming/.test((await focus(page)).name); step++)
      await page.keyboard.press('j');
    const block = page.locator('article:focus [data-out], article:focus [data-in]');
    const ground = () => block.evaluate((element) => getComputedStyle(element).backgroundColor);
    const unlit = await ground();
    await page.keyboard.press('x');
    await expect.poll(ground).not.toBe(unlit);
  });

  await test.step('P holds the stream still and lets it go on', async () => {
    await page.keyboard.press('p');
    await expect(page.getByRole('button', { name: /^Paused, 0 behind/ })).toHaveAttribute('aria-pressed', 'true');
    await speak(parley.api(), talk, 'b', scriptText([{ say: 'Said while nobody looked.' }]));
    await expect(page.getByRole('button', { name: /^Paused, [1-9]\d* behind/ })).toBeVisible();
    await expect(said(page, 'Said while nobody looked.')).toHaveCount(0);
    await page.keyboard.press('p');
    await expect(said(page, 'Said while nobody looked.')).toBeAttached();
    await page.keyboard.press('e');
    await expect(page.getByText('Following the tail')).toBeVisible();
  });

  await test.step('the composers are reached by Tab, and Enter sends', async () => {
    await tabTo(page, page.getByLabel('Message Zoe'));
    expect((await focus(page)).seen).toBe(true);
    await page.keyboard.type('jkp are letters here');
    await expect(page.getByLabel('Message Zoe')).toHaveValue('jkp are letters here');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('article', { name: 'Ana, user' })).toContainText('jkp are letters here');
    await expect(page.getByLabel('Message Zoe')).toBeFocused();
  });
});
