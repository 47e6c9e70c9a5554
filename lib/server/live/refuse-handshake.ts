import { type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http';
import type { Guarded } from '../http/guard';

/** Answers a request for a socket, by either transport, that the guard has refused, and ends its connection. */
export function refuseHandshake(
  request: IncomingMessage,
  response: unknown,
  { status, headers, body }: Extract<Guarded, { ok: false }>,
): void {
  const sent = { ...headers, Connection: 'close', 'Content-Length': String(Buffer.byteLength(body)) };
  if (response instanceof ServerResponse) {
    response.writeHead(status, sent).end(body);
    return;
  }
  // An upgrade has no response of Node's: what is written to its connection is the answer.
  const lines = Object.entries(sent).map(([name, value]) => `${name}: ${value}`);
  request.socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
