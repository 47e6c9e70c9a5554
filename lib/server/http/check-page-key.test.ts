import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessRuntime, ADMIN_KEY, createAccessRuntime } from '@/lib/testing/access-runtime';
import { checkPageKey } from './check-page-key';

let rt: AccessRuntime;
beforeAll(async () => {
  rt = await createAccessRuntime();
});
afterAll(() => rt.stop());

const check = (url: string, authorization?: string) =>
  checkPageKey({ url, headers: { authorization } } as IncomingMessage, rt.access);

test('[HT5] a page asked for with a key that is not good is 401 in JSON, and not sent to the sign-in', async () => {
  const refused = await check('/agents?x=1', 'Bearer wrong');
  expect(refused).toMatchObject({
    ok: false,
    status: 401,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'WWW-Authenticate': 'Bearer realm="Parley"' },
  });
  expect(refused.ok ? null : JSON.parse(refused.body)).toMatchObject({ error: { code: 'auth.required' } });
  expect(await check('/agents', `Bearer ${ADMIN_KEY}`)).toEqual({ ok: true });
  expect(await check('/agents')).toEqual({ ok: true });
});

test('[HT5] routes look at their keys themselves', async () => {
  for (const url of ['/api/agents', '/mcp', '/messages/task/t1', '/metrics?x', '/api']) {
    expect(await check(url, 'Bearer wrong')).toEqual({ ok: true });
  }
  expect(await check('/apiary', 'Bearer wrong')).toMatchObject({ ok: false });
});
