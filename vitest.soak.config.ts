import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import program from './vitest.e2e.config';

const root = fileURLToPath(new URL('./', import.meta.url));
const HOUR_MS = 3_600_000;

/** The same suites for longer: `--mode program` kills and starves the real one, else what tries many cases tries more. */
export default defineConfig(({ mode }) =>
  mode === 'program'
    ? mergeConfig(program, { test: { provide: { crashRounds: 400, soak: 10 }, testTimeout: HOUR_MS } })
    : {
        resolve: { alias: { '@/': root } },
        test: {
          include: ['lib/**/*.test.ts', 'app/**/*.test.ts'],
          globalSetup: ['lib/testing/global-setup.ts'],
          setupFiles: ['lib/testing/fail-on-console-error.ts'],
          provide: { soak: 10 },
          env: { TZ: 'UTC' },
          testTimeout: HOUR_MS,
          hookTimeout: 60_000,
        },
      },
);
