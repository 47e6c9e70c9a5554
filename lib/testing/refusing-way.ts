import { once } from 'node:events';
import { createServer, request, type ServerResponse } from 'node:http';

/** What becomes of a send on its way: an answer in place of the server's, or the end of the connection. */
type Refusal = { status: number; body: string } | 'reset';

/** A way over HTTP to a server on which sends to agents can be refused before the server sees anything of them. */
export type RefusingWay = {
  url: string;
  /** From now on, sends to that agent, or to every one, meet this; null lets everything through again. */
  refuse(refusal: Refusal | null, agentId?: string): void;
  /** Whether a thread's messages cannot be listed from now on. */
  refuseListings(refused: boolean): void;
  /** How many sends were refused. */
  refused(): number;
  stop(): Promise<void>;
};

const SEND = /^\/v1\/(?:agents|conversations)\/([^/]+)\/messages$/;

/** Opens such a way to `targetUrl` on a free port of the loopback address. */
export async function openRefusingWay(targetUrl: string): Promise<RefusingWay> {
  const now: { refusal: Refusal | null; agentId: string | null; isUnlisted: boolean; count: number } = {
    isUnlisted: false,
    refusal: null,
    agentId: null,
    count: 0,
  };
  const meet = (answer: ServerResponse, refusal: Refusal) => {
    now.count += 1;
    if (refusal === 'reset') return void answer.socket?.destroy();
    answer.writeHead(refusal.status, { 'content-type': 'application/json' }).end(refusal.body);
  };
  const server = createServer((asked, answer) => {
    const [, agentId] = SEND.exec(asked.url?.split('?')[0] ?? '') ?? [];
    const isMeant = agentId !== undefined && (now.agentId === null || now.agentId === agentId);
    if (now.isUnlisted && agentId !== undefined && asked.method === 'GET') {
      answer.writeHead(500, { 'content-type': 'application/json' }).end('{"detail":"boom"}');
      return;
    }
    if (now.refusal && isMeant && asked.method === 'POST') {
      const { refusal } = now;
      asked.resume().once('end', () => meet(answer, refusal));
      return;
    }
    const { method, headers } = asked;
    const forward = request(
      new URL(asked.url ?? '/', targetUrl),
      { ...(method ? { method } : {}), headers },
      (given) => {
        answer.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(answer);
      },
    );
    forward.once('error', () => answer.socket?.destroy());
    answer.once('close', () => forward.destroy());
    asked.pipe(forward);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the way has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    refuse: (refusal, agentId) => Object.assign(now, { refusal, agentId: agentId ?? null }),
    refuseListings: (isUnlisted) => Object.assign(now, { isUnlisted }),
    refused: () => now.count,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
