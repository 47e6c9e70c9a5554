import type { Locator, Page } from '@playwright/test';

const PRESSES_MAX = 120;

/** Presses Tab until the focus is there. Throws where it never comes. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < PRESSES_MAX; presses++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${wanted} is not reached by Tab`);
}
