import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './journey';

/** All rules of WCAG 2.2 AA that axe can judge. */
const all = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] } as const;

/** Those of them that look at colours. A theme is a `color-scheme` and nothing else (app/tokens.css). */
const ofColours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } as const;

const themes = [
  ['light', all],
  ['dark', ofColours],
] as const;

/** Axe as it is meant for pages: a third of the size of the source that its builder puts into them, four times a look. */
const require = createRequire(import.meta.url);
const axe = readFileSync(createRequire(require.resolve('@axe-core/playwright')).resolve('axe-core/axe.min.js'), 'utf8');
const INJECTED = '0'; // what the builder puts into the page instead

/** What is on the screen now breaks no rule of WCAG 2.2 AA that axe can judge, neither by day nor by night. */
export async function expectAccessible(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  for (const [theme, runOnly] of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(await violationsOf(page, runOnly), `${page.url()}, ${theme}`).toEqual([]);
  }
}

async function violationsOf(page: Page, runOnly: typeof all | typeof ofColours): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page, axeSource: INJECTED })
    .options({ runOnly: { type: runOnly.type, values: [...runOnly.values] }, resultTypes: ['violations'] })
    // Legacy: without a second page for each run, which only frames need; there is none here.
    .setLegacyMode()
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) =>
      [`${id}: ${target.join(' ')}`, html.slice(0, 300), failureSummary?.split('\n').slice(1).join(' ')].join('\n  '),
    ),
  );
}
