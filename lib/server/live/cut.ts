import type { IncomingMessage } from 'node:http';

type Connection = {
  readonly request: IncomingMessage;
  readonly upgraded: boolean;
  readonly transport: { readonly name: string };
  close(discard: boolean): void;
};

/**
 * Ends a connection whose other end does not read. A websocket is destroyed below: its own closing would wait behind
 * everything unsent, for 30 s, and keep it in memory. A poll's TCP connection may be a proxy's and serve others, and so
 * may the first of one that began as polling: those are closed in the ordinary way.
 */
export function cut(connection: Connection): void {
  const { request, upgraded, transport } = connection;
  connection.close(true);
  if (transport.name === 'websocket' && !upgraded) request.socket.destroy();
}
