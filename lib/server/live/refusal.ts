import { randomUUID } from 'node:crypto';
import { toFailure } from '../http/error-response';
import type { Log } from '../log';

type Refusal = { ok: false; error: { code: string; message: string } };

/** What a client may know of an error. Its cause, and all of one that we did not foresee, are in the log. */
export function toRefusal(error: unknown, log: Log): Refusal {
  const { status, body, isFault } = toFailure(error, randomUUID());
  const { code, message, requestId } = body.error;
  if (isFault) log.error({ err: error, requestId }, 'live stream: a request failed');
  else if (status >= 500) log.warn({ err: error, requestId }, `live stream: ${code}`);
  return { ok: false, error: { code, message } };
}
