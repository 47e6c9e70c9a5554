import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { JsonValue } from '@/lib/protocol/json';
import type { Sandbox } from './sandbox-context';

export type RouteCall = {
  /** Members of the path, checked for their shape already. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** The JSON body; undefined when there was none. */
  body: unknown;
  headers: IncomingHttpHeaders;
  /** Whether the client says that it is a generated one of version 1 or later; the server treats others as older. */
  modernClient: boolean;
  response: ServerResponse;
};

/** Resolves with the JSON to answer, or with undefined when the handler has answered by itself. */
export type Handler = (sandbox: Sandbox, call: RouteCall) => Promise<JsonValue | undefined>;

export type Route = { method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'; path: string; handle: Handler };

/**
 * Parses a query string by a schema. Members named in `lists` may be repeated and come as arrays; empty ones are absent.
 * Throws ZodError, which is answered with 422.
 */
export function readQuery<Query>(schema: z.ZodType<Query>, query: URLSearchParams, lists: string[] = []): Query {
  const given: Record<string, string | string[]> = {};
  for (const key of new Set(query.keys())) {
    const all = query.getAll(key).filter((value) => value !== '');
    const [first] = all;
    if (first !== undefined) given[key] = lists.includes(key) ? all : first;
  }
  return schema.parse(given);
}

/** A member of the path. The path of the route names it, so that its absence is a bug. */
export function param(call: RouteCall, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the path has no member ${name}`);
  return value;
}
