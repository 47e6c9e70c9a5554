import { mergeConfig } from 'vitest/config';
import program from './vitest.e2e.config';

/** The same suites against the real program, for longer. */
export default mergeConfig(program, { test: { provide: { crashRounds: 400 }, testTimeout: 3_600_000 } });
