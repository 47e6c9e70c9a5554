import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** How many times as long as in `npm test` the rounds of property and crash tests are; `npm run test:soak`. */
    soak?: number;
  }
}

/** How many rounds a test that tries many cases goes: `usual` in `npm test`, more when it soaks. */
export const rounds = (usual: number): number => usual * (inject('soak') ?? 1);
