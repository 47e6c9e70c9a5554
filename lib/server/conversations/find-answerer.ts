import { setTimeout as delay } from 'node:timers/promises';
import type { CallResult } from '@/lib/domain/conversation/conversation-state';
import { whoAnswered } from '@/lib/domain/draft/who-answered';
import { isAppError } from '@/lib/protocol/errors';
import type { Gateway, Thread } from '../letta/gateway';

const LISTED = 100;
const PAUSE_MS = 500;
/** An engine lists an answer when the step that it began has ended: so long none is waited for. */
const PATIENCE_MS = 6_000;

/**
 * Whose answers ended a request that nobody waits at any more: `we` where they are those that we have `given`. Looks
 * again for some seconds while the engine lists none; then they are `unknown`. Throws what the engine throws, and the
 * reason of `signal`.
 */
export async function findAnswerer(
  gateway: Gateway,
  thread: Thread,
  messageId: string,
  given: readonly CallResult[],
  signal: AbortSignal,
): Promise<ReturnType<typeof whoAnswered>> {
  for (let waitedMs = 0; ; waitedMs += PAUSE_MS) {
    const who = whoAnswered(given, await listedAfter(gateway, thread, messageId));
    if (who !== 'unknown' || waitedMs >= PATIENCE_MS) return who;
    await delay(PAUSE_MS, undefined, { signal });
  }
}

/** Nothing where the request itself is not listed any more: somebody has emptied the thread. */
const listedAfter = (gateway: Gateway, thread: Thread, after: string) =>
  gateway.listMessages(thread, { after, limit: LISTED }).catch((error: unknown) => {
    if (isAppError(error) && error.code === 'request.invalid') return [];
    throw error;
  });
