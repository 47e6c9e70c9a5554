import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Access } from '../access/access';
import { toFailure } from './error-response';
import type { Guarded } from './guard';

const ANSWERED_BY_ROUTES = /^\/(api|messages|mcp|metrics)(\/|\?|$)/;

/**
 * Pages send strangers to the sign-in, but a request with `Authorization` is never redirected: one whose key is not good
 * is answered here. Routes look at their keys themselves. After guardRequest, before Next.
 */
export async function checkPageKey(req: IncomingMessage, access: Pick<Access, 'callerOfRequest'>): Promise<Guarded> {
  const { authorization } = req.headers;
  if (authorization === undefined || ANSWERED_BY_ROUTES.test(req.url ?? '')) return { ok: true };
  try {
    await access.callerOfRequest(new Headers({ authorization }));
    return { ok: true };
  } catch (error) {
    const { status, headers, body } = toFailure(error, randomUUID());
    const all = { ...headers, 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };
    return { ok: false, status, headers: all, body: JSON.stringify(body) };
  }
}
