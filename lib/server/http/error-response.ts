import { AppError, type ErrorBody, errorStatus, isAppError } from '@/lib/protocol/errors';
import { isConnectionLost } from '../database/is-connection-lost';
import { isZodError, toInputError } from './parse-input';

/** A failure as it goes out, over HTTP or in the ack of a socket. `isFault`: nobody meant it; log the error whole. */
export type Failure = { status: number; headers: Record<string, string>; body: ErrorBody; isFault: boolean };

/**
 * The one converter. An AppError is told as it is; what zod threw is a bad request, and a fault where it was not the
 * door that parsed; a database that is away is 503; anything else is a fault and told as `internal`.
 */
export function toFailure(error: unknown, requestId: string): Failure {
  const known = toAppError(error);
  const { code, message, fields, retryAfterSeconds, allow } = known ?? internal;
  const status = errorStatus[code];
  // What an engine refuses names nothing of the request: then its words stand for all of it.
  const named = fields ?? (status === 400 ? { request: message } : undefined);
  const headers = {
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
    ...(allow && { Allow: allow.join(', ') }),
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="Parley"' }),
  };
  const isFault = !known || isZodError(error);
  return { status, headers, body: { error: { code, message, requestId, ...(named && { fields: named }) } }, isFault };
}

const internal = new AppError('internal', 'Parley made a mistake. The log tells more, under the id of the request.');

function toAppError(error: unknown): AppError | null {
  if (isAppError(error)) return error;
  if (isZodError(error)) return toInputError(error);
  if (isConnectionLost(error)) {
    return new AppError('ledger.unavailable', 'The database is away.', { cause: error, retryAfterSeconds: 2 });
  }
  return null;
}
