import { get, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { conversationStream, Stream } from '@/lib/protocol/stream';
import { upTo } from '@/lib/testing/live-server';
import { openLive as open } from '@/lib/testing/open-live';

const talk = conversationStream('0199a000-0000-7000-8000-000000000001');

describe('who may connect', () => {
  it('[LV20] by cookie, by `auth.token` or by an Authorization header, and not otherwise', async () => {
    const { connectTo, server } = await open();
    await connectTo({ auth: {}, extraHeaders: { cookie: 'session=bea' } });
    await connectTo({ auth: {}, extraHeaders: { authorization: 'Bearer cleo' } });
    await connectTo({ auth: { token: 'dan' } });
    for (const auth of [{}, { token: 'nobody' }]) {
      await expect(connectTo({ auth })).rejects.toMatchObject({ data: { code: 'auth.required' } });
    }
    expect(server.sockets.stats().sockets).toBe(3);
  });

  it('[LV21] a foreign origin is refused with 403 and a foreign host with 421, by either transport', async () => {
    const { connectTo, server } = await open();
    const extraHeaders = { origin: 'https://evil.example' };
    await expect(connectTo({ extraHeaders })).rejects.toThrow('websocket error');
    await expect(connectTo({ extraHeaders, transports: ['polling'] })).rejects.toThrow('xhr poll error');
    for (const transport of ['polling', 'websocket']) {
      const origin = await handshake(server.port, transport, { origin: 'https://evil.example' });
      expect(origin).toMatchObject({ status: 403, body: { error: { code: 'request.foreign_origin' } } });
      const host = await handshake(server.port, transport, { host: 'evil.example' });
      expect(host).toMatchObject({ status: 421, body: { error: { code: 'request.foreign_host' } } });
    }
    await connectTo({ extraHeaders: { origin: server.url } });
    expect(server.sockets.stats().sockets).toBe(1);
  });

  it("[LV22] an agent's key may watch its tasks and nothing else", async () => {
    const { connectTo } = await open();
    const client = await connectTo({ auth: { token: 'agent:T-1' } });
    expect(await client.watch(Stream.parse('task:T-1'))).toMatchObject({ ok: true });
    for (const stream of ['task:T-2', 'inbox', 'fleet', 'system', talk]) {
      const ack = await client.watch(Stream.parse(stream));
      expect(ack).toMatchObject({ ok: false, error: { code: 'auth.forbidden' } });
    }
  });

  it('[LV23] one credential carries only so many sockets', async () => {
    const { connectTo } = await open({ socketsPerCredential: 2 });
    await connectTo();
    const second = await connectTo();
    await expect(connectTo()).rejects.toMatchObject({ data: { code: 'request.too_many' } });
    await connectTo({ auth: { token: 'bea' } });
    second.close();
    await expect
      .poll(async () =>
        connectTo().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });

  it('[LV24] a revoked credential closes its sockets at once, with a reason, and no others', async () => {
    const { ledger, connectTo, server } = await open();
    const [ann, annToo, bea] = [await connectTo(), await connectTo(), await connectTo({ auth: { token: 'bea' } })];
    await ann.watch(talk);
    ledger.revoke({ kind: 'session', id: 'ann' });
    ledger.append(talk);
    for (const client of [ann, annToo]) {
      await expect.poll(() => client.socket.connected).toBe(false);
      expect(client.goodbyes).toMatchObject([{ reason: 'revoked' }]);
      expect(client.socket.active).toBe(false);
    }
    expect(ann.seqs(talk)).toEqual([]);
    expect(bea.socket.connected).toBe(true);
    expect(server.sockets.stats()).toMatchObject({ sockets: 1, watches: 0, streams: 0 });
  });

  it('[LV24] where the news of a revocation is lost, the sweep finds it', async () => {
    const { connectTo, server } = await open({ sweepMs: 50 });
    const client = await connectTo();
    server.withdraw('ann');
    await expect.poll(() => client.goodbyes).toMatchObject([{ reason: 'revoked' }]);
  });
});

describe('transports and stopping', () => {
  it('[LV25] works by polling alone, and across the upgrade from polling to websocket', async () => {
    const { ledger, connectTo } = await open();
    ledger.append(talk, 300, { text: 'y'.repeat(2_000) });
    const polling = await connectTo({ transports: ['polling'] });
    await polling.watch(talk, { after: 0 });
    const upgrading = await connectTo({ transports: ['polling', 'websocket'] });
    await upgrading.watch(talk, { after: 0 });
    for (let index = 0; index < 20; index += 1) ledger.append(talk);
    await expect.poll(() => upgrading.socket.io.engine.transport.name).toBe('websocket');
    ledger.append(talk, 10);
    for (const client of [polling, upgrading]) {
      await expect.poll(() => client.seqs(talk).length, { timeout: 10_000 }).toBe(330);
      expect(client.seqs(talk)).toEqual(upTo(330));
    }
  });

  it('[LV26] stopping says goodbye, closes everything and takes no one new', async () => {
    const { connectTo, server, ledger } = await open();
    const websocket = await connectTo();
    const polling = await connectTo({ transports: ['polling'] });
    await websocket.watch(talk);
    await server.sockets.close();
    await expect.poll(() => websocket.goodbyes).toMatchObject([{ reason: 'stopping' }]);
    await expect.poll(() => websocket.socket.connected).toBe(false);
    await expect.poll(() => polling.socket.connected).toBe(false);
    ledger.append(talk);
    await expect(connectTo()).rejects.toThrow();
    expect(server.sockets.stats()).toMatchObject({ sockets: 0, watches: 0, streams: 0 });
  });

  it('[LV8] a packet beyond the limit closes that connection only', async () => {
    const { connectTo } = await open({ requestBytes: 2_000 });
    const [big, small] = [await connectTo(), await connectTo()];
    big.socket.emit('watch', { stream: 'x'.repeat(5_000) });
    await expect.poll(() => big.socket.connected).toBe(false);
    expect(await small.watch(talk)).toMatchObject({ ok: true });
  });
});

/** What the handshake of a socket is answered with, when that is no socket. */
async function handshake(port: number, transport: string, headers: Record<string, string>) {
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const key = { 'sec-websocket-key': Buffer.alloc(16).toString('base64') };
  const asked = get({
    ...{ port, host: '127.0.0.1', path: `/socket.io/?EIO=4&transport=${transport}`, agent: false },
    headers: { ...headers, ...(transport === 'websocket' && { ...upgrade, ...key }) },
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve);
    asked.once('error', reject);
  });
  const body: unknown = JSON.parse((await response.toArray()).join(''));
  return { status: response.statusCode, body };
}
