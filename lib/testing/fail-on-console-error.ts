import type { MockInstance } from 'vitest';
import { afterEach, beforeEach, expect, vi } from 'vitest';

let calls: MockInstance<typeof console.error>;

/**
 * A console.error fails its test. A test that expects one spies on console.error itself and looks at what came, then
 * calls `mockClear` on it.
 */
beforeEach(() => {
  calls = vi.spyOn(console, 'error');
});

afterEach(() => {
  const unexpected = [...calls.mock.calls];
  calls.mockRestore();
  expect(unexpected, 'console.error was called').toEqual([]);
});
