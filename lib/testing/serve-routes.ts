import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { type GuardRules, guardRequest } from '@/lib/server/http/guard';
import type { RouteHandler } from '@/lib/server/http/route';
import { setSecurityHeaders } from '@/lib/server/http/security-headers';

/** What a `route.ts` exports. */
type RouteModule = Partial<Record<'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS', RouteHandler>>;

export type ServedRoutes = { url: string; close(): Promise<void> };

/**
 * Serves route handlers over real HTTP on loopback, behind the same guard and headers as the program, without Next.
 * `routes` go by their address as in app/: `/api/keys/[keyId]`; the first that fits answers, `[...path]` fits anything.
 */
export async function serveRoutes(routes: Record<string, RouteModule>, rules: GuardRules): Promise<ServedRoutes> {
  const table = Object.entries(routes).map(([address, module]) => ({ pattern: toPattern(address), module }));
  const server = createServer((req, res) => {
    const guarded = guardRequest(req, rules);
    if (!guarded.ok) {
      res.writeHead(guarded.status, guarded.headers).end(guarded.body);
      return;
    }
    setSecurityHeaders(req, res, { development: false });
    void answer(table, req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const toPattern = (address: string): RegExp =>
  new RegExp(`^${address.replace(/\/\[\.\.\.(\w+)\]/, '(?:/(?<$1>.*))?').replaceAll(/\[(\w+)\]/g, '(?<$1>[^/]+)')}$`);

type Table = { pattern: RegExp; module: RouteModule }[];

async function answer(table: Table, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://127.0.0.1');
  for (const { pattern, module } of table) {
    const match = pattern.exec(url.pathname);
    const handler = module[req.method as keyof RouteModule];
    if (!match || !handler) continue;
    const params = Object.fromEntries(
      Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value ?? '')]),
    );
    const response = await handler(toRequest(req, url), { params: Promise.resolve(params) });
    for (const [name, value] of response.headers) if (name !== 'set-cookie') res.setHeader(name, value);
    const cookies = response.headers.getSetCookie();
    if (cookies.length > 0) res.setHeader('set-cookie', cookies);
    res.writeHead(response.status);
    if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
      const events = Readable.fromWeb(response.body as WebStream<Uint8Array>).on('error', () => res.destroy());
      res.on('close', () => events.destroy());
      events.pipe(res);
    } else res.end(Buffer.from(await response.arrayBuffer()));
    return;
  }
  res.writeHead(404).end();
}

function toRequest(req: IncomingMessage, url: URL): Request {
  const headers = Object.entries(req.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, [value].flat().join(', ')] satisfies [string, string]],
  );
  const hasBody = req.method !== 'GET' && req.method !== 'HEAD';
  const stream = { body: Readable.toWeb(req) as ReadableStream<Uint8Array>, duplex: 'half' as const };
  return new Request(url, { method: req.method ?? 'GET', headers, ...(hasBody && stream) });
}
