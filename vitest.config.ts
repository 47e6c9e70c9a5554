import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('./', import.meta.url));

export default defineConfig({
  resolve: { alias: { '@/': root } },
  test: {
    globalSetup: ['lib/testing/global-setup.ts'],
    maxWorkers: 4, // they wait, for PostgreSQL and for deadlines: on two cores four keep both busy
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['lib/**/*.test.ts', 'app/**/*.test.ts', 'components/**/*.test.{ts,tsx}'],
          setupFiles: ['lib/testing/fail-on-console-error.ts'],
          env: { TZ: 'UTC' },
          testTimeout: 20_000,
          expect: { poll: { timeout: 5_000 } }, // where the time is what is promised, the test names it
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
