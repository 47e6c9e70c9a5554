import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import type { RestClient } from './rest-client';

/** The frame that `tellAcceptance` puts in. */
export const ACCEPTED = 'parley_accepted';

const PAUSES_MS = [150, 300, 600, 1_200, 2_400];
const Ping = z.looseObject({ message_type: z.literal('ping'), run_id: z.string().min(1) });

/**
 * Puts a frame in as soon as it is certain that the engine has taken the input, which may be long before the model says
 * its first word. A stream begins, and names its run, before the engine looks at the input; a refusal follows only then.
 * What it has not refused it works on in steps: a run with a step will not be refused any more.
 * @param leave ends the connection; without it, a reader who goes would wait for the frame that is under way
 */
export async function* tellAcceptance(
  frames: AsyncIterable<unknown>,
  client: RestClient,
  leave: () => void,
): AsyncGenerator<unknown> {
  const iterator = frames[Symbol.asyncIterator]();
  try {
    const first = await iterator.next();
    if (first.done) return;
    yield first.value;
    const ping = Ping.safeParse(first.value);
    const second = iterator.next();
    if (ping.success && (await begins(client, ping.data.run_id, second))) {
      yield { message_type: ACCEPTED, run_id: ping.data.run_id };
    }
    for (let frame = await second; !frame.done; frame = await iterator.next()) yield frame.value;
  } finally {
    leave();
    await iterator.return?.();
  }
}

/** True when the run has a step while nothing else has come; false when something came, or the engine does not tell. */
async function begins(client: RestClient, runId: string, next: Promise<unknown>): Promise<boolean> {
  for (const pauseMs of PAUSES_MS) {
    if (await comesWithin(next, pauseMs)) return false;
    const begun = await hasStep(client, runId);
    if (begun !== false) return begun ?? false;
  }
  return false;
}

async function comesWithin(next: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const time = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    const came = next.then(
      () => true,
      () => true, // it is thrown where the frame is read
    );
    return await Promise.race([came, time]);
  } finally {
    clearTimeout(timer);
  }
}

/** Null when the engine does not tell. */
async function hasStep(client: RestClient, runId: string): Promise<boolean | null> {
  try {
    const ask = client.read(
      z.array(z.unknown()),
      async (options) => (await client.letta.runs.steps.list(runId, { limit: 1 }, options)).items,
    );
    return (await ask).length > 0;
  } catch (error) {
    if (!isAppError(error)) throw error;
    client.log.debug({ err: error, runId }, 'Letta does not tell the steps of a run');
    return null;
  }
}
