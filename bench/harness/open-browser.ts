import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { z } from 'zod';
import { findChromium } from '@/e2e/find-chromium';
import { monotonicMs } from './monotonic-ms';

const ASKED = 25;

export type BenchBrowser = {
  /** One with cookies of its own; `signInUrl` is used up to sign its person in. */
  enter(signInUrl?: string): Promise<BrowserContext>;
  close(): Promise<void>;
};

/** This machine's own Chromium, without a window and without the graphics card that a server does not have. */
export async function openBrowser(): Promise<BenchBrowser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('This benchmark needs Chromium, and there is none on this machine.');
  const args = ['--disable-gpu', '--enable-precise-memory-info', '--js-flags=--expose-gc'];
  if (process.getuid?.() === 0) args.push('--no-sandbox'); // Chromium refuses its sandbox to root
  const browser = await chromium.launch({ executablePath, args });
  return {
    async enter(signInUrl) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
      if (signInUrl !== undefined) await signIn(context, new URL(signInUrl));
      return context;
    },
    close: () => browser.close(),
  };
}

async function signIn(context: BrowserContext, { origin, searchParams }: URL): Promise<void> {
  const data = { token: searchParams.get('token'), name: 'Bench' };
  const answer = await context.request.post(`${origin}/api/sign-in`, { data, headers: { Origin: origin } });
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
}

/** What has to be added to the page's performance.now() for the machine's monotonic clock, to about half a millisecond. */
export async function clockOffsetMs(page: Page): Promise<number> {
  const asked: { took: number; offset: number }[] = [];
  for (let round = 0; round < ASKED; round += 1) {
    const before = monotonicMs();
    const there = z.number().parse(await page.evaluate(() => performance.now()));
    const after = monotonicMs();
    asked.push({ took: after - before, offset: (before + after) / 2 - there });
  }
  asked.sort((one, other) => one.took - other.took);
  return asked[0]?.offset ?? 0;
}
