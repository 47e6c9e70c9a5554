import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ErrorBody, errorStatus } from '@/lib/protocol/errors';
import { roles } from '@/lib/protocol/roles';
import { apiSchemas } from '@/lib/server/openapi/api-schemas';
import { type Operation, pathParameters } from '@/lib/server/openapi/operation';
import { operations } from '@/lib/server/openapi/operations';
import { ADMIN_KEY } from '@/lib/testing/access-runtime';
import { apiRoutes, methodsOf } from '@/lib/testing/api-routes';
import { fillPath, type ServedApi, serveApi } from '@/lib/testing/served-api';
import type { Answer } from '@/lib/testing/visitor';

let api: ServedApi;
const writes = operations.filter(({ method }) => method !== 'GET');
const keyed = operations.filter(({ access, sessionOnly }) => access !== 'open' && !sessionOnly);
const lists = operations.filter(
  ({ query }) => query === 'PageQuery' || query === 'HistoryQuery' || query === 'LedgerQuery',
);

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const raw = (path: string, init: RequestInit & { duplex?: 'half' } = {}) =>
  fetch(`${api.url}${path}`, { ...init, headers: { authorization: `Bearer ${ADMIN_KEY}`, ...init.headers } });

/** Sends exact bytes as JSON. */
const send = async (operation: Operation, body: BodyInit, headers: Record<string, string> = {}): Promise<Answer> => {
  const cookie = [...api.ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(`${api.url}${fillPath(operation.path)}`, {
    method: operation.method,
    headers: {
      'content-type': 'application/json',
      ...(operation.sessionOnly ? { cookie } : { authorization: `Bearer ${ADMIN_KEY}` }),
      ...headers,
    },
    body,
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
};

function expectError(answer: Pick<Answer, 'status' | 'body' | 'headers'>, code: keyof typeof errorStatus): void {
  const { error } = ErrorBody.strict().parse(answer.body);
  expect(error).toMatchObject({ code });
  if (code === 'request.invalid') expect(Object.keys(error.fields ?? {}).length, error.message).toBeGreaterThan(0);
  expect(answer.status).toBe(errorStatus[code]);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

describe('every address', () => {
  test('[HT21] what is not there is a 404 in the form of every error, by any method and at any depth', async () => {
    for (const path of [
      '/api',
      '/api/',
      '/api/nothing',
      '/api/agents/x/y/z',
      '/api/conversations/a/b',
      '/api/openapi',
    ]) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const response = await raw(path, { method });
        expectError(
          { status: response.status, headers: response.headers, body: await response.json() },
          'request.not_found',
        );
      }
    }
  });

  test('[HT20] a method that an address has not is 405 with exactly those that it has', async () => {
    for (const [address, module] of Object.entries(await apiRoutes())) {
      if (address === '/api/[...path]') continue;
      const has = await methodsOf(module);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((each) => !has.includes(each))) {
        const answer = await api.by.viewer.ask(method, fillPath(address));
        expectError(answer, 'request.method');
        const allowed = has.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : [each]));
        expect(answer.headers.get('allow')).toBe([...allowed, 'OPTIONS'].join(', '));
      }
    }
  });

  test('[OA4] the description is open to everyone and names where it was asked', async () => {
    const response = await fetch(`${api.url}/api/openapi.json`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ openapi: '3.1.0', servers: [{ url: api.t.rt.url }] });
  });
});

describe('who may do what', () => {
  test('[HT22] without credentials every address that is not open is 401 and names the way in', async () => {
    for (const { method, path, access, name } of operations) {
      const response = await fetch(`${api.url}${fillPath(path)}`, { method });
      if (access === 'open') expect(response.headers.get('www-authenticate') ?? '', name).not.toMatch(/auth\.required/);
      else {
        expectError(
          { status: response.status, headers: response.headers, body: await response.json() },
          'auth.required',
        );
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    }
  });

  test('[HT22] every address lets in the role that the description names, and none below it', async () => {
    for (const operation of keyed) {
      const { method, path, access, name } = operation;
      for (const role of roles.filter(
        (each) => roles.indexOf(each) < roles.indexOf(access === 'open' ? 'viewer' : access),
      )) {
        expectError(await api.by[role].ask(method, fillPath(path)), 'auth.forbidden');
      }
      if (access === 'open') continue;
      const response = await raw(fillPath(path), { method, headers: { authorization: `Bearer ${api.keys[access]}` } });
      expect([401, 403], `${name} as ${access}: ${await response.text()}`).not.toContain(response.status);
    }
  });

  test('[AC26] an agent’s key, of whatever role, is let in nowhere that agents are not expressly', async () => {
    for (const { method, path } of operations.filter(({ access }) => access !== 'open')) {
      expectError(await api.by.agent.ask(method, fillPath(path)), 'auth.forbidden');
    }
  });

  test('[AC21] a key cannot do to its maker’s account what takes a browser', async () => {
    for (const operation of operations.filter(({ sessionOnly }) => sessionOnly)) {
      const { method, path, body, name } = operation;
      const sample: Record<string, unknown> = { SetPassword: { password: 'long enough 1' }, ChangeMe: { name: 'Eve' } };
      if (body === 'RegisterPasskey') continue; // passkeys.test.ts
      expect((await api.by.admin.ask(method, fillPath(path), sample[body ?? ''])).body, name).toMatchObject({
        error: { code: 'auth.forbidden' },
      });
    }
  });
});

describe('what is sent', () => {
  test('[HT10] a body of another type is 415 at every write', async () => {
    for (const operation of writes)
      expectError(await send(operation, 'name=x', { 'content-type': 'text/plain' }), 'request.media_type');
  });

  test('[HT12] what is no JSON, no UTF-8, or deeper than 64 levels is 400 at every write', async () => {
    for (const operation of writes) {
      for (const body of ['{', '{"a":1}}', 'undefined', '[1,]', Buffer.from([0x22, 0xff, 0x22])]) {
        expectError(await send(operation, body), 'request.invalid');
      }
      expectError(await send(operation, `${'['.repeat(65)}${']'.repeat(65)}`), 'request.invalid');
    }
  });

  test('[HT11] a body beyond 1 MiB is 413 at every write', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(1024 * 1024) });
    for (const operation of writes) expectError(await send(operation, body), 'request.too_large');
  });

  test('[HT11] whoever is still sending a body of unsaid length that is too large hears the 413', async () => {
    for (let round = 0; round < 10; round += 1) {
      let left = 60;
      const pieces = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (left === 0) controller.close();
          else controller.enqueue(new Uint8Array(50_000).fill(0x20));
          left -= 1;
        },
      });
      const response = await raw('/api/agents', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: pieces,
        duplex: 'half',
      });
      expect(response.status).toBe(413);
      await response.body?.cancel();
    }
  });

  test('[HT24] a message beyond 256 KiB is 413, and one of just as much is taken', async () => {
    const operation = writes.find(({ name }) => name === 'POST /api/conversations/[conversationId]/messages');
    if (!operation) throw new Error('speaking is there');
    const speak = (bytes: number) => send(operation, JSON.stringify({ to: 'a', content: 'é'.repeat(bytes / 2) }));
    expectError(await speak(256 * 1024), 'conversation.not_found');
    expectError(await speak(256 * 1024 + 2), 'request.too_large');
  });

  test('[HT23] a member of the wrong type, one that is missing and one that is not known are named', async () => {
    for (const operation of writes.filter(({ body, keepsMembers }) => body && !keepsMembers)) {
      const named = async (body: object) => {
        const answer = await send(operation, JSON.stringify(body));
        expectError(answer, 'request.invalid');
        return Object.keys(ErrorBody.parse(answer.body).error.fields ?? {});
      };
      expect(await named({ noSuchMember: 1 }), operation.name).toContain('noSuchMember');
      expect((await named([1])).length, operation.name).toBeGreaterThan(0);
      const schema = operation.body && apiSchemas[operation.body];
      const shape = schema && 'shape' in schema ? Object.entries(schema.shape) : [];
      for (const [member, own] of shape) {
        if (own.safeParse({ not: ['this'] }).success) continue; // whatever one likes

        const paths = await named({ [member]: { not: ['this'] } });
        expect(
          paths.map((each) => each.split('.')[0]),
          operation.name,
        ).toContain(member);
      }
    }
  });

  test('[HT4] U+0000 in a path or query is 400 everywhere', async () => {
    for (const { method, path } of operations) {
      const first = pathParameters(path)[0];
      if (first) expectError(await api.by.admin.ask(method, fillPath(path, { [first]: 'a\0b' })), 'request.invalid');
      expectError(await api.by.admin.ask(method, `${fillPath(path)}?q=a%00`), 'request.invalid');
    }
  });

  test('[HT23] a parameter of a path that cannot be one is 400 or 404 and never reaches the database', async () => {
    for (const { method, path, access } of operations) {
      const [first] = pathParameters(path);
      if (!first || access === 'open') continue;
      for (const value of ['x'.repeat(300), '‮𝕏', '%', "';--", '00000000-0000-0000-0000-00000000000g', 'null', ' ']) {
        const answer = await api.ada.ask(method, fillPath(path, { [first]: value }));
        expect([400, 404], `${method} ${path} ${value}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
      }
    }
  });
});

describe('lists', () => {
  test('[HT14] a limit outside 1–500, and a cursor that the list did not give, are 400 and named', async () => {
    expect(lists.length).toBeGreaterThan(5);
    for (const { path } of lists) {
      for (const limit of ['0', '501', 'abc', '-1', '1.5', '', '1e9']) {
        const answer = await api.by.admin.ask('GET', `${fillPath(path)}?limit=${limit}`);
        expectError(answer, 'request.invalid');
        expect(answer.body, path).toMatchObject({ error: { fields: { limit: expect.any(String) } } });
      }
      for (const cursor of ['abc', 'bnVsbA', 'W10', '-1', 'WzEsMl0', encodeURIComponent('[]'), 'x'.repeat(201)]) {
        const answer = await api.by.admin.ask('GET', `${fillPath(path)}?after=${cursor}`);
        expectError(answer, 'request.invalid');
        expect(answer.body, path).toMatchObject({ error: { fields: { after: expect.any(String) } } });
      }
    }
  });

  test('[HT14] a forged cursor with a year that PostgreSQL does not know is no fault of ours', async () => {
    const forged = Buffer.from(JSON.stringify(['0000-01-01T00:00:00.000Z', '00000000-0000-4000-8000-000000000000']));
    for (const { path, query } of lists.filter((list) => list.query === 'PageQuery')) {
      const answer = await api.by.admin.ask('GET', `${path}?after=${forged.toString('base64url')}`);
      expect([200, 400], `${path} ${query}`).toContain(answer.status);
    }
  });
});
