import { fileURLToPath } from 'node:url';
import { defaultExclude, defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = fileURLToPath(new URL('./', import.meta.url));

const replacing = ['lib/client/browser-zod.test.ts']; // puts another module in the place of one

/** What mostly waits, for programs and deadlines, the longest first: begun last, nothing would be left to do beside it. */
const waiting = [
  'turn-after-restarts',
  'letta-facts',
  'standing-calls',
  'lost-calls',
  'draft-crash',
  'failures',
  'embedded-postgres',
  'several-servers',
  'not-sent',
  'look-up-turn',
  'tell-principal',
  'unrecorded',
  'answer-after-away',
  'held-where-letta-delivers',
  'simulated',
  'observed',
  'tell-principal-cut',
  'release-gate',
  'rest-contract',
  'audit-verbs',
  'letta-connections',
];

class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = waiting.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at === -1 ? waiting.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

const everywhere = {
  environment: 'node',
  setupFiles: ['lib/testing/fail-on-console-error.ts'],
  env: { TZ: 'UTC' },
  testTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } }, // where the time is what is promised, the test names it
  hookTimeout: 60_000,
};

export default defineConfig({
  resolve: { alias: { '@/': root } },
  test: {
    globalSetup: ['lib/testing/global-setup.ts'],
    maxWorkers: 8, // they wait, for PostgreSQL and for deadlines: on two cores eight keep both busy
    sequence: { sequencer: WaitingFirst },
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
