import { createServer } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, describe, expect, it } from 'vitest';
import { system } from '@/lib/protocol/actor';
import { CreateApiKey } from '@/lib/protocol/api-key';
import type { WireEntry } from '@/lib/protocol/entry';
import { conversationStream, type Stream, systemStream } from '@/lib/protocol/stream';
import { toldEntry } from '@/lib/protocol/told-entry';
import { createKey } from '@/lib/server/keys/create-key';
import { revokeKey } from '@/lib/server/keys/revoke-key';
import { readStream } from '@/lib/server/ledger/read-entries';
import { attachSockets } from '@/lib/server/sockets';
import { type AccessRuntime, ADMIN_KEY, createAccessRuntime } from '@/lib/testing/access-runtime';
import { createTestDatabase } from '@/lib/testing/test-database';
import { connectLive } from './live';
import type { LiveView } from './live-cache';
import { createConnectionStore } from './live-connection';

const talk = conversationStream('0199a000-0000-7000-8000-000000000001');
const key = ['live', 'conversation', 'one'];

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** One instance of the program, as far as the live stream needs it. */
async function serve(rt: AccessRuntime, port = 0) {
  const httpServer = createServer((_request, response) => response.end());
  const connections = new Set<TcpSocket>();
  httpServer.on('connection', (socket: TcpSocket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
  });
  const sockets = attachSockets(httpServer, rt);
  await new Promise<void>((resolve) => httpServer.listen(port, '127.0.0.1', resolve));
  const address = httpServer.address();
  if (!address || typeof address === 'string') throw new Error('not listening');
  const stop = async () => {
    await sockets.close();
    httpServer.closeAllConnections();
    await new Promise((resolve) => httpServer.close(resolve));
  };
  closing.push(stop);
  return { port: address.port, url: `http://127.0.0.1:${address.port}`, sockets, connections, stop };
}

const entriesOf = async (rt: AccessRuntime, stream: Stream, limit = 10_000) => {
  const stored = await readStream(rt.database.pool, rt.workspaceId, stream, { after: 0, limit });
  return stored.map(toldEntry);
};

const record = (rt: AccessRuntime, stream: Stream, count: number) =>
  rt.ledger.record(
    rt.workspaceId,
    system,
    Array.from({ length: count }, () => ({
      stream,
      type: 'conversation.changed' as const,
      payload: { title: 'a title of some length, as conversations have them' },
    })),
  );

function page(url: string, rt: AccessRuntime, stream: Stream, token: string = ADMIN_KEY) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } });
  const connection = createConnectionStore();
  const live = connectLive(queryClient, { url, token, connection });
  closing.push(live.close);
  const shown = () => queryClient.getQueryData<LiveView<WireEntry[]>>(key);
  const follow = async () => {
    await queryClient.prefetchQuery({
      queryKey: key,
      structuralSharing: false,
      queryFn: async (): Promise<LiveView<WireEntry[]>> => {
        const state = await entriesOf(rt, stream);
        return { state, lastStreamSeq: state.length };
      },
    });
    live.foldInto<WireEntry[]>({ queryKey: key, stream, fold: (state, entry) => [...state, entry] });
  };
  return { follow, shown, connection };
}

describe('the live stream over PostgreSQL', () => {
  it('[LV45] 200 views at two instances equal the database after lost connections and a restart', async () => {
    const database = await createTestDatabase(20);
    closing.push(() => database.drop());
    const [here, there] = [await createAccessRuntime({ database }), await createAccessRuntime({ database })];
    closing.push(here.stop, there.stop);
    const [near, far] = [await serve(here), await serve(there)];
    await record(here, talk, 120);
    const pages = Array.from({ length: 200 }, (_, index) => page(index % 2 ? near.url : far.url, here, talk));
    await Promise.all(pages.map((each) => each.follow()));
    await expect.poll(() => near.sockets.stats().watches + far.sockets.stats().watches, { timeout: 10_000 }).toBe(200);

    for (let round = 0; round < 30; round += 1) {
      await Promise.all([record(here, talk, 4), record(there, talk, 3)]);
      if (round % 10 === 5) for (const tcp of [...near.connections].slice(0, 40)) tcp.destroy();
      if (round === 20) await far.stop();
    }
    const again = await serve(there, far.port);
    await record(there, talk, 5);
    const truth = await entriesOf(here, talk);
    expect(truth).toHaveLength(120 + 30 * 7 + 5);
    const behind = () => pages.filter((each) => each.shown()?.lastStreamSeq !== truth.length).length;
    await expect.poll(behind, { timeout: 15_000 }).toBe(0);
    for (const each of pages) expect(each.shown()?.state).toEqual(truth);
    expect(near.sockets.stats()).toMatchObject({ sockets: 100, watches: 100, streams: 1 });
    expect(again.sockets.stats()).toMatchObject({ sockets: 100, watches: 100, streams: 1 });
  }, 60_000);

  it('[LV24] a key that is revoked at one instance closes its sockets at the other within 5 s', async () => {
    const database = await createTestDatabase();
    closing.push(() => database.drop());
    const [here, there] = [await createAccessRuntime({ database }), await createAccessRuntime({ database })];
    closing.push(here.stop, there.stop);
    const far = await serve(there);
    const admin = await here.access.callerOfRequest(new Headers({ authorization: `Bearer ${ADMIN_KEY}` }));
    if (!admin) throw new Error('no admin');
    const made = await createKey(here, admin, CreateApiKey.parse({ name: 'watcher', role: 'viewer' }));
    const { connection, follow } = page(far.url, here, systemStream, here.access.seal.open(made.key));
    await follow();
    await expect.poll(() => connection.get().state).toBe('live');
    await revokeKey(here, admin, made.id);
    await expect.poll(() => connection.get().state, { timeout: 5_000 }).toBe('refused');
    expect(far.sockets.stats().sockets).toBe(0);
  });
});
