import { setTimeout as delay } from 'node:timers/promises';
import type { ServerName } from '@/lib/protocol/ids';

/** Turns of this instance that a Letta server was given, and of which nothing has been heard yet. */
export type FirstWords = {
  /** One more. What it returns is called when something is heard of it, or nothing will be; more than once does no harm. */
  expect(server: ServerName): () => void;
  /** Resolves when all that were expected of the server at the call have been heard, or after `patienceMs`. */
  heard(server: ServerName, patienceMs: number): Promise<void>;
};

export function createFirstWords(): FirstWords {
  const expected = new Map<ServerName, Set<Promise<void>>>();
  return {
    expect: (server) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const those = expected.get(server) ?? new Set();
      expected.set(server, those.add(promise));
      return () => {
        those.delete(promise);
        resolve();
      };
    },
    heard: async (server, patienceMs) => {
      const patience = delay(patienceMs, undefined, { ref: false });
      await Promise.race([Promise.all(expected.get(server) ?? []), patience]);
    },
  };
}
