import { defineConfig } from 'vitest/config';

/** `npm run test:letta`: the contract of the gateway on the real Letta server, which is installed on demand. */
export default defineConfig({
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    include: ['e2e/letta/**/*.letta.test.ts'],
    globalSetup: ['lib/testing/global-setup.ts', 'e2e/letta/provide-letta.ts'],
    pool: 'forks', // the servers are children of the worker and go with it
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 600_000,
    teardownTimeout: 30_000,
  },
});
