import { forgetExpired } from './access/forget-expired';
import { forgetJobs } from './forget-jobs';
import { forgetIdempotent } from './ledger/idempotency';
import type { Runtime } from './runtime';

const EVERY_MS = 10 * 60_000;

/** Forgets what has expired: keys of repeated requests after 24 h, sessions, links, what jobs leave. Never an entry. */
export function keepHouse(rt: Runtime): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = forget(rt).catch((err: unknown) => rt.log.warn({ err }, 'what has expired could not be forgotten'));
  }, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

async function forget(rt: Runtime): Promise<void> {
  await forgetIdempotent(rt.database.pool, rt.workspaceId);
  await forgetExpired(rt.database.pool, rt.workspaceId, rt.clock.now());
  await forgetJobs(rt.database.pool);
}
