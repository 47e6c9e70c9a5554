import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { JsonValue } from '@/lib/protocol/json';
import { checkShapes } from './check-shapes';
import { LettaRefusal, refuse } from './letta-refusal';
import { pythonRepr, pythonTuple } from './python-text';
import type { Route, RouteCall } from './route';
import type { Sandbox } from './sandbox-context';
import { tracked } from './tracked';

const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** The server prints validation errors as a Python list, inside of a string. */
function toValidationRefusal(error: z.ZodError, part: string): LettaRefusal {
  const issues = error.issues.map((issue) => {
    const path = issue.path.map((member) => (typeof member === 'number' ? member : String(member)));
    return `{'type': ${pythonRepr(issue.code)}, 'loc': ${pythonTuple([part, ...path])}, 'msg': ${pythonRepr(issue.message)}}`;
  });
  const detail = `[${issues.join(', ')}]`;
  return new LettaRefusal(422, { trace_id: '', detail }, detail);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw refuse(413, 'Request too large');
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text === '') return undefined;
  // As the real server does. It also keeps pages of other origins out, whose plain requests cannot say that they are JSON.
  if (!/^application\/([\w.-]+\+)?json\b/i.test(request.headers['content-type'] ?? '')) throw notJson();
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw notJson();
  }
}

function notJson(): LettaRefusal {
  const detail = `[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error'}]`;
  return new LettaRefusal(422, { trace_id: '', detail }, detail);
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

type Found = { route: Route; params: Record<string, string> };

function match(route: Route, segments: string[]): Record<string, string> | null {
  const wanted = route.path.split('/').filter(Boolean);
  if (wanted.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) {
    const segment = segments[at] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part !== segment) return null;
  }
  return params;
}

function find(routes: Route[], method: string, path: string): Found {
  const segments = path.split('/').filter(Boolean).map(decoded);
  const fitting = routes.flatMap((route) => {
    const params = match(route, segments);
    return params ? [{ route, params }] : [];
  });
  const found = fitting.find(({ route }) => route.method === method);
  if (found) return found;
  throw fitting.length > 0 ? refuse(405, 'Method Not Allowed') : refuse(404, 'Not Found');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) throw refuse(404, 'Not Found');
    throw error;
  }
}

function answer(response: ServerResponse, status: number, body: JsonValue): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function toRefusal(sandbox: Sandbox, error: unknown, request: IncomingMessage): LettaRefusal {
  if (error instanceof LettaRefusal) return error;
  if (error instanceof z.ZodError) return toValidationRefusal(error, request.method === 'GET' ? 'query' : 'body');
  sandbox.log.error({ err: error, method: request.method, path: request.url }, 'sandbox: a request failed');
  return refuse(500, 'An unknown error occurred');
}

async function dispatch(sandbox: Sandbox, routes: Route[], request: IncomingMessage, response: ServerResponse) {
  try {
    // A name that resolves to the loopback address lets a foreign page read answers (DNS rebinding).
    if (!LOOPBACK.test(request.headers.host ?? '')) throw refuse(421, 'The sandbox is served on loopback only');
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const { route, params } = find(routes, request.method ?? 'GET', url.pathname);
    checkShapes(params);
    const version = request.headers['x-stainless-package-version'];
    const call: RouteCall = {
      params,
      query: url.searchParams,
      body: await readBody(request),
      headers: request.headers,
      modernClient: typeof version === 'string' && Number.parseInt(version, 10) >= 1,
      response,
    };
    const body = await route.handle(sandbox, call);
    if (body !== undefined) answer(response, 200, body);
  } catch (error) {
    if (sandbox.stopping.aborted || response.headersSent) {
      response.destroy();
      return;
    }
    const refusal = toRefusal(sandbox, error, request);
    answer(response, refusal.status, refusal.body);
  }
}

/** An HTTP server for the routes; errors are answered in the many shapes that the real one has. */
export const createLettaServer = (sandbox: () => Sandbox, routes: Route[]): Server =>
  createServer((request, response) => {
    // dispatch answers its own failures and does not reject.
    void tracked(sandbox(), dispatch(sandbox(), routes, request, response));
  });
