import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page, Route } from '@playwright/test';

const KB = 1_000;
const CHUNK = /static\/chunks\/[^"'\\?<> ]+\.js/g;
/** What browsers of this decade do not load. */
const LEGACY = /<script[^>]+noModule[^>]*>/gi;
const USABLE_MS = 10_000;
const QUIET_MS = 2_500;

/** Kilobytes of JavaScript, gzipped. */
export type PageScripts = {
  /** What the page needs to be drawn, to show its content and to be used. */
  neededKb: number;
  /** All that came until the page had come to rest, without anybody touching it. */
  untilRestKb: number;
};

/**
 * Opens the page in a browser that has nothing of it yet. Every script that the document does not name is held back until
 * the page is `usable`; if it does not become that without them, all that it loads by itself counts as needed.
 */
export async function measureScripts(
  context: BrowserContext,
  address: string,
  usable: (page: Page) => Promise<unknown>,
): Promise<PageScripts> {
  const page = await context.newPage();
  const sizes = new Map<string, number>();
  const named = new Set<string>();
  const held: Route[] = [];
  let isHolding = true;
  page.on('response', (response) => {
    const [name] = new URL(response.url()).pathname.match(CHUNK) ?? [];
    if (name !== undefined) void response.body().then((body) => sizes.set(name, gzipSync(body).length));
  });
  await page.route(/\/_next\/static\/chunks\/.*\.js/, async (route) => {
    const [name] = route.request().url().match(CHUNK) ?? [];
    if (isHolding && name !== undefined && !named.has(name)) held.push(route);
    else await route.continue();
  });
  await page.route(address, async (route) => {
    const answer = await route.fetch();
    for (const name of (await answer.text()).replace(LEGACY, '').match(CHUNK) ?? []) named.add(name);
    await route.fulfill({ response: answer });
  });
  await page.goto(address);
  const isUsable = await usable(page).then(
    () => true,
    () => false,
  );
  isHolding = false;
  for (const route of held) await route.continue();
  // Not until the network is idle: some pages ask for figures again and again.
  for (let known = -1; known < sizes.size; await delay(QUIET_MS)) known = sizes.size;
  await page.close();
  if (named.size === 0) throw new Error(`${address} names no script`);
  const sumKb = (names: Iterable<string>) => [...names].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0) / KB;
  const untilRestKb = sumKb(sizes.keys());
  return { neededKb: isUsable ? sumKb(named) : untilRestKb, untilRestKb };
}

/** Its content stands there, and a key does what it should. */
export async function behindSignIn(page: Page): Promise<void> {
  const until = performance.now() + USABLE_MS;
  const rail = page.getByRole('button', { name: /^(Collapse|Expand)$/ });
  await rail.waitFor({ timeout: USABLE_MS });
  const before = await rail.getAttribute('aria-expanded');
  for (;;) {
    const isLoading = (await page.locator('[role=status][aria-label^="Loading"]').count()) > 0;
    if (!isLoading) await page.keyboard.press('[');
    if (!isLoading && (await rail.getAttribute('aria-expanded')) !== before) return;
    if (performance.now() > until) throw new Error('the page does not become usable');
    await delay(20);
  }
}

/** Its buttons answer. */
export async function beforeSignIn(page: Page): Promise<void> {
  await page.getByRole('button').first().waitFor({ timeout: USABLE_MS });
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll('button, input')].some((each) =>
        Object.keys(each).some((key) => key.startsWith('__reactProps')),
      ),
    undefined,
    { timeout: USABLE_MS },
  );
}
