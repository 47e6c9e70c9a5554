import { z } from 'zod';

/** SQLSTATE classes that say that the database cannot serve now: connection, resources, intervention, system. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58']);
/** Of those classes, but about one statement only. */
const QUERY_CANCELED = '57014';
const IDLE_IN_TRANSACTION = '25P03';
/** A digit at least: `EPIPE` has five letters, too. */
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;

const SOCKET_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ENOENT', 'ETIMEDOUT'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
]);
/** What a socket does, in the words of Node, which Prisma repeats; a file that is missing is no lost connection. */
const SOCKET_CALL = /\b(connect|read|write|getaddrinfo) E[A-Z_]+/;
/** node-postgres' own errors carry no code. */
const SAID =
  /^Connection terminated|connection error and is not queryable|was closed and is not queryable|timeout exceeded when trying to connect|^Query read timeout/;

/** What Prisma's adapter makes of the same. */
const ADAPTER_KINDS = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']);

const Failure = z.object({ code: z.string().optional(), message: z.string().optional() });
const OfPrisma = z.object({
  meta: z.object({
    driverAdapterError: z.object({ cause: z.object({ kind: z.string(), originalCode: z.string().default('') }) }),
  }),
});

/**
 * Whether an error of node-postgres or Prisma means that the connection, or the server behind it, is gone or cannot
 * serve now, and not that a statement was refused.
 */
export function isConnectionLost(error: unknown): boolean {
  const { code = '', message = '' } = Failure.safeParse(error).data ?? {};
  const adapted = OfPrisma.safeParse(error).data?.meta.driverAdapterError.cause;
  if (adapted) return ADAPTER_KINDS.has(adapted.kind) || saysUnavailable(adapted.originalCode);
  if (saysUnavailable(code)) return true;
  return (SOCKET_CODES.has(code) && SOCKET_CALL.test(message)) || (code === '' && SAID.test(message));
}

const saysUnavailable = (code: string): boolean =>
  SQLSTATE.test(code) &&
  (code === IDLE_IN_TRANSACTION || (UNAVAILABLE_CLASSES.has(code.slice(0, 2)) && code !== QUERY_CANCELED));
