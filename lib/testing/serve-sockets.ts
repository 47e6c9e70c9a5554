import { createServer } from 'node:http';
import { io, type Socket } from 'socket.io-client';
import { attachSockets } from '@/lib/server/sockets';
import type { TestRuntime } from './test-runtime';

type By = { token: string } | { cookie: string };

export type ServedSockets = {
  /** A client that connects as soon as it can, in a namespace. */
  connect(namespace: '/' | '/agent', by: By, transports?: string[]): Socket;
  /** The same once it is connected. Rejects with what the handshake is refused with. */
  connected(namespace: '/' | '/agent', by: By, transports?: string[]): Promise<Socket>;
  /** After each test. */
  disconnectAll(): void;
  close(): Promise<void>;
};

/** The program's sockets on a server of their own, on loopback, and clients of them that do not come back by themselves. */
export async function serveSockets(rt: TestRuntime['rt']): Promise<ServedSockets> {
  const server = createServer((_request, response) => response.end());
  const sockets = attachSockets(server, rt);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('not listening');
  const url = `http://127.0.0.1:${address.port}`;
  const open: Socket[] = [];
  const connect: ServedSockets['connect'] = (namespace, by, transports = ['websocket']) => {
    const how = 'token' in by ? { auth: by } : { extraHeaders: by };
    const socket = io(`${url}${namespace}`, { forceNew: true, reconnection: false, transports, ...how });
    open.push(socket);
    return socket;
  };
  return {
    connect,
    async connected(...how) {
      const socket = connect(...how);
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      return socket;
    },
    disconnectAll() {
      for (const socket of open.splice(0)) socket.disconnect();
    },
    async close() {
      await sockets.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
