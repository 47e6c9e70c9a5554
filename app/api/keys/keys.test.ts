import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSignInLink } from '@/lib/server/access/make-sign-in-link';
import { putRuntime } from '@/lib/server/runtime';
import { accessRoutes } from '@/lib/testing/access-routes';
import { type AccessRuntime, ADMIN_KEY, createAccessRuntime } from '@/lib/testing/access-runtime';
import { type ServedRoutes, serveRoutes } from '@/lib/testing/serve-routes';
import { browser, program } from '@/lib/testing/visitor';

let rt: AccessRuntime;
let served: ServedRoutes;

beforeAll(async () => {
  rt = await createAccessRuntime({ limits: { signInPerMinute: 1_000 } });
  const takeAway = putRuntime(rt);
  served = await serveRoutes(accessRoutes, { publicUrl: null, trustedProxies: 0 });
  await signIn('Ada');
  return takeAway;
});
afterAll(async () => {
  await served.close();
  await rt.stop();
});

async function signIn(name: string) {
  const visitor = browser(served.url);
  const token = new URL(await makeSignInLink(rt)).searchParams.get('token');
  const { body } = await visitor.ask('POST', '/api/sign-in', { token, name });
  return { ...visitor, person: body['person'] as { id: string; name: string } };
}

async function join(name: string, role: string) {
  const invited = await program(served.url).ask('POST', '/api/invitations', { role });
  const token = new URL(String(invited.body['link'])).searchParams.get('invitation');
  const visitor = browser(served.url);
  const { body } = await visitor.ask('POST', '/api/sign-in/invitation', { token, name });
  return { ...visitor, person: body['person'] as { id: string; name: string } };
}

const make = async (body: object) => (await program(served.url).ask('POST', '/api/keys', body)).body;

test('[AC20] a key is shown once, as parley_<id>_<secret>, and kept as a hash', async () => {
  const ada = await signIn('Ada');
  const made = await ada.ask('POST', '/api/keys', { name: 'ci', role: 'operator' });
  expect(made).toMatchObject({
    status: 201,
    body: {
      name: 'ci',
      role: 'operator',
      audience: 'api',
      agentIds: [],
      taskIds: [],
      person: ada.person.name ? { id: ada.person.id, name: 'Ada' } : {},
      lastUsedAt: null,
    },
  });
  const { id, key } = made.body as { id: string; key: string };
  expect(key).toMatch(new RegExp(`^parley_${id}_[A-Za-z0-9_-]{43}$`));
  const { key: _, ...listed } = made.body;
  expect((await ada.ask('GET', `/api/keys/${id}`)).body).toEqual(listed);
  expect((await ada.ask('GET', '/api/keys')).body['items']).toContainEqual(listed);
  const secret = key.split('_').at(-1);
  for (const table of ['api_key', 'entry_payload', 'idempotency', 'entry']) {
    const { rows } = await rt.database.pool.query(`SELECT * FROM ${table}`);
    expect(JSON.stringify(rows)).not.toContain(secret);
  }
});

test('[AC20] under an Idempotency-Key the same key is shown again, and stands nowhere in the clear', async () => {
  const admin = program(served.url);
  const once = await admin.ask('POST', '/api/keys', { name: 'again' }, { 'idempotency-key': 'k1' });
  const twice = await admin.ask('POST', '/api/keys', { name: 'again' }, { 'idempotency-key': 'k1' });
  expect(twice.status).toBe(201);
  expect(twice.body).toEqual(once.body);
  const { rows } = await rt.database.pool.query('SELECT answer FROM idempotency');
  expect(rows).toHaveLength(1);
  expect(rows[0].answer).not.toContain(String(once.body['key']));
});

test('[AC21] a key acts as the person who made it, with its own role', async () => {
  const ada = await signIn('Ada');
  const { key } = (await ada.ask('POST', '/api/keys', { name: 'reader', role: 'viewer' })).body;
  const reader = program(served.url, String(key));
  expect((await reader.ask('GET', '/api/me')).body).toEqual({
    person: expect.objectContaining({ id: ada.person.id, name: 'Ada', role: 'admin' }),
    role: 'viewer',
    needsCredential: false,
  });
  expect(await reader.ask('GET', '/api/keys')).toMatchObject({
    status: 403,
    body: { error: { code: 'auth.forbidden', message: 'This needs the role admin.' } },
  });
});

test('[AC21] a key has never more than the role that its maker has now', async () => {
  const bea = await join('Bea', 'admin');
  const { key } = (await bea.ask('POST', '/api/keys', { name: 'b', role: 'admin' })).body;
  const keyed = program(served.url, String(key));
  expect((await keyed.ask('GET', '/api/keys')).status).toBe(200);
  await program(served.url).ask('PATCH', `/api/people/${bea.person.id}`, { role: 'reviewer' });
  expect((await keyed.ask('GET', '/api/me')).body).toMatchObject({ role: 'reviewer' });
  expect((await keyed.ask('GET', '/api/keys')).status).toBe(403);
});

test('[AC21] only admins have to do with keys', async () => {
  const operator = await join('Olga', 'operator');
  expect((await operator.ask('POST', '/api/keys', { name: 'x', role: 'viewer' })).status).toBe(403);
  expect((await operator.ask('GET', '/api/keys')).status).toBe(403);
});

test('[AC22] a key that is wrong, malformed or of another scheme is 401, and never falls back to the cookie', async () => {
  const ada = await signIn('Ada');
  const { key } = (await ada.ask('POST', '/api/keys', { name: 'w' })).body as { key: string };
  const bad = [`${key}x`, key.slice(0, -1), `${key.slice(0, -1)}_`, 'parley_x_y', 'x', ADMIN_KEY.slice(1), ''];
  for (const each of bad) {
    const answer = await ada.ask('GET', '/api/me', undefined, { authorization: `Bearer ${each}` });
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'auth.required' } } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Parley"');
  }
  expect((await ada.ask('GET', '/api/me', undefined, { authorization: 'Basic YTpi' })).status).toBe(401);
  expect((await ada.ask('GET', '/api/me', undefined, { authorization: `bearer ${key}` })).status).toBe(200);
});

test('[AC23] a key expires: after a year unless said otherwise', async () => {
  const lasting = await make({ name: 'year' });
  const year = Date.parse(String(lasting['expiresAt'])) - Date.parse(String(lasting['createdAt']));
  expect(year).toBe(365 * 24 * 3_600_000);
  expect((await make({ name: 'for ever', expiresAt: null }))['expiresAt']).toBeNull();
  const expiresAt = new Date(rt.clock.now().getTime() + 60_000).toISOString();
  const brief = program(served.url, String((await make({ name: 'brief', expiresAt }))['key']));
  expect((await brief.ask('GET', '/api/me')).status).toBe(200);
  rt.clock.advance(61_000);
  expect((await brief.ask('GET', '/api/me')).status).toBe(401);
  const past = await program(served.url).ask('POST', '/api/keys', { name: 'late', expiresAt });
  expect(past).toMatchObject({ status: 400, body: { error: { fields: { expiresAt: 'must be in the future' } } } });
});

test('[AC24] the time of last use is kept, to the minute', async () => {
  const { id, key } = await make({ name: 'used' });
  const used = async () => (await program(served.url).ask('GET', `/api/keys/${id}`)).body['lastUsedAt'];
  await program(served.url, String(key)).ask('GET', '/api/me');
  const first = await used();
  expect(Math.abs(Date.parse(String(first)) - rt.clock.now().getTime())).toBeLessThan(5_000);
  await program(served.url, String(key)).ask('GET', '/api/me');
  expect(await used()).toBe(first);
  rt.clock.advance(61_000);
  await program(served.url, String(key)).ask('GET', '/api/me');
  expect(await used()).not.toBe(first);
});

test('[AC25] a revoked key ends at once, also for open sockets and in what other instances remember', async () => {
  const { id, key } = await make({ name: 'gone' });
  const keyed = program(served.url, String(key));
  expect((await keyed.ask('GET', '/api/me')).status).toBe(200);
  const other = await createAccessRuntime({ database: rt.database });
  const headers = new Headers({ authorization: `Bearer ${key}` });
  const credential = { kind: 'key', id: String(id) } as const;
  expect(await other.access.callerOfRequest(headers)).toMatchObject({ credential });
  expect(await other.access.isStillValid(credential)).toBe(true);
  const told: unknown[] = [];
  rt.hub.listen({ revoked: (each) => told.push(each) });

  expect(await program(served.url).ask('DELETE', `/api/keys/${id}`)).toMatchObject({ status: 200, body: { id } });
  expect(told).toEqual([credential]);
  expect((await keyed.ask('GET', '/api/me')).status).toBe(401);
  expect(await other.access.isStillValid(credential)).toBe(false);
  other.clock.advance(3_001); // whether or not the word came through
  await expect(other.access.callerOfRequest(headers)).rejects.toMatchObject({ code: 'auth.required' });
  expect((await program(served.url).ask('DELETE', `/api/keys/${id}`)).status).toBe(404);
  await other.stop();
});

test('[AC26] an agent’s key is bound, does nothing that is not marked for agents, and acts as itself', async () => {
  const unbound = await program(served.url).ask('POST', '/api/keys', { name: 'a', audience: 'agent' });
  expect(unbound).toMatchObject({ status: 400, body: { error: { fields: { agentIds: expect.any(String) } } } });
  const misbound = await program(served.url).ask('POST', '/api/keys', { name: 'a', taskIds: ['t'] });
  expect(misbound.status).toBe(400);
  const made = await make({ name: 'scout', audience: 'agent', taskIds: ['task-1'], agentIds: ['agent-1'] });
  for (const path of ['/api/me', '/api/people', '/api/keys']) {
    const answer = await program(served.url, String(made['key'])).ask('GET', path);
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'auth.forbidden' } } });
  }
  const caller = await rt.access.callerOfRequest(new Headers({ authorization: `Bearer ${made['key']}` }));
  expect(caller).toMatchObject({
    actor: { kind: 'key', id: made['id'], name: 'scout' },
    role: 'viewer',
    agentScope: { agentIds: ['agent-1'], taskIds: ['task-1'] },
  });
});

test('[AC27] PARLEY_ADMIN_KEY acts as the person `automation`, an admin who is in no list', async () => {
  const automation = program(served.url);
  expect((await automation.ask('GET', '/api/me')).body).toMatchObject({
    person: { id: 'automation', name: 'automation', role: 'admin' },
    role: 'admin',
    needsCredential: false,
  });
  const { items } = (await automation.ask('GET', '/api/people')).body as { items: { id: string }[] };
  expect(items.map((person) => person.id)).not.toContain('automation');
  expect((await automation.ask('DELETE', '/api/people/automation')).status).toBe(404);
  expect((await automation.ask('PUT', '/api/me/password', { password: 'not for programs' })).status).toBe(403);
  const { key } = await make({ name: 'of automation', role: 'operator' });
  const caller = await rt.access.callerOfRequest(new Headers({ authorization: `Bearer ${key}` }));
  expect(caller).toMatchObject({ actor: { kind: 'person', id: 'automation' }, role: 'operator' });
});

test('[AC27] without PARLEY_ADMIN_KEY that key is nobody', async () => {
  const without = await createAccessRuntime({ database: rt.database, env: { PARLEY_ADMIN_KEY: '' } });
  const headers = new Headers({ authorization: `Bearer ${ADMIN_KEY}` });
  await expect(without.access.callerOfRequest(headers)).rejects.toMatchObject({ code: 'auth.required' });
  await without.stop();
});

test('[AC28] a socket brings its key in auth or in a header, or the cookie', async () => {
  const { key } = await make({ name: 'socket' });
  const of = (headers: Record<string, string>, auth: unknown = {}) => rt.access.callerOfSocket({ headers, auth });
  expect(await of({}, { token: key })).toMatchObject({ credential: { kind: 'key' } });
  expect(await of({ authorization: `Bearer ${key}` })).toMatchObject({ credential: { kind: 'key' } });
  const ada = await signIn('Ada');
  const cookie = [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  expect(await of({ cookie })).toMatchObject({ credential: { kind: 'session' }, actor: { name: 'Ada' } });
  await expect(of({ cookie }, { token: 'wrong' })).rejects.toMatchObject({ code: 'auth.required' });
  expect(await of({})).toBeNull();
});

test('[AC28] whether many credentials are still good is one question to the database', async () => {
  const { id } = await make({ name: 'many' });
  let asked = 0;
  const { pool } = rt.database;
  const query = pool.query.bind(pool);
  Object.assign(pool, {
    query: (...args: Parameters<typeof query>) => {
      // Others may ask at the same moment: the hub tells of the key that was made.
      if (JSON.stringify(args[0]).includes('FROM auth_session')) asked += 1;
      return query(...args);
    },
  });
  const credentials = Array.from({ length: 500 }, (_, index) => ({
    kind: 'key' as const,
    id: index === 7 ? String(id) : `unknown${index}`,
  }));
  const valid = await Promise.all(credentials.map((credential) => rt.access.isStillValid(credential)));
  Object.assign(pool, { query });
  expect(valid.filter(Boolean)).toEqual([true]);
  expect(valid[7]).toBe(true);
  expect(asked).toBe(1);
});

test('[HT14] keys come newest first, in pages', async () => {
  const admin = program(served.url);
  const all = (await admin.ask('GET', '/api/keys?limit=500')).body as { items: { id: string }[]; next: null };
  expect(all.next).toBeNull();
  const paged: string[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const query: string = after ? `?limit=3&after=${after}` : '?limit=3';
    const { body } = await admin.ask('GET', `/api/keys${query}`);
    paged.push(...(body['items'] as { id: string }[]).map((key) => key.id));
    after = body['next'] as string | null;
  }
  expect(paged).toEqual(all.items.map((key) => key.id));
  expect((await admin.ask('GET', '/api/keys?after=nonsense')).body).toMatchObject({
    error: { code: 'request.invalid', fields: { after: expect.any(String) } },
  });
  for (const limit of ['0', '501', 'many', '1.5']) {
    expect((await admin.ask('GET', `/api/keys?limit=${limit}`)).status).toBe(400);
  }
});
