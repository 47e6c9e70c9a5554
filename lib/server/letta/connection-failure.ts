/** What Node and undici call a connection that never came to be, and how a certificate is refused. */
const NEVER = /^(?:UND_ERR_CONNECT_TIMEOUT|ENOTFOUND|EAI_AGAIN|CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** Nobody listens there, or whoever did is gone in the middle: a server that is down, unlike one that is slow or far away. */
const DOWN = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

type Failure = { code: string; syscall: string };

/** The failures of connections behind an error: several where a name has several addresses, none where it is another one. */
function failuresIn(error: unknown): Failure[] {
  if (!(error instanceof Error)) return [];
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.flatMap(failuresIn);
  const behind = failuresIn(error.cause);
  if (behind.length > 0) return behind;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const syscall = 'syscall' in error && typeof error.syscall === 'string' ? error.syscall : '';
  return code === null ? [] : [{ code, syscall }];
}

/** Whether a request failed before there was a connection: nothing of it can have left. */
export function wasNeverConnected(error: unknown): boolean {
  const failures = failuresIn(error);
  const isBefore = ({ code, syscall }: Failure) =>
    syscall === 'connect' || syscall === 'getaddrinfo' || NEVER.test(code);
  return failures.length > 0 && failures.every(isBefore);
}

/** Whether a failure shows that the server itself is down: it has then to start anew before it answers again. */
export const isDown = (error: unknown): boolean => failuresIn(error).some(({ code }) => DOWN.has(code));
