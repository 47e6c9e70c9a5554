import { fileURLToPath } from 'node:url';
import { defaultExclude, defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('./', import.meta.url));

const pure = ['lib/{protocol,domain,client}/**/*.test.ts', 'components/**/*.test.{ts,tsx}'];
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
      {
        extends: true,
        test: {
          ...everywhere,
          name: 'node',
          include: ['lib/{server,testing}/**/*.test.ts', 'app/**/*.test.ts', ...replacing],
        },
      },
      // What is pure leaves nothing behind: its files share a process, and what they import is read once.
      {
        extends: true,
        test: {
          ...everywhere,
          name: 'pure',
          include: pure,
          exclude: [...defaultExclude, ...replacing],
          isolate: false,
        },
      },
    ],
  },
});
