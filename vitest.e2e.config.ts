import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('./', import.meta.url));

/** The real program as a process of its own: killed, stopped, starved, and several at a time. */
export default defineConfig({
  resolve: { alias: { '@/': root } },
  test: {
    include: ['e2e/program/**/*.test.ts'],
    globalSetup: ['e2e/program/provide-program.ts'],
    maxWorkers: 3, // they wait, for starts and for deadlines: on two cores three keep both busy
    provide: { crashRounds: 20 },
    env: { TZ: 'UTC' },
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
