import { connect as connectTcp, createServer, type Socket as TcpSocket } from 'node:net';
import { notifyManager, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, describe, expect, it } from 'vitest';
import { knownEntry, type WireEntry } from '@/lib/protocol/entry';
import { Delta, REPLAY_MAX } from '@/lib/protocol/socket';
import { conversationStream, fleetStream } from '@/lib/protocol/stream';
import { toldEntry } from '@/lib/protocol/told-entry';
import { createLiveLedger, type LiveLedger } from '@/lib/testing/live-ledger';
import { startLiveServer } from '@/lib/testing/live-server';
import { waitingDraftsQuery } from './draft-queries';
import { connectLive, type LiveOptions } from './live';
import type { LiveView } from './live-cache';
import { createConnectionStore } from './live-connection';
import { stillWriting } from './still-writing';

const talk = conversationStream('0199a000-0000-7000-8000-000000000001');
const key = ['live', 'conversation', 'one'];

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(limits: Parameters<typeof startLiveServer>[1] = {}) {
  const ledger = createLiveLedger();
  const server = await startLiveServer(ledger, limits);
  closing.push(server.stop);
  return { ledger, server };
}

const told = (ledger: LiveLedger) => ledger.entries(talk).map(toldEntry);

function page(url: string, ledger: LiveLedger, options: LiveOptions = {}) {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity } } });
  const connection = createConnectionStore();
  const live = connectLive(queryClient, { url, token: 'ann', connection, ...options });
  closing.push(live.close, () => queryClient.clear());
  const loads = { count: 0 };
  const shown = () => queryClient.getQueryData<LiveView<WireEntry[]>>(key);
  return {
    live,
    connection,
    queryClient,
    loads,
    shown,
    seqs: () => shown()?.state.map(({ streamSeq }) => streamSeq),
    /** What `useLiveView` does. `upTo`: the snapshot is as old as that. */
    async view(upTo = Number.POSITIVE_INFINITY) {
      let limit = upTo;
      await queryClient.prefetchQuery({
        queryKey: key,
        structuralSharing: false,
        queryFn: (): LiveView<WireEntry[]> => {
          loads.count += 1;
          const state = told(ledger).slice(0, limit);
          limit = Number.POSITIVE_INFINITY;
          return { state, lastStreamSeq: state.at(-1)?.streamSeq ?? 0 };
        },
      });
      return live.foldInto<WireEntry[]>({ queryKey: key, stream: talk, fold: (state, entry) => [...state, entry] });
    },
  };
}

describe('a view that follows its stream', () => {
  it('[LV40] is loaded once, goes on from where it was loaded, and equals the database', async () => {
    const { ledger, server } = await open();
    ledger.append(talk, 40);
    const { view, shown, loads } = page(server.url, ledger);
    await view(25);
    ledger.append(talk, 5);
    await expect.poll(() => shown()?.lastStreamSeq).toBe(45);
    for (let index = 0; index < 50; index += 1) ledger.append(talk);
    await expect.poll(() => shown()?.lastStreamSeq).toBe(95);
    expect(shown()?.state).toEqual(told(ledger));
    expect(loads.count).toBe(1);
  });

  it('[LV41] a snapshot that is loaded again is the new beginning, be it older or newer than what is shown', async () => {
    const { ledger, server } = await open();
    ledger.append(talk, 10);
    const { view, shown, queryClient, connection } = page(server.url, ledger);
    await view();
    await expect.poll(() => connection.get().state).toBe('live');
    ledger.append(talk, 5);
    await expect.poll(() => shown()?.lastStreamSeq).toBe(15);
    await queryClient.fetchQuery({
      queryKey: key,
      structuralSharing: false,
      queryFn: () => ({ state: told(ledger).slice(0, 4), lastStreamSeq: 4 }),
    });
    await expect.poll(() => shown()?.lastStreamSeq).toBe(15);
    expect(shown()?.state).toEqual(told(ledger));
    ledger.append(talk, 3, { told: 'nothing' });
    await queryClient.fetchQuery({
      queryKey: key,
      structuralSharing: false,
      queryFn: () => ({ state: told(ledger), lastStreamSeq: 18 }),
    });
    ledger.append(talk);
    await expect.poll(() => shown()?.lastStreamSeq).toBe(19);
    expect(shown()?.state).toEqual(told(ledger));
  });

  it('[LV32] a gap too large, or another ledger, is loaded anew and followed from there', async () => {
    const { ledger, server } = await open();
    ledger.append(talk, REPLAY_MAX + 10);
    const { view, shown, loads } = page(server.url, ledger);
    await view(3);
    await expect.poll(() => shown()?.lastStreamSeq, { timeout: 5_000 }).toBe(REPLAY_MAX + 10);
    ledger.append(talk);
    await expect.poll(() => shown()?.lastStreamSeq).toBe(REPLAY_MAX + 11);
    expect(loads.count).toBe(2);
    expect(shown()?.state).toEqual(told(ledger));
  });

  it('[LV42] survives lost connections and a restart of the server without gap or repetition', async () => {
    const { ledger, server } = await open();
    ledger.append(talk, 10);
    const { view, shown, connection } = page(server.url, ledger);
    await view();
    await expect.poll(() => connection.get().state).toBe('live');
    for (let round = 0; round < 3; round += 1) {
      ledger.append(talk, 2);
      for (const tcp of server.connections()) tcp.destroy();
      ledger.append(talk, 7);
      await expect.poll(() => shown()?.lastStreamSeq, { timeout: 10_000 }).toBe(10 + 9 * (round + 1));
    }
    await server.stop();
    ledger.append(talk, 20);
    await expect.poll(() => connection.get().state).not.toBe('live');
    const again = await startLiveServer(ledger, {}, server.port);
    closing.push(again.stop);
    ledger.append(talk, 20);
    await expect.poll(() => shown()?.lastStreamSeq, { timeout: 10_000 }).toBe(77);
    expect(connection.get().state).toBe('live');
    expect(shown()?.state).toEqual(told(ledger));
  });

  it('[LV43] a stream is watched once for all who read it, and no longer than they do', async () => {
    const { ledger, server } = await open();
    const { live, view, connection } = page(server.url, ledger);
    await expect.poll(() => connection.get().state).toBe('live');
    const stops = [await view(), live.writing(talk).subscribe(() => undefined)];
    stops.push(live.invalidateOn({ streams: [talk, fleetStream], queryKeys: [['live', 'agents']] }));
    await expect.poll(() => server.sockets.stats()).toMatchObject({ watches: 2, streams: 2 });
    for (const stop of stops.slice(0, 2)) stop();
    ledger.append(talk);
    expect(server.sockets.stats()).toMatchObject({ watches: 2 });
    stops[2]?.();
    await expect.poll(() => server.sockets.stats()).toMatchObject({ watches: 0, streams: 0 });
  });
});

describe('lists', () => {
  it('[LV48] are read once more when their stream begins, a first load under way too', async () => {
    const { ledger, server } = await open();
    const { live, queryClient } = page(server.url, ledger);
    ledger.append(fleetStream);
    let reads = 0;
    const first = Promise.withResolvers<number>();
    const count = () => {
      reads += 1;
      return reads === 1 ? first.promise : ledger.entries(fleetStream).length;
    };
    const list = new QueryObserver(queryClient, { queryKey: ['live', 'agents'], queryFn: count });
    closing.push(list.subscribe(() => undefined));
    ledger.append(fleetStream, 2); // after the list was read, before anybody watches
    live.invalidateOn({ streams: [fleetStream], queryKeys: [['live', 'agents']] });
    await expect.poll(() => server.sockets.stats().watches).toBe(1);
    first.resolve(1);
    await expect.poll(() => list.getCurrentResult().data).toBe(3);
    expect(reads).toBe(2);
  });

  it('[LV48] of drafts are, too: one that was offered in between is not missing', async () => {
    const { ledger, server } = await open();
    const { live, queryClient } = page(server.url, ledger);
    let reads = 0;
    const first = Promise.withResolvers<never[]>();
    const { queryKey } = waitingDraftsQuery;
    const count = () => {
      reads += 1;
      return reads === 1 ? first.promise : [];
    };
    const list = new QueryObserver<unknown>(queryClient, { queryKey, queryFn: count });
    closing.push(list.subscribe(() => undefined));
    closing.push(live.followDrafts(() => undefined));
    await expect.poll(() => server.sockets.stats().watches).toBe(1);
    first.resolve([]);
    await expect.poll(() => reads).toBe(2);
  });

  it('[LV44] are loaded again once for many entries, and only for those that matter to them', async () => {
    const { ledger, server } = await open();
    const { live, connection, queryClient } = page(server.url, ledger);
    queryClient.setQueryData(['live', 'agents'], []);
    queryClient.setQueryData(['live', 'other'], []);
    live.invalidateOn({ streams: [fleetStream], queryKeys: [['live', 'agents']] });
    live.invalidateOn({
      streams: [fleetStream],
      queryKeys: [['live', 'other']],
      when: ({ type }) => type === 'agent.removed',
    });
    await expect.poll(() => connection.get().state).toBe('live');
    await expect.poll(() => queryClient.getQueryState(['live', 'other'])?.isInvalidated).toBe(true); // the beginning
    for (const name of ['agents', 'other']) queryClient.setQueryData(['live', name], []);
    let marked = 0;
    queryClient.getQueryCache().subscribe((event) => {
      if (event.type === 'updated' && event.action.type === 'invalidate') marked += 1;
    });
    for (let index = 0; index < 30; index += 1) ledger.append(fleetStream);
    await expect.poll(() => queryClient.getQueryState(['live', 'agents'])?.isInvalidated).toBe(true);
    expect(queryClient.getQueryState(['live', 'other'])?.isInvalidated).toBe(false);
    expect(marked).toBe(1);
  });
});

describe('what is being written', () => {
  it('[LV36] is shown as it comes and goes when the message is seen', async () => {
    const { ledger, server } = await open();
    const { live, connection } = page(server.url, ledger);
    const writing = live.writing(talk);
    let told = 0;
    closing.push(writing.subscribe(() => (told += 1)));
    await expect.poll(() => connection.get().state).toBe('live');
    await expect.poll(() => server.sockets.stats().watches).toBe(1);
    const words = Array.from({ length: 40 }, (_, index) => `word${index} `);
    let offset = 0;
    for (const text of words) {
      ledger.delta(deltaOf(offset, text));
      offset += text.length;
    }
    await expect.poll(() => [...writing.get().values()]).toMatchObject([{ text: words.join(''), whole: true }]);
    expect(told).toBeLessThan(10);
    ledger.append(talk, 1, { as: { type: 'message.seen', payload: seenPayload } });
    await expect.poll(() => stillWriting(writing.get(), 1).size).toBe(0);
  });

  it('[LV47] is neither there twice nor missing when the entry comes that ends it', async () => {
    const { ledger, server } = await open();
    const { live, view, shown, queryClient, connection } = page(server.url, ledger);
    const writing = live.writing(talk);
    const found: number[] = [];
    let messageId = '';
    const look = () => {
      const { state = [], lastStreamSeq = 0 } = shown() ?? {};
      const rows = state.filter(({ payload }) => payload?.['messageId'] === messageId);
      const texts = [...stillWriting(writing.get(), lastStreamSeq).values()];
      found.push(rows.length + texts.filter((text) => text.messageId === messageId).length);
    };
    await view();
    let told = 0;
    const onTold = () => {
      told += 1;
      look();
    };
    const drawn = new QueryObserver(queryClient, { queryKey: key, enabled: false });
    closing.push(writing.subscribe(onTold), drawn.subscribe(notifyManager.batchCalls(look))); // as `useQuery` does
    await expect.poll(() => connection.get().state).toBe('live');
    await expect.poll(() => server.sockets.stats().watches).toBe(1);
    for (let n = 1; n <= 12; n += 1) {
      messageId = `message-${n}`;
      const toldBefore = told;
      ledger.delta({ ...deltaOf(0, 'Words'), messageId });
      await expect.poll(() => told, { interval: 1 }).toBe(toldBefore + 1);
      found.length = 0;
      look();
      if (n % 2) ledger.append(talk); // what follows at once is shown a frame later
      const [seen] = ledger.append(talk, 1, { as: { type: 'message.seen', payload: { ...seenPayload, messageId } } });
      await expect.poll(() => shown()?.lastStreamSeq, { interval: 1 }).toBe(seen?.streamSeq);
      await expect.poll(() => told, { interval: 1 }).toBe(toldBefore + 2);
      look();
      expect(new Set(found)).toEqual(new Set([1]));
    }
  });
});

describe('the connection', () => {
  it('[LV39] says when it is refused and does not try again, until somebody asks it to', async () => {
    const { ledger, server } = await open();
    const { connection } = page(server.url, ledger);
    await expect.poll(() => connection.get()).toMatchObject({ state: 'live', latencyMs: expect.any(Number) });
    ledger.revoke({ kind: 'session', id: 'ann' });
    await expect
      .poll(() => connection.get())
      .toMatchObject({ state: 'refused', reason: expect.stringContaining('Sign in') });
    expect(server.sockets.stats().sockets).toBe(0);
    connection.reconnect();
    await expect.poll(() => connection.get().state).toBe('live');
    const stranger = page(server.url, ledger, { token: 'nobody' });
    await expect.poll(() => stranger.connection.get().state).toBe('refused');
  });

  it('[LV39] a connection that has gone silent is stale, then made anew, and nothing is missed', async () => {
    const { ledger, server } = await open();
    const proxy = await startProxy(server.port);
    const { view, shown, connection } = page(proxy.url, ledger, {
      timing: { staleMs: 300, deadMs: 900, offlineMs: 100 },
    });
    await view();
    await expect.poll(() => connection.get().state).toBe('live');
    ledger.append(talk, 3);
    await expect.poll(() => shown()?.lastStreamSeq).toBe(3);
    proxy.freeze();
    ledger.append(talk, 3);
    await expect.poll(() => connection.get().state, { timeout: 5_000 }).toBe('stale');
    await expect.poll(() => shown()?.lastStreamSeq, { timeout: 10_000 }).toBe(6);
    expect(shown()?.state).toEqual(told(ledger));
  });
});

const deltaOf = (offset: number, text: string) =>
  Delta.parse({
    stream: talk,
    seat: 'a',
    turnId: '0199a000-0000-7000-8000-00000000000f',
    messageId: 'message-1',
    messageType: 'assistant_message',
    field: 'content',
    offset,
    text,
  });

const seenPayload = {
  seat: 'a',
  messageId: 'message-1',
  messageType: 'assistant_message',
  content: 'done',
  runId: null,
  stepId: null,
  otid: null,
  senderId: null,
  senderName: null,
  date: '2026-11-20T10:00:00.000Z',
};

/** Passes bytes on, until it is frozen: then the connections that it has pass nothing more and stay open. */
async function startProxy(port: number) {
  const frozen = new Set<TcpSocket>();
  const pairs: [TcpSocket, TcpSocket][] = [];
  const proxy = createServer((near) => {
    const far = connectTcp(port, '127.0.0.1');
    pairs.push([near, far]);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('error', () => undefined);
      from.on('data', (data) => void (frozen.has(near) || to.write(data)));
      from.on('close', () => void (frozen.has(near) || to.destroy()));
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (!address || typeof address === 'string') throw new Error('not listening');
  closing.push(() => {
    for (const pair of pairs) for (const one of pair) one.destroy();
    proxy.close();
  });
  return {
    url: `http://127.0.0.1:${address.port}`,
    freeze: () => pairs.forEach(([near]) => void frozen.add(near)),
  };
}

it('the entry that ends a piece of writing is one that this program knows', () => {
  const [entry] = createLiveLedger().append(talk, 1, { as: { type: 'message.seen', payload: seenPayload } });
  expect(entry && knownEntry(entry)).not.toBeNull();
});
