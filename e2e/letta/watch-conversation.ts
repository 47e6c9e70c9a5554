import { io } from 'socket.io-client';
import type { WireEntry } from '@/lib/protocol/entry';
import { Delta, Entries, SOCKET_PATH } from '@/lib/protocol/socket';
import { conversationStream } from '@/lib/protocol/stream';
import { ADMIN_KEY } from '@/lib/testing/parley-program';

/** What a reader of one conversation is told, each with when it came, in milliseconds of one clock. */
export type WatchedConversation = {
  entries: { entry: WireEntry; atMs: number }[];
  deltas: { delta: Delta; atMs: number }[];
  close(): void;
};

/** Watches a conversation of the program at `url` from its first entry on, as a browser does. */
export async function watchConversation(url: string, conversationId: string): Promise<WatchedConversation> {
  const socket = io(url, { path: SOCKET_PATH, transports: ['websocket'], auth: { token: ADMIN_KEY } });
  const watched: WatchedConversation = { entries: [], deltas: [], close: () => void socket.close() };
  socket.on('entries', (told: unknown) => {
    const atMs = performance.now();
    for (const entry of Entries.parse(told).entries) watched.entries.push({ entry, atMs });
  });
  socket.on(
    'delta',
    (told: unknown) => void watched.deltas.push({ delta: Delta.parse(told), atMs: performance.now() }),
  );
  const ack: unknown = await socket
    .timeout(10_000)
    .emitWithAck('watch', { stream: conversationStream(conversationId), after: 0 });
  if (typeof ack !== 'object' || ack === null || !('ok' in ack) || ack.ok !== true) {
    throw new Error(`the conversation cannot be watched: ${JSON.stringify(ack)}`);
  }
  return watched;
}
