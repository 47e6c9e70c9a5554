import { createServer } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { pino } from 'pino';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import type { WireEntry } from '@/lib/protocol/entry';
import { PersonId } from '@/lib/protocol/ids';
import type { Delta, Goodbye, Head, UnwatchAck, WatchAck } from '@/lib/protocol/socket';
import { Entries } from '@/lib/protocol/socket';
import type { Stream } from '@/lib/protocol/stream';
import type { Caller } from '@/lib/server/access/caller';
import { systemClock } from '@/lib/server/clock';
import { createDraftViewers } from '@/lib/server/live/draft-viewers';
import type { LiveLimits } from '@/lib/server/live/live-limits';
import { openSockets } from '@/lib/server/sockets';
import type { LiveLedger } from './live-ledger';
import { testWorkspace } from './live-ledger';

type Credential = Caller['credential'];

/** `token` is who: `agent:<task>` is an agent's key, `nobody` is refused, anything else a person's session. */
function callerOf(token: string): Caller | null {
  if (token === 'nobody') return null;
  const taskId = token.startsWith('agent:') ? token.slice('agent:'.length) : null;
  return {
    workspaceId: testWorkspace,
    actor: { kind: taskId ? 'key' : 'person', id: PersonId.parse(token), name: token },
    role: 'viewer',
    credential: { kind: taskId ? 'key' : 'session', id: token },
    agentScope: taskId ? { agentIds: [], taskIds: [taskId] } : null,
  };
}

/** The live stream on a port of its own, over a ledger in memory, with an access that knows tokens by their name. */
export async function startLiveServer(ledger: LiveLedger, limits: Partial<LiveLimits> = {}, port = 0) {
  const withdrawn = new Set<string>();
  const httpServer = createServer((_request, response) => response.end('elsewhere'));
  const connections = new Set<TcpSocket>();
  httpServer.on('connection', (socket: TcpSocket) => connections.add(socket));
  const draftViewers = createDraftViewers({ ...ledger.hub, publishViewed: () => undefined }, systemClock);
  const rt = {
    workspaceId: testWorkspace,
    log: pino({ level: 'silent' }),
    clock: systemClock,
    env: { trustedProxies: 0, publicUrl: null },
    hub: ledger.hub,
    draftViewers,
    access: {
      callerOfSocket: async ({
        headers,
        auth,
      }: {
        headers: { authorization?: string; cookie?: string };
        auth: object;
      }) => {
        const token = 'token' in auth ? String(auth.token) : undefined;
        const said = token ?? headers.authorization?.replace('Bearer ', '') ?? headers.cookie?.replace('session=', '');
        return said ? callerOf(said) : null;
      },
      isStillValid: async ({ id }: Credential) => !withdrawn.has(id),
    },
  };
  const sockets = openSockets(httpServer, rt, ledger.reader, { farewellMs: 200, ...limits });
  await new Promise<void>((resolve) => httpServer.listen(port, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = httpServer.address();
  if (!address || typeof address === 'string') throw new Error('not listening');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    sockets,
    connections: () => connections,
    withdraw: (token: string) => void withdrawn.add(token),
    async stop() {
      await sockets.close();
      draftViewers.stop();
      httpServer.closeAllConnections();
      await new Promise((resolve) => httpServer.close(resolve));
    },
  };
}

type Told = { event: 'ack' | 'entries' | 'head' | 'delta' | 'goodbye'; stream?: Stream };

/** A real client that keeps all it is told, in order, and checks that entries are what the contract promises. */
export function connectLiveClient(url: string, options: Parameters<typeof io>[1] = {}) {
  const socket: Socket = io(url, {
    forceNew: true,
    reconnection: false,
    auth: { token: 'ann' },
    transports: ['websocket'],
    ...options,
  });
  const entries = new Map<Stream, WireEntry[]>();
  /** Each beacon, with how far the entries reached that had come before it. */
  const heads: (Head & { reached: number })[] = [];
  const deltas: Delta[] = [];
  const goodbyes: Goodbye[] = [];
  const order: Told[] = [];
  socket.on('entries', (told: unknown) => {
    const batch = Entries.parse(told);
    order.push({ event: 'entries', stream: batch.stream });
    entries.set(batch.stream, [...(entries.get(batch.stream) ?? []), ...batch.entries]);
  });
  socket.on('head', (head: Head) => {
    order.push({ event: 'head', stream: head.stream });
    heads.push({ ...head, reached: entries.get(head.stream)?.at(-1)?.streamSeq ?? 0 });
  });
  socket.on('delta', (delta: Delta) => {
    order.push({ event: 'delta', stream: delta.stream });
    deltas.push(delta);
  });
  socket.on('goodbye', (goodbye: Goodbye) => goodbyes.push(goodbye));
  return {
    socket,
    heads,
    deltas,
    goodbyes,
    order,
    watch: async (stream: Stream, from: { epoch?: string; after?: number } = {}): Promise<WatchAck> =>
      new Promise((resolve) => {
        socket.emit('watch', { stream, ...from }, (ack: WatchAck) => {
          order.push({ event: 'ack', stream });
          resolve(ack);
        });
      }),
    unwatch: async (stream: Stream): Promise<UnwatchAck> => socket.emitWithAck('unwatch', { stream }),
    seqs: (stream: Stream) => (entries.get(stream) ?? []).map(({ streamSeq }) => streamSeq),
    entries: (stream: Stream) => entries.get(stream) ?? [],
    connected: () =>
      new Promise<void>((resolve, reject) => {
        if (socket.connected) return resolve();
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      }),
    close: () => socket.disconnect(),
  };
}
export type LiveClient = ReturnType<typeof connectLiveClient>;

/** The numbers from `first` to `last`, both included. */
export const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
