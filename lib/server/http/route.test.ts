import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import { PageQuery } from '@/lib/protocol/page';
import { systemStream } from '@/lib/protocol/stream';
import { MessageText, Name } from '@/lib/protocol/text';
import { type AccessRuntime, createAccessRuntime } from '@/lib/testing/access-runtime';
import { type ServedRoutes, serveRoutes } from '@/lib/testing/serve-routes';
import { program } from '@/lib/testing/visitor';
import { putRuntime } from '../runtime';
import { openRead, openWrite, read, write } from './endpoint';
import { toFailure } from './error-response';
import { reply } from './reply';
import { route, routeToNothing } from './route';

let rt: AccessRuntime;
let served: ServedRoutes;

const Input = z.strictObject({
  name: Name,
  content: MessageText.optional(),
  inner: z.object({ n: z.number() }).optional(),
});
let ran = 0;
let release: () => void = () => undefined;

const routes = {
  '/api/things': route({
    GET: read('viewer', async ({ query }) => query(PageQuery)),
    POST: write({ role: 'operator', status: 201 }, async ({ body }) => {
      ran += 1;
      return { ...body(Input), ran };
    }),
  }),
  '/api/things/[thingId]': route({
    GET: read('viewer', async ({ param }) => ({ id: param('thingId', z.uuid()) })),
    DELETE: write({ role: 'operator' }, async () => {
      ran += 1;
      throw new AppError('agent.busy', 'The agent is busy.');
    }),
  }),
  '/api/recorded': route({
    POST: write({ role: 'viewer', status: 201 }, ({ rt: own, caller, idempotency }) =>
      own.ledger.append({
        workspaceId: caller.workspaceId,
        actor: caller.actor,
        ...(idempotency && { idempotency }),
        load: async () => null,
        decide: () => ({
          ok: true,
          entries: [{ stream: systemStream, type: 'setting.changed', payload: { setting: 'x', value: 1 } }],
          answer: ([entry]) => ({ seq: entry?.seq }),
        }),
      }),
    ),
  }),
  '/api/slow': route({
    POST: write({ role: 'viewer' }, async () => {
      ran += 1;
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { ran };
    }),
  }),
  '/api/fault': route({
    GET: read('viewer', async () => {
      throw new TypeError('secret details');
    }),
    POST: write({ role: 'viewer' }, async () => {
      ran += 1;
      if (ran % 2 === 1) throw new TypeError('secret details');
      return { ran };
    }),
  }),
  '/api/replied': route({
    PUT: write({ role: 'viewer', status: 201 }, async () =>
      reply({ repeated: true }, { status: 200, headers: [['X-Own', 'yes']] }),
    ),
    GET: read(
      { role: 'viewer', agents: true },
      async () => new Response('plain', { headers: { 'Content-Type': 'text/plain' } }),
    ),
  }),
  '/api/open': route({ GET: openRead(async ({ address }) => ({ address })), POST: openWrite(async () => ({})) }),
  '/api/[...path]': routeToNothing(),
};

beforeAll(async () => {
  rt = await createAccessRuntime({ limits: { signInPerMinute: 3, writesPerSecond: 50, writeBurst: 100 } });
  const takeAway = putRuntime(rt);
  served = await serveRoutes(routes, { publicUrl: null, trustedProxies: 0 });
  return takeAway;
});
afterAll(async () => {
  await served.close();
  await rt.stop();
});

const admin = () => program(served.url);
const keyed = async (key: string, body: object, path = '/api/things') =>
  admin().ask('POST', path, body, { 'idempotency-key': key });

test('[HT20] a method that an address has not is 405 with Allow, before anybody is asked who they are', async () => {
  const answer = await fetch(`${served.url}/api/things`, { method: 'PATCH' });
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
  expect(await answer.json()).toEqual({
    error: { code: 'request.method', message: expect.any(String), requestId: answer.headers.get('x-request-id') },
  });
  const options = await fetch(`${served.url}/api/things`, { method: 'OPTIONS' });
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
});

test('[HT20] HEAD is GET without the body', async () => {
  const head = await fetch(`${served.url}/api/open`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect((await fetch(`${served.url}/api/recorded`, { method: 'HEAD' })).status).toBe(405);
});

test('[HT21] an unknown address under /api is a 404 in JSON, by any method', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    const answer = await fetch(`${served.url}/api/no/such/thing`, { method });
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'request.not_found' } }]);
  }
  expect((await fetch(`${served.url}/api`)).status).toBe(404);
});

test('[HT22] 401 without credentials, 403 with too little', async () => {
  expect(await (await fetch(`${served.url}/api/things`)).json()).toMatchObject({ error: { code: 'auth.required' } });
  expect((await admin().ask('GET', '/api/things')).status).toBe(200);
});

test('[HT23] what does not parse is 400 and names the fields', async () => {
  const fieldsOf = async (body: unknown) => {
    const answer = await admin().ask('POST', '/api/things', body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'request.invalid' } } });
    return (answer.body['error'] as { fields: unknown }).fields;
  };
  expect(await fieldsOf({})).toEqual({ name: expect.any(String) });
  expect(await fieldsOf({ name: '' })).toEqual({ name: 'must not be empty' });
  expect(await fieldsOf({ name: 'a\u0000b' })).toEqual({ name: 'must not contain U+0000' });
  expect(await fieldsOf({ name: 'a', inner: { n: 'x' }, more: 1 })).toEqual({
    'inner.n': expect.any(String),
    more: 'is not known here',
  });
  expect(Object.keys((await fieldsOf([])) as object)).toEqual(['']);
  const query = await admin().ask('GET', '/api/things?limit=x');
  expect(query.body).toMatchObject({ error: { fields: { limit: expect.any(String) } } });
  const twice = await admin().ask('GET', '/api/things?limit=1&limit=2');
  expect(twice.body).toMatchObject({ error: { fields: { limit: 'given twice' } } });
});

test('[HT23] a refusal that names no member is one of the whole request', () => {
  const { status, body } = toFailure(new AppError('request.invalid', 'Letta: no such model'), 'an id');
  expect(status).toBe(400);
  expect(body.error.fields).toEqual({ request: 'Letta: no such model' });
});

test('[HT21] an id that cannot be one is 404, as any that nothing has', async () => {
  const answer = await admin().ask('GET', '/api/things/nonsense');
  expect(answer).toMatchObject({ status: 404, body: { error: { code: 'request.not_found' } } });
});

test('[HT24] a message beyond 256 KiB is 413', async () => {
  const answer = await admin().ask('POST', '/api/things', { name: 'a', content: 'ü'.repeat(128 * 1024 + 1) });
  expect(answer).toMatchObject({
    status: 413,
    body: { error: { code: 'request.too_large', fields: { content: 'at most 256 KiB' } } },
  });
  expect((await admin().ask('POST', '/api/things', { name: 'a', content: 'ü'.repeat(128 * 1024) })).status).toBe(201);
});

test('[HT11] a body beyond 1 MiB is 413, also when it comes in pieces of unsaid length', async () => {
  const { port } = new URL(served.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { authorization: 'Bearer test-admin-key-0123456789abcdef', 'content-type': 'application/json' };
    const req = httpRequest({ port, method: 'POST', path: '/api/things', headers }, (res) => {
      resolve(res.statusCode);
      req.destroy();
    });
    req.on('error', reject);
    req.flushHeaders();
    for (let sent = 0; sent < 2; sent += 1) req.write(' '.repeat(1024 * 1024));
  });
  expect(status).toBe(413);
});

test('[HT25] a fault is told without its details, with the id under which the log has them', async () => {
  const answer = await admin().ask('GET', '/api/fault');
  expect(answer).toMatchObject({ status: 500, body: { error: { code: 'internal' } } });
  expect(JSON.stringify(answer.body)).not.toContain('secret');
  expect(answer.headers.get('x-request-id')).toBe((answer.body['error'] as { requestId: string }).requestId);
});

test('[HT26] answers under /api are not stored; a handler may give a status, headers or a whole Response', async () => {
  const replied = await admin().ask('PUT', '/api/replied');
  expect([replied.status, replied.headers.get('x-own'), replied.body]).toEqual([200, 'yes', { repeated: true }]);
  expect(replied.headers.get('cache-control')).toBe('no-store');
  const headers = { authorization: 'Bearer test-admin-key-0123456789abcdef' };
  const plain = await fetch(`${served.url}/api/replied`, { headers });
  expect([await plain.text(), plain.headers.get('content-type')]).toEqual(['plain', 'text/plain']);
});

test('[HT30] the same key with the same request gets the first answer again', async () => {
  const before = ran;
  const once = await keyed('same', { name: 'a' });
  const twice = await keyed('same', { name: 'a' });
  expect(once.status).toBe(201);
  expect([twice.status, twice.body]).toEqual([201, once.body]);
  expect(ran).toBe(before + 1);
  expect((await keyed('other', { name: 'a' })).body).not.toEqual(once.body);
});

test('[HT30] refusals are answered again as well', async () => {
  const before = ran;
  const ask = () => admin().ask('DELETE', '/api/things/x', undefined, { 'idempotency-key': 'refused' });
  const [once, twice] = [await ask(), await ask()];
  expect(once).toMatchObject({ status: 409, body: { error: { code: 'agent.busy' } } });
  expect([twice.status, twice.body]).toEqual([409, once.body]);
  expect(ran).toBe(before + 1);
  const invalid = await keyed('invalid', {});
  expect(await keyed('invalid', {})).toMatchObject({ status: 400, body: invalid.body });
});

test('[HT30] what a command recorded is answered again, from the same transaction', async () => {
  const once = await keyed('recorded', {}, '/api/recorded');
  expect(once).toMatchObject({ status: 201, body: { seq: expect.any(Number) } });
  expect(await keyed('recorded', {}, '/api/recorded')).toMatchObject({ status: 201, body: once.body });
});

test('[HT31] another request under the key is 409', async () => {
  await keyed('mine', { name: 'a' });
  const mismatch = { status: 409, body: { error: { code: 'idempotency.mismatch' } } };
  expect(await keyed('mine', { name: 'b' })).toMatchObject(mismatch);
  expect(await keyed('mine', { name: 'a' }, '/api/recorded')).toMatchObject(mismatch);
});

test('[HT31] keys are each actor’s own', async () => {
  const { createKey } = await import('../keys/create-key');
  const caller = await rt.access.callerOfRequest(
    new Headers({ authorization: 'Bearer test-admin-key-0123456789abcdef' }),
  );
  if (!caller) throw new Error('the admin key is nobody');
  const someone = { ...caller, actor: { kind: 'person', id: 'someone', name: 'Someone' } as const };
  await rt.database.pool.query("INSERT INTO person VALUES ($1, 'someone', 'Someone', 'someone', 'admin', now())", [
    rt.workspaceId,
  ]);
  const made = await createKey(rt, someone, {
    name: 'k',
    role: 'operator',
    audience: 'api',
    agentIds: [],
    taskIds: [],
  });
  const once = await keyed('theirs', { name: 'a' });
  const theirs = await program(served.url, rt.access.seal.open(made.key)).ask(
    'POST',
    '/api/things',
    { name: 'b' },
    { 'idempotency-key': 'theirs' },
  );
  expect(theirs.status).toBe(201);
  expect(theirs.body).not.toEqual(once.body);
});

test('[HT32] a concurrent repeat waits for the first', async () => {
  const before = ran;
  const first = keyed('slow', {}, '/api/slow');
  await expect.poll(() => ran).toBe(before + 1);
  const second = keyed('slow', {}, '/api/slow');
  release();
  expect((await first).body).toEqual((await second).body);
  expect(ran).toBe(before + 1);
});

test('[HT33] after a fault of ours a repeat tries again', async () => {
  ran = 0;
  expect((await keyed('fault', {}, '/api/fault')).status).toBe(500);
  expect(await keyed('fault', {}, '/api/fault')).toMatchObject({ status: 200, body: { ran: 2 } });
});

test('[HT33] a key that is none is 400', async () => {
  for (const key of ['two words', 'x'.repeat(201)]) {
    expect((await keyed(key, { name: 'a' })).body).toMatchObject({
      error: { fields: { 'Idempotency-Key': expect.any(String) } },
    });
  }
});

test('[HT34] tries to sign in are limited for an address, and say how long to wait', async () => {
  const tries = [];
  for (let count = 0; count < 4; count += 1) tries.push(await fetch(`${served.url}/api/open`, { method: 'POST' }));
  expect(tries.map((each) => each.status)).toEqual([200, 200, 200, 429]);
  expect(Number(tries[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(tries[3]?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(await tries[3]?.json()).toMatchObject({ error: { code: 'request.too_many' } });
  expect((await fetch(`${served.url}/api/open`)).status).toBe(200);
});

test('[HT35] writes of one key are limited, after a burst; reads are not', async () => {
  rt.access.limits.configure({ signInPerMinute: 10, writesPerSecond: 50, writeBurst: 100 });
  const burst = await Promise.all(Array.from({ length: 101 }, () => admin().ask('POST', '/api/recorded')));
  const statuses = burst.map((each) => each.status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(100);
  const limited = burst.find((each) => each.status === 429);
  expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(limited?.headers.get('retry-after'))).toBeLessThanOrEqual(2);
  expect((await admin().ask('GET', '/api/things')).status).toBe(200);
});
