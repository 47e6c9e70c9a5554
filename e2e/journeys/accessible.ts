import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './journey';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const themes = ['light', 'dark'] as const;

/** What is on the screen now breaks no rule of WCAG 2.2 AA that axe can judge, neither by day nor by night. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await violationsOf(page), `${page.url()}, ${theme}`).toEqual([]);
  }
}

async function violationsOf(page: Page): Promise<string[]> {
  // Legacy: without a second page for each run, which only frames need; there is none here.
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) =>
      [`${id}: ${target.join(' ')}`, html.slice(0, 300), failureSummary?.split('\n').slice(1).join(' ')].join('\n  '),
    ),
  );
}
