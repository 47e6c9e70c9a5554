import type { Socket as TcpSocket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Delta } from '@/lib/protocol/socket';
import { conversationStream } from '@/lib/protocol/stream';
import { createLiveLedger } from '@/lib/testing/live-ledger';
import { connectLiveClient, startLiveServer, upTo } from '@/lib/testing/live-server';
import { connectRawSocket } from '@/lib/testing/raw-socket';
import type { LiveLimits } from './live/live-limits';
import { liveLimits } from './live/live-limits';

const talk = conversationStream('0199a000-0000-7000-8000-000000000001');
/** One entry and what goes around it, beyond what the limits count. */
const SLACK = 16 * 1024;

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(limits: Partial<LiveLimits> = {}) {
  const ledger = createLiveLedger();
  const server = await startLiveServer(ledger, limits);
  closing.push(server.stop);
  const clients = async (count: number) => {
    const many = Array.from({ length: count }, () => connectLiveClient(server.url));
    closing.push(() => many.forEach((client) => void client.close()));
    await Promise.all(many.map((client) => client.connected()));
    return many;
  };
  return { ledger, server, clients };
}

const unsentBelow = (sockets: Iterable<TcpSocket>) => Math.max(0, ...[...sockets].map((each) => each.writableLength));

const Event = z.tuple([z.string(), z.object({ entries: z.array(z.object({ streamSeq: z.number() })) })]);
/** The numbers of the entries in Socket.IO packets as they came. */
const seqsIn = (texts: readonly string[]) =>
  texts
    .filter((text) => text.startsWith('42["entries"'))
    .flatMap((text) => Event.parse(JSON.parse(text.slice(2)))[1].entries.map(({ streamSeq }) => streamSeq));

describe('many watchers', () => {
  it('[LV15] 200 watchers of one stream miss nothing, and cost the database hardly more than one', async () => {
    const { ledger, clients } = await open();
    ledger.append(talk, 1_000);
    const many = await clients(200);
    await Promise.all(many.map((client, index) => client.watch(talk, { after: index % 2 === 0 ? 0 : 500 })));
    for (let round = 0; round < 100; round += 1) {
      ledger.append(talk, 3, { told: round % 10 === 0 ? 'nudge' : 'entries' });
      if (round % 5 === 0) await delay(1);
    }
    await expect.poll(() => many.filter((client) => client.seqs(talk).at(-1) === 1_300).length).toBe(200);
    for (const [index, client] of many.entries()) {
      expect(client.seqs(talk)).toEqual(upTo(1_300, index % 2 === 0 ? 1 : 501));
    }
    expect(many[0]?.entries(talk)).toEqual(ledger.entries(talk));
    expect(ledger.reads.heads).toBeLessThanOrEqual(3);
    expect(ledger.reads.entries).toBeLessThanOrEqual(40);
  });
});

describe('slow readers', () => {
  it('[LV16] one that stops reading costs bounded memory, harms nobody, and is sent away', async () => {
    const { ledger, server, clients } = await open({ stalledMs: 1_000 });
    const tcp = server.connections();
    ledger.append(talk, 4_000, { text: 'z'.repeat(8_000) });
    const raw = await connectRawSocket(server.port, 'slow');
    closing.push(raw.close);
    await expect.poll(() => raw.texts.length).toBeGreaterThanOrEqual(2);
    raw.send(`420["watch",${JSON.stringify({ stream: talk, after: 0 })}]`);
    raw.stopReading();
    await expect.poll(() => server.sockets.stats().mostUnsentBytes).toBeGreaterThan(liveLimits.creditBytes);
    const [reader] = await clients(1);
    await reader?.watch(talk);
    let most = 0;
    for (let round = 0; round < 200; round += 1) {
      ledger.append(talk, 2, { text: 'w'.repeat(8_000) });
      ledger.delta(deltaOf('d'.repeat(8_000)));
      most = Math.max(most, server.sockets.stats().mostUnsentBytes, unsentBelow(tcp));
      await delay(1);
    }
    expect(most).toBeLessThan(liveLimits.creditBytes + liveLimits.pieceBytes + SLACK);
    await expect.poll(() => reader?.seqs(talk)).toEqual(upTo(4_400, 4_001));
    await expect.poll(() => server.sockets.stats().sockets, { timeout: 5_000 }).toBe(1);
    await expect.poll(() => [...tcp].filter((each) => !each.destroyed).length, { timeout: 5_000 }).toBe(1);
    expect(reader?.socket.connected).toBe(true);
  });

  it('[LV17] one that is slow but reads is never sent away and gets everything, in order', async () => {
    const stalledMs = 1_000; // the kernel takes more only when a good part of what it has is read
    const { ledger, server } = await open({ stalledMs });
    ledger.append(talk, 4_500, { text: 'z'.repeat(8_000) });
    const raw = await connectRawSocket(server.port, 'slow');
    closing.push(raw.close);
    await expect.poll(() => raw.texts.length).toBeGreaterThanOrEqual(2);
    raw.send(`420["watch",${JSON.stringify({ stream: talk, after: 0 })}]`);
    raw.readSlowly(5);
    let withoutCredit = 0;
    const look = setInterval(() => {
      if (server.sockets.stats().mostUnsentBytes >= liveLimits.creditBytes) withoutCredit += 1;
    }, 10);
    closing.push(() => clearInterval(look));
    await expect.poll(() => seqsIn(raw.texts.slice(-1)).at(-1), { timeout: 15_000 }).toBe(4_500);
    expect(seqsIn(raw.texts)).toEqual(upTo(4_500));
    expect(withoutCredit * 10).toBeGreaterThan(2 * stalledMs);
    expect(server.sockets.stats().sockets).toBe(1);
  });

  it('[LV18] pieces of messages are dropped for one that is behind, entries never', async () => {
    const { ledger, server } = await open();
    const raw = await connectRawSocket(server.port, 'slow');
    closing.push(raw.close);
    await expect.poll(() => raw.texts.length).toBeGreaterThanOrEqual(2);
    raw.send(`420["watch",${JSON.stringify({ stream: talk })}]`);
    await expect.poll(() => raw.texts.length).toBeGreaterThanOrEqual(3);
    raw.stopReading();
    for (let round = 0; round < 1_500; round += 1) {
      ledger.delta(deltaOf('d'.repeat(8_000)));
      if (round % 100 === 0) {
        ledger.append(talk);
        await delay(1);
      }
    }
    expect(server.sockets.stats().mostUnsentBytes).toBeLessThan(liveLimits.creditBytes);
    raw.readAgain();
    await expect.poll(() => seqsIn(raw.texts)).toEqual(upTo(15));
    const pieces = raw.texts.filter((text) => text.startsWith('42["delta"'));
    expect(pieces.length).toBeLessThan(1_500);
    expect(pieces.length).toBeGreaterThan(0);
  });

  it('[LV24] one whose credential is revoked is cut off even if it does not read', async () => {
    const { ledger, server } = await open();
    ledger.append(talk, 4_000, { text: 'z'.repeat(8_000) });
    const raw = await connectRawSocket(server.port, 'slow');
    closing.push(raw.close);
    await expect.poll(() => raw.texts.length).toBeGreaterThanOrEqual(2);
    raw.send(`420["watch",${JSON.stringify({ stream: talk, after: 0 })}]`);
    raw.stopReading();
    await expect.poll(() => server.sockets.stats().mostUnsentBytes).toBeGreaterThan(liveLimits.creditBytes);
    ledger.revoke({ kind: 'session', id: 'slow' });
    expect(server.sockets.stats()).toMatchObject({ sockets: 0, watches: 0 });
    await expect.poll(() => [...server.connections()].filter((each) => !each.destroyed).length).toBe(0);
  });

  it('[LV16] one that asks and asks without reading is closed before it has piled up much', async () => {
    const { server } = await open({ unsentMaxBytes: 100_000 });
    const tcp = server.connections();
    const raw = await connectRawSocket(server.port, 'greedy');
    closing.push(raw.close);
    await expect.poll(() => raw.texts.length).toBeGreaterThanOrEqual(2);
    raw.stopReading();
    const question = `421["watch",${JSON.stringify({ stream: 'x'.repeat(200) })}]`;
    for (let round = 0; round < 3_000 && !raw.closed() && server.sockets.stats().sockets > 0; round += 1) {
      for (let index = 0; index < 100; index += 1) raw.send(question);
      await delay(1);
    }
    expect(server.sockets.stats().sockets).toBe(0);
    await expect.poll(() => [...tcp].filter((each) => !each.destroyed).length, { timeout: 5_000 }).toBe(0);
  });
});

const deltaOf = (text: string) =>
  Delta.parse({
    stream: talk,
    seat: 'a',
    turnId: '0199a000-0000-7000-8000-00000000000f',
    messageId: 'message-1',
    messageType: 'assistant_message',
    field: 'content',
    offset: 0,
    text,
  });
