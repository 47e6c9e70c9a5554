import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';

/** A websocket client on bare TCP, for tests: it stops reading when told, as no well-behaved client does. */
export async function connectRawSocket(port: number, token: string) {
  const socket = connect(port, '127.0.0.1');
  const texts: string[] = [];
  let unread = Buffer.alloc(0);
  let shaken = false;
  let restMs = 0;

  socket.on('error', () => undefined); // being cut off is what some tests are about
  socket.on('data', (data: Buffer) => {
    if (restMs > 0) {
      socket.pause();
      setTimeout(() => socket.resume(), restMs);
    }
    unread = Buffer.concat([unread, data]);
    if (!shaken) {
      const end = unread.indexOf('\r\n\r\n');
      if (end < 0) return;
      shaken = true;
      unread = unread.subarray(end + 4);
    }
    for (let frame = frameIn(unread); frame; frame = frameIn(unread)) {
      unread = unread.subarray(frame.bytes);
      if (frame.text === '2') send('3');
      else texts.push(frame.text);
      if (texts.length === 1 && frame.text.startsWith('0')) send(`40${JSON.stringify({ token })}`);
    }
  });

  function send(text: string): void {
    const payload = Buffer.from(text);
    const mask = randomBytes(4);
    const length =
      payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255];
    const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
    socket.write(Buffer.concat([Buffer.from([0x81, ...length]), mask, masked]));
  }

  await once(socket, 'connect');
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
      `Connection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  );
  return {
    texts,
    send,
    /** From now on it rests after each read of up to 64 KiB. */
    readSlowly(ms: number) {
      restMs = ms;
    },
    stopReading: () => socket.pause(),
    readAgain: () => socket.resume(),
    closed: () => socket.destroyed,
    close: () => void socket.destroy(),
  };
}

/** The first frame of these bytes if it is there whole. Servers neither mask nor, here, split. */
function frameIn(bytes: Buffer): { text: string; bytes: number } | null {
  const short = (bytes[1] ?? 0) & 127;
  const header = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (bytes.length < header) return null;
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < header + length) return null;
  return { text: bytes.toString('utf8', header, header + length), bytes: header + length };
}
