import { defineConfig } from '@playwright/test';
import { findChromium, findHeadlessShell } from '@/e2e/find-chromium';

const chromium = findHeadlessShell() ?? findChromium(); // read again by every worker, after the set-up may have installed it

/** What people do on the real screens, in a real browser, on the production build of the real program. */
export default defineConfig({
  testDir: 'e2e/journeys',
  globalSetup: './e2e/journeys/set-up.ts',
  outputDir: 'test-results',
  workers: 3, // they wait for what is drawn, and for programs that start
  retries: 1, // on a crowded machine; what needed a second try is named `flaky` in the summary
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    trace: 'on-first-retry', // recording every action costs processor time; a second try is recorded
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium === null ? {} : { executablePath: chromium }),
      args: [
        '--disable-background-networking',
        '--no-first-run',
        '--disable-component-update',
        '--disable-sync',
        '--disable-gpu',
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // Chromium refuses its sandbox to root
      ],
    },
  },
});
