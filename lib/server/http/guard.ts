import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { type ErrorCode, errorStatus } from '@/lib/protocol/errors';
import { SOCKET_PATH } from '@/lib/protocol/socket';
import { type RequestSource, readRequestSource, type SourceRules } from './request-source';

export type GuardRules = SourceRules;

/** `body` is JSON; it goes out with `headers` and `Connection: close`. */
export type Guarded = { ok: true } | { ok: false; status: number; headers: Record<string, string>; body: string };

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i;
const OURS_TO_TRIM = /^\/(api|messages|mcp|metrics)(\/|$)/;

/**
 * Looks at a request, or the handshake of a socket, before anything else does: is it meant for this host, does it come
 * from our own pages, can its address be read. One that passes carries X-Forwarded-{For,Host,Proto} that are true:
 * what the sender claimed there is gone, and everything behind this door may believe them. `x-parley-path` is the
 * address asked for, for pages that send people to sign in and back.
 *
 * A slash at the end of an address under /api, or of any that carries `Authorization`, is taken off here, since Next
 * would redirect such a request.
 */
export function guardRequest(req: IncomingMessage, rules: GuardRules): Guarded {
  const source = readRequestSource(req, rules);
  // Node takes the first of several and does not tell: what stands before Parley may have believed another.
  const isOne = req.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'host').length <= 1;
  if (!isOne || !isOwnHost(source.host, rules)) {
    return refuse('request.foreign_host', 'This name is not Parley’s. Use localhost, its IP address, or PARLEY_URL.');
  }
  if (!METHODS.includes(req.method ?? '')) {
    return refuse('request.method', `${req.method} is not answered here.`, { Allow: METHODS.join(', ') });
  }
  const [path = '', query = ''] = (req.url ?? '').split('?', 2);
  const unreadable = unreadablePart(path, query);
  if (unreadable) {
    return refuse(
      'request.invalid',
      `The ${unreadable} of the request cannot be read.`,
      {},
      { [unreadable]: 'cannot be read' },
    );
  }
  // Next would redirect these to the address with single slashes, or without the steps upwards.
  if (/\/\/|\\/.test(path) || path.split('/').some(isStep))
    return refuse('request.not_found', 'There is nothing at this address.');
  const writes = !READING.has(req.method ?? '');
  const opensSocket = isSocketPath(path) || req.headers.upgrade !== undefined;
  if ((writes || opensSocket) && isForeign(req, source, rules)) {
    return refuse('request.foreign_origin', 'The request comes from a page of another site.');
  }
  trimSlash(req, path);
  tellTheTruth(req, source);
  return { ok: true };
}

function isOwnHost(host: string, { publicUrl }: GuardRules): boolean {
  const [, name] = HOST.exec(host) ?? [];
  if (name === undefined || !URL.canParse(`http://${host}`)) return false;
  const bare = name.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === 'localhost' || isIP(bare) > 0) return true;
  return publicUrl !== null && new URL(publicUrl).hostname === bare;
}

/** `.` or `..`, as they are or encoded. */
const isStep = (segment: string): boolean => /^(\.|%2e){1,2}$/i.test(segment);

const isSocketPath = (path: string): boolean => `${path}/`.startsWith(SOCKET_PATH);

/** Which part is not what it should be: a path in UTF-8 without U+0000, and a query without it. */
function unreadablePart(path: string, query: string): 'path' | 'query' | null {
  try {
    if (!path.startsWith('/') || decodeURIComponent(path).includes('\u0000')) return 'path';
    return query.includes('%00') ? 'query' : null;
  } catch (error) {
    if (error instanceof URIError) return 'path';
    throw error;
  }
}

function isForeign(req: IncomingMessage, source: RequestSource, { publicUrl }: GuardRules): boolean {
  const { origin, 'sec-fetch-site': site } = req.headers;
  if (origin === undefined) return site === 'cross-site' || site === 'same-site';
  return origin !== publicUrl && origin !== new URL(`${source.protocol}://${source.host}`).origin;
}

function trimSlash(req: IncomingMessage, path: string): void {
  if (path === '/' || !path.endsWith('/') || isSocketPath(path)) return;
  if (!OURS_TO_TRIM.test(path) && req.headers.authorization === undefined) return;
  req.url = path.slice(0, -1) + (req.url ?? '').slice(path.length);
}

function tellTheTruth(req: IncomingMessage, source: RequestSource): void {
  for (const name of Object.keys(req.headers)) {
    if (name === 'forwarded' || name.startsWith('x-forwarded-')) delete req.headers[name];
  }
  req.headers['x-forwarded-for'] = source.address;
  req.headers['x-forwarded-host'] = source.host;
  req.headers['x-forwarded-proto'] = source.protocol;
  // Pages are not told their own address by Next; the bundler's parameter of a navigation is no part of it.
  req.headers['x-parley-path'] = (req.url ?? '/').replace(/([?&])_rsc=[^&]*&?/, '$1').replace(/[?&]$/, '');
}

function refuse(
  code: ErrorCode,
  message: string,
  headers: Record<string, string> = {},
  fields?: Record<string, string>,
): Guarded {
  return {
    ok: false,
    status: errorStatus[code],
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify({ error: { code, message, requestId: randomUUID(), ...(fields && { fields }) } }),
  };
}
