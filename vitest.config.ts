import { fileURLToPath } from 'node:url';
import { defaultExclude, defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('./', import.meta.url));

const replacing = ['lib/client/browser-zod.test.ts']; // puts another module in the place of one

const everywhere = {
  environment: 'node',
  setupFiles: ['lib/testing/fail-on-console-error.ts'],
  env: { TZ: 'UTC' },
  testTimeout: 20_000,
  expect: { poll: { timeout: 5_000 } }, // where the time is what is promised, the test names it
  hookTimeout: 30_000,
};

export default defineConfig({
  resolve: { alias: { '@/': root } },
  test: {
    globalSetup: ['lib/testing/global-setup.ts'],
    maxWorkers: 4, // they wait, for PostgreSQL and for deadlines: on two cores four keep both busy
    projects: [
      // Files share a process, so that what they import is read once: what a file puts or starts it takes away again.
      {
        extends: true,
        test: {
          ...everywhere,
          name: 'shared',
          include: ['{lib,app,components}/**/*.test.{ts,tsx}'],
          exclude: [...defaultExclude, ...replacing],
          isolate: false,
        },
      },
      { extends: true, test: { ...everywhere, name: 'alone', include: replacing } },
    ],
  },
});
