/**
 * The other end of bench/live.ts, in a process of its own: many sockets that note when each entry arrived. Told what to
 * do over the channel to its parent.
 */
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { z } from 'zod';
import { monotonicMs } from './harness/monotonic-ms';

const Order = z.discriminatedUnion('do', [
  /** Connects; with a `stream`, watches it from `after`, or from its head. */
  z.object({
    do: z.literal('connect'),
    url: z.string(),
    token: z.string(),
    count: z.number(),
    stream: z.string().optional(),
    after: z.number().optional(),
  }),
  /** Forgets what came so far. */
  z.object({ do: z.literal('forget') }),
  /** Answers when every socket has what carries this number. */
  z.object({ do: z.literal('await'), streamSeq: z.number() }),
  /** Answers with the arrivals of all sockets. */
  z.object({ do: z.literal('report') }),
  /** Answers with how often an entry did not follow on the one before. */
  z.object({ do: z.literal('gaps') }),
  z.object({ do: z.literal('disconnect') }),
]);
type Order = z.infer<typeof Order>;

type Client = { socket: Socket; last: number; arrivals: [streamSeq: number, at: number][]; gaps: number };
let clients: Client[] = [];

async function connectOne({ url, token, stream, after }: Order & { do: 'connect' }): Promise<Client> {
  const socket = io(url, { forceNew: true, transports: ['websocket'], auth: { token } });
  const client: Client = { socket, last: after ?? 0, arrivals: [], gaps: 0 };
  socket.on('entries', ({ entries }: { entries: { streamSeq: number }[] }) => {
    const at = monotonicMs();
    for (const { streamSeq } of entries) {
      if (client.last > 0 && streamSeq !== client.last + 1) client.gaps += 1;
      client.last = streamSeq;
      client.arrivals.push([streamSeq, at]);
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  if (stream === undefined) return client;
  const ack: unknown = await socket.emitWithAck('watch', { stream, ...(after !== undefined && { after }) });
  z.object({ ok: z.literal(true) }).parse(ack);
  return client;
}

const countGaps = () => clients.reduce((sum, { gaps }) => sum + gaps, 0);

async function carryOut(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'connect':
      clients = await Promise.all(Array.from({ length: order.count }, () => connectOne(order)));
      return clients.length;
    case 'forget':
      for (const client of clients) Object.assign(client, { arrivals: [], last: 0, gaps: 0 });
      return null;
    case 'await':
      while (clients.some(({ last }) => last < order.streamSeq)) await new Promise((resolve) => setTimeout(resolve, 5));
      return monotonicMs();
    case 'report':
      return { arrivals: clients.map(({ arrivals }) => arrivals), gaps: countGaps() };
    case 'gaps':
      return { gaps: countGaps() };
    case 'disconnect':
      for (const { socket } of clients) socket.disconnect();
      return null;
  }
}

process.on('message', (message) => {
  carryOut(Order.parse(message)).then(
    (answer) => process.send?.({ answer }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
