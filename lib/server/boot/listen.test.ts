import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEnv } from '../env';
import { createLog } from '../log';
import { type Listening, listen } from './listen';

let listening: Listening;
const upgraded: string[] = [];

beforeAll(async () => {
  const log = createLog({ logLevel: 'silent' });
  listening = await listen(parseEnv({ PORT: '0' }), log, { development: false });
  listening.serve(async (req, res) => {
    res.setHeader('Connection', 'close');
    res.end(`${req.method} ${req.url} ${await text(req)}`);
  });
  listening.server.on('upgrade', (req, socket) => {
    upgraded.push(String(req.url));
    socket.destroy();
  });
});
afterAll(() => new Promise<void>((resolve) => listening.server.close(() => resolve())));

/** What comes back for these lines and this body, until the connection closes. */
async function send(lines: string[], body = ''): Promise<string> {
  const socket = connect(Number(new URL(listening.url).port), '127.0.0.1');
  socket.write(`${[...lines, 'Host: localhost', `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`);
  return text(socket);
}

const offer = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA'];

test('[HT27] a request that offers HTTP/2, as Java’s client does, is answered with its body', async () => {
  expect(await send(['POST /api/tasks HTTP/1.1', ...offer], '{"command":"x"}')).toMatch(
    /^HTTP\/1\.1 200 OK[\s\S]*POST \/api\/tasks \{"command":"x"\}/,
  );
  expect(await send(['GET /api/health HTTP/1.1', ...offer])).toContain('GET /api/health');
  expect(upgraded).toEqual([]);
});

test('[HT27] a websocket elsewhere is answered, and one of ours becomes a connection', async () => {
  const websocket = ['Connection: Upgrade', 'Upgrade: websocket'];
  expect(await send(['GET /api/tasks HTTP/1.1', ...websocket])).toContain('GET /api/tasks');
  expect(await send(['GET /socket.io/?EIO=4 HTTP/1.1', ...websocket])).toBe('');
  expect(upgraded).toEqual(['/socket.io/?EIO=4']);
});
