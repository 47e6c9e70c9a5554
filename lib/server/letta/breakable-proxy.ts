import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be broken while something travels on it. */
export type BreakableProxy = {
  url: string;
  /** Closes every connection at once, as when a server dies or a cable is pulled at its end. */
  cut(): void;
  /** Lets nothing through any more while connections stay open, as when a machine hangs. */
  freeze(): void;
  /** Lets requests through, but no answers. */
  mute(): void;
  /** Closes every connection and takes no new one, as when a server is down. */
  refuse(): void;
  /** Lets everything through again that comes from now on. */
  heal(): void;
  stop(): Promise<void>;
};

/** Opens a way to `targetUrl` on a free port of the loopback address. */
export async function openBreakableProxy(targetUrl: string): Promise<BreakableProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let frozen = false;
  let muted = false;
  let refused = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()); // a reset is what this is for
    socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    if (refused) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(from);
      from.on('data', (chunk) => frozen || (muted && to === near) || to.write(chunk));
      from.once('close', () => to.destroy());
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    freeze: () => {
      frozen = true;
    },
    mute: () => {
      muted = true;
    },
    refuse: () => {
      refused = true;
      cut();
    },
    heal: () => {
      [frozen, muted, refused] = [false, false, false];
    },
    stop: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
