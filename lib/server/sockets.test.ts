import { describe, expect, it } from 'vitest';
import { ConversationSummaries, Delta, REPLAY_MAX } from '@/lib/protocol/socket';
import { conversationStream, fleetStream, Stream, systemStream } from '@/lib/protocol/stream';
import { testWorkspace } from '@/lib/testing/live-ledger';
import type { LiveClient } from '@/lib/testing/live-server';
import { upTo } from '@/lib/testing/live-server';
import { openLive as open } from '@/lib/testing/open-live';

const talk = conversationStream('0199a000-0000-7000-8000-000000000001');
const other = conversationStream('0199a000-0000-7000-8000-000000000002');

const deltaOf = (stream: Stream, text: string, offset: number) =>
  Delta.parse({
    stream,
    seat: 'a',
    turnId: '0199a000-0000-7000-8000-00000000000f',
    messageId: 'message-1',
    messageType: 'assistant_message',
    field: 'content',
    offset,
    text,
  });

describe('watching', () => {
  it('[LV1] the ack comes before any entry of the watch, and what follows is contiguous from after + 1', async () => {
    const { ledger, connectTo } = await open();
    ledger.append(talk, 250);
    const client = await connectTo();
    const watching = client.watch(talk, { after: 120 });
    ledger.append(talk, 30);
    const ack = await watching;
    ledger.append(talk, 20);
    expect(ack).toMatchObject({ ok: true, epoch: await ledger.reader.epoch(testWorkspace) });
    expect(ack).not.toHaveProperty('limited');
    await expect.poll(() => client.seqs(talk)).toEqual(upTo(300, 121));
    expect(client.order[0]).toEqual({ event: 'ack', stream: talk });
    expect(client.entries(talk)).toEqual(ledger.entries(talk).slice(120));
  });

  it('[LV2] without `after` nothing is replayed: it begins at the head', async () => {
    const { ledger, connectTo } = await open();
    ledger.append(talk, 5);
    const client = await connectTo();
    expect(await client.watch(talk)).toMatchObject({ ok: true, head: 5 });
    ledger.append(talk);
    await expect.poll(() => client.seqs(talk)).toEqual([6]);
  });

  it('[LV4] too large a gap is limited and starts at the head; exactly REPLAY_MAX is replayed whole', async () => {
    const { ledger, connectTo } = await open();
    ledger.append(talk, REPLAY_MAX + 1);
    const client = await connectTo();
    expect(await client.watch(talk, { after: 0 })).toMatchObject({ ok: true, head: REPLAY_MAX + 1, limited: true });
    ledger.append(talk);
    await expect.poll(() => client.seqs(talk)).toEqual([REPLAY_MAX + 2]);
    const patient = await connectTo();
    expect(await patient.watch(talk, { after: 2 })).not.toHaveProperty('limited');
    await expect.poll(() => patient.seqs(talk).length, { timeout: 10_000 }).toBe(REPLAY_MAX);
    expect(patient.seqs(talk)).toEqual(upTo(REPLAY_MAX + 2, 3));
  });

  it('[LV4] a foreign epoch is limited and starts at the head', async () => {
    const { ledger, connectTo } = await open();
    ledger.append(talk, 3);
    const client = await connectTo();
    expect(await client.watch(talk, { after: 1, epoch: 'of another ledger' })).toMatchObject({
      head: 3,
      limited: true,
    });
    ledger.append(talk);
    await expect.poll(() => client.seqs(talk)).toEqual([4]);
  });

  it('[LV5] a stream without entries is watched from 0', async () => {
    const { ledger, connectTo } = await open();
    const client = await connectTo();
    const task = Stream.parse('task:not-yet');
    expect(await client.watch(task, { after: 0 })).toMatchObject({ ok: true, head: 0 });
    ledger.append(task, 2);
    await expect.poll(() => client.seqs(task)).toEqual([1, 2]);
  });

  it('[LV7] watching again starts anew from the new position; after unwatch nothing comes', async () => {
    const { ledger, connectTo } = await open();
    ledger.append(talk, 3);
    const client = await connectTo();
    await client.watch(talk, { after: 0 });
    await expect.poll(() => client.seqs(talk)).toEqual([1, 2, 3]);
    await client.watch(talk, { after: 1 });
    await expect.poll(() => client.seqs(talk)).toEqual([1, 2, 3, 2, 3]);
    expect(await client.unwatch(talk)).toEqual({ ok: true });
    expect(await client.unwatch(talk)).toEqual({ ok: true });
    ledger.append(talk);
    await client.watch(other, { after: 0 });
    ledger.append(other);
    await expect.poll(() => client.seqs(other)).toEqual([1]);
    expect(client.seqs(talk)).toEqual([1, 2, 3, 2, 3]);
  });

  it('[LV7] requests about one stream are carried out in their order', async () => {
    const { ledger, connectTo, server } = await open();
    ledger.append(talk, 3);
    const client = await connectTo();
    const [, second, gone] = await Promise.all([
      client.watch(talk, { after: 0 }),
      client.watch(talk, { after: 2 }),
      client.unwatch(talk),
    ]);
    expect(second).toMatchObject({ ok: true });
    expect(gone).toEqual({ ok: true });
    expect(server.sockets.stats()).toMatchObject({ watches: 0, streams: 0 });
  });

  it('[LV8] what does not parse is answered with request.invalid and where, and harms nobody', async () => {
    const { connectTo } = await open();
    const client = await connectTo();
    const asked = [{}, null, 'fleet', { stream: 'secrets' }, { stream: talk, after: -1 }, { stream: talk, after: 1.5 }];
    for (const payload of asked) {
      const answer: unknown = await client.socket.emitWithAck('watch', payload);
      expect(answer).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
      expect(answer).toHaveProperty('error.message');
    }
    expect(await client.socket.emitWithAck('watch', { stream: 'secrets' })).toMatchObject({
      error: { message: 'The request does not parse: stream: no such kind of stream.' },
    });
    client.socket.emit('watch', { stream: talk });
    client.socket.emit('watch');
    client.socket.emit('unwatch', 7, 'no function');
    client.socket.emit('nothing we know', 1, 2, 3);
    expect(await client.watch(fleetStream)).toMatchObject({ ok: true });
  });

  it('[LV8] a socket watches at most so many streams', async () => {
    const { connectTo } = await open({ watchesPerSocket: 3 });
    const client = await connectTo();
    const streams = upTo(4).map((index) => Stream.parse(`task:${index}`));
    const acks = await Promise.all(streams.map((stream) => client.watch(stream)));
    expect(acks.filter((ack) => ack.ok)).toHaveLength(3);
    expect(acks.find((ack) => !ack.ok)).toMatchObject({ error: { code: 'request.too_many' } });
    expect(await client.watch(streams[0] ?? talk)).toMatchObject({ ok: true });
  });

  it('[LV10] news that is lost between instances is found by the beacon, which is never ahead of the entries', async () => {
    const { ledger, connectTo } = await open({ beaconMs: 40 });
    ledger.append(talk, 2);
    const client = await connectTo();
    await client.watch(talk, { after: 0 });
    ledger.append(talk, 1, { told: 'nothing' });
    await expect.poll(() => client.seqs(talk)).toEqual([1, 2, 3]);
    ledger.append(talk, 200, { told: 'nudge' });
    await expect.poll(() => client.seqs(talk)).toEqual(upTo(203));
    await expect.poll(() => client.heads.at(-1)).toMatchObject({ stream: talk, head: 203 });
    for (const { head, reached } of client.heads) expect(reached).toBeGreaterThanOrEqual(head);
  });

  it('[LV11] while the database is away a watch is refused and nothing is lost; then it goes on by itself', async () => {
    const { ledger, connectTo } = await open({ beaconMs: 40 });
    ledger.append(talk, 3);
    const client = await connectTo();
    await client.watch(talk, { after: 3 });
    ledger.fail(true);
    expect(await client.watch(other)).toMatchObject({ ok: false, error: { code: 'ledger.unavailable' } });
    ledger.append(talk, 2, { told: 'nudge' });
    ledger.fail(false);
    ledger.append(talk, 1);
    await expect.poll(() => client.seqs(talk)).toEqual([4, 5, 6]);
    expect(await client.watch(other)).toMatchObject({ ok: true });
  });

  it('[LV12] a payload that was erased is not served from memory', async () => {
    const { ledger, connectTo } = await open();
    ledger.append(talk, 3, { text: 'secret' });
    const first = await connectTo();
    await first.watch(talk, { after: 0 });
    await expect.poll(() => first.seqs(talk)).toEqual([1, 2, 3]);
    ledger.redact(talk, 2, systemStream);
    const second = await connectTo();
    await second.watch(talk, { after: 0 });
    await expect.poll(() => second.seqs(talk)).toEqual([1, 2, 3]);
    expect(second.entries(talk).map(({ payload }) => payload)).toEqual([
      { title: 'secret' },
      null,
      { title: 'secret' },
    ]);
  });

  it('[LV13] after a restore beneath the running program everyone is sent away to begin anew', async () => {
    const { ledger, connectTo } = await open({ beaconMs: 40 });
    const client = await connectTo();
    await client.watch(talk);
    ledger.restoreAs('another');
    await expect.poll(() => client.goodbyes).toMatchObject([{ reason: 'stopping' }]);
    const again = await connectTo();
    expect(await again.watch(talk)).toMatchObject({ ok: true, epoch: 'another' });
  });

  it('[LV14] pieces of a message being written reach who watches, several in one moment included', async () => {
    const { ledger, connectTo } = await open();
    const client = await connectTo();
    const elsewhere = await connectTo();
    await client.watch(talk);
    await elsewhere.watch(other);
    ledger.append(talk);
    for (let index = 0; index < 50; index += 1) ledger.delta(deltaOf(talk, `${index} `, index));
    await expect.poll(() => client.deltas.length).toBe(50);
    expect(client.deltas.map(({ text }) => text)).toEqual(upTo(49, 0).map((index) => `${index} `));
    expect(elsewhere.deltas).toEqual([]);
  });
});

describe('how conversations stand', () => {
  const idOf = (stream: Stream) => stream.slice('conversation:'.length);
  const summariesOf = (client: LiveClient) =>
    client.deltas.flatMap((delta) => {
      const parsed = ConversationSummaries.safeParse(delta);
      return parsed.success ? [parsed.data] : [];
    });

  it('[LV27] is told to who watches `fleet`, and to nobody else', async () => {
    const { ledger, connectTo } = await open({ summariesMs: 20 });
    const [client, elsewhere] = [await connectTo(), await connectTo()];
    await client.watch(fleetStream);
    await elsewhere.watch(talk);
    ledger.append(talk, 3);
    await expect
      .poll(() => summariesOf(client))
      .toMatchObject([{ conversations: [{ id: idOf(talk), turns: 3 }], gone: [] }]);
    ledger.archive(idOf(other));
    ledger.append(other, 1, { told: 'nudge' });
    await expect.poll(() => summariesOf(client).at(-1)).toMatchObject({ conversations: [], gone: [idOf(other)] });
    expect(summariesOf(elsewhere)).toEqual([]);
  });

  it('[LV27] is told at most once a second, however much happens, and with the last of it', async () => {
    const { ledger, connectTo } = await open({ summariesMs: 400 });
    const client = await connectTo();
    await client.watch(fleetStream);
    for (let index = 0; index < 200; index += 1) ledger.append(talk);
    await expect.poll(() => summariesOf(client).at(-1)?.conversations[0]?.turns).toBe(200);
    ledger.append(talk);
    await expect.poll(() => summariesOf(client).at(-1)?.conversations[0]?.turns).toBe(201);
    expect(summariesOf(client).length).toBeLessThanOrEqual(3);
    expect(ledger.reads.conversations).toBeLessThanOrEqual(3);
  });

  it('[LV27] is not read for nobody, and a database that is away costs one telling', async () => {
    const { ledger, connectTo } = await open({ summariesMs: 20 });
    ledger.append(talk);
    const client = await connectTo();
    await client.watch(fleetStream);
    ledger.fail(true);
    ledger.append(talk);
    await expect.poll(() => ledger.reads.conversations).toBe(1);
    ledger.append(talk); // one reading follows the other: with the second, the first has failed
    await expect.poll(() => ledger.reads.conversations).toBe(2);
    ledger.fail(false);
    ledger.append(talk);
    const turns = () => summariesOf(client).flatMap(({ conversations }) => conversations.map((one) => one.turns));
    await expect.poll(() => turns().at(-1)).toBe(4);
    expect(turns()).not.toContain(2);
  });
});
