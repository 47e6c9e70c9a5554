import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetExpired } from '@/lib/server/access/forget-expired';
import { makeSignInLink } from '@/lib/server/access/make-sign-in-link';
import { putRuntime } from '@/lib/server/runtime';
import { accessRoutes } from '@/lib/testing/access-routes';
import { type AccessRuntime, createAccessRuntime } from '@/lib/testing/access-runtime';
import { type ServedRoutes, serveRoutes } from '@/lib/testing/serve-routes';
import { browser, program } from '@/lib/testing/visitor';

let rt: AccessRuntime;
let served: ServedRoutes;

beforeAll(async () => {
  rt = await createAccessRuntime({ limits: { signInPerMinute: 1_000 } });
  const takeAway = putRuntime(rt);
  served = await serveRoutes(accessRoutes, { publicUrl: null, trustedProxies: 0 });
  return takeAway;
});
afterAll(async () => {
  await served.close();
  await rt.stop();
});

const tokenOf = (link: string) => new URL(link).searchParams.get('token') ?? '';
const newToken = async () => tokenOf(await makeSignInLink(rt));
const systemTypes = async () => {
  const { rows } = await rt.database.pool.query<{ type: string; actor_kind: string }>(
    "SELECT type, actor_kind FROM entry WHERE stream = 'system' ORDER BY seq",
  );
  return rows.map((row) => `${row.type} by ${row.actor_kind}`);
};

test('[AC1] the first sign-in by link makes the first person, an admin who still needs a credential', async () => {
  expect((await browser(served.url).ask('GET', '/api/sign-in')).body).toEqual({ passkey: false, first: true });
  const link = await makeSignInLink(rt);
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/sign-in\?token=[A-Za-z0-9_-]{43}$/);
  const ada = browser(served.url);
  const answer = await ada.ask('POST', '/api/sign-in', { token: tokenOf(link), name: 'Ada' });
  expect(answer).toMatchObject({
    status: 200,
    body: { person: { name: 'Ada', role: 'admin' }, role: 'admin', needsCredential: true },
  });
  expect((await ada.ask('GET', '/api/me')).body).toEqual(answer.body);
  expect((await browser(served.url).ask('GET', '/api/sign-in')).body).toMatchObject({ first: false });
  expect((await systemTypes()).slice(-3)).toEqual([
    'sign_in_link.made by system',
    'person.joined by person',
    'person.signed_in by person',
  ]);
});

test('[AC2] a link works once', async () => {
  const token = await newToken();
  const tries = await Promise.all(
    Array.from({ length: 5 }, () => browser(served.url).ask('POST', '/api/sign-in', { token })),
  );
  expect(tries.map((each) => each.status).sort()).toEqual([200, 401, 401, 401, 401]);
  const refused = tries.find((each) => each.status === 401);
  expect(refused?.body).toMatchObject({ error: { code: 'auth.link_spent' } });
  expect(refused?.headers.getSetCookie()).toEqual([]);
});

test('[AC2] a link works for 15 minutes', async () => {
  const early = await newToken();
  rt.clock.advance(14 * 60_000);
  expect((await browser(served.url).ask('POST', '/api/sign-in', { token: early })).status).toBe(200);
  const late = await newToken();
  rt.clock.advance(15 * 60_000 + 1);
  expect((await browser(served.url).ask('POST', '/api/sign-in', { token: late })).status).toBe(401);
});

test('[AC2] only a hash of a link is kept', async () => {
  const token = await newToken();
  const { rows } = await rt.database.pool.query('SELECT encode(token_hash, $1) AS hash FROM sign_in_link', ['escape']);
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('[AC3] later links sign in the first admin, or whom they were made for', async () => {
  const again = await browser(served.url).ask('POST', '/api/sign-in', { token: await newToken(), name: 'Mallory' });
  expect(again.body).toMatchObject({ person: { name: 'Ada' } });
  const bob = await join('Bob', 'viewer');
  const link = await makeSignInLink(rt, { personId: bob.personId });
  const back = await browser(served.url).ask('POST', '/api/sign-in', { token: tokenOf(link) });
  expect(back.body).toMatchObject({ person: { name: 'Bob', role: 'viewer' } });
});

async function join(name: string, role: string) {
  const invited = await program(served.url).ask('POST', '/api/invitations', { role });
  const token = new URL(String(invited.body['link'])).searchParams.get('invitation');
  const visitor = browser(served.url);
  const joined = await visitor.ask('POST', '/api/sign-in/invitation', { token, name });
  const { person } = joined.body as { person: { id: never } };
  return { ...visitor, personId: person.id };
}

test('[AC4] on http the cookie is HttpOnly and SameSite=Lax, and not Secure', async () => {
  const answer = await browser(served.url).ask('POST', '/api/sign-in', { token: await newToken() });
  const [cookie = '', ...others] = answer.headers.getSetCookie();
  expect(others).toEqual([]);
  expect(cookie).toMatch(/^parley\.session_token=/);
  expect(cookie).toMatch(/; HttpOnly/i);
  expect(cookie).toMatch(/; SameSite=Lax/i);
  expect(cookie).toMatch(/; Path=\//i);
  expect(cookie).not.toMatch(/; Secure/i);
});

test('[AC4] on https it is Secure and named __Host-', async () => {
  const proxied = await serveRoutes(accessRoutes, { publicUrl: 'https://parley.example.org', trustedProxies: 1 });
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'parley.example.org' };
  const origin = { origin: 'https://parley.example.org' };
  const carl = browser(proxied.url);
  const answer = await carl.ask('POST', '/api/sign-in', { token: await newToken() }, { ...forwarded, ...origin });
  const [cookie = ''] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^__Host-parley\.session_token=/);
  expect(cookie).toMatch(/; Secure/i);
  expect(cookie).toMatch(/; Path=\//i);
  expect(cookie).not.toMatch(/domain=/i);
  expect((await carl.ask('GET', '/api/me', undefined, forwarded)).status).toBe(200);
  await proxied.close();
});

test('[AC5] one comes back by name, in any case, and password', async () => {
  const dora = await join('Dora', 'operator');
  expect((await dora.ask('GET', '/api/me')).body).toMatchObject({ needsCredential: true });
  const set = await dora.ask('PUT', '/api/me/password', { password: 'a long enough one' });
  expect(set).toMatchObject({ status: 200, body: { needsCredential: false } });

  const back = browser(served.url);
  const answer = await back.ask('POST', '/api/sign-in/password', { name: 'dORA', password: 'a long enough one' });
  expect(answer).toMatchObject({ status: 200, body: { person: { name: 'Dora', role: 'operator' } } });
  expect((await back.ask('GET', '/api/me')).status).toBe(200);
  expect((await systemTypes()).at(-1)).toBe('person.signed_in by person');
});

test('[AC5] a wrong password, a person without one and nobody at all are refused in the same words', async () => {
  await join('Emil', 'viewer');
  const tries = [
    ['Dora', 'not the one that it is'],
    ['Emil', 'a long enough one'],
    ['Nobody', 'a long enough one'],
  ];
  for (const [name, password] of tries) {
    const answer = await browser(served.url).ask('POST', '/api/sign-in/password', { name, password });
    expect(answer).toMatchObject({
      status: 401,
      body: { error: { code: 'auth.wrong_credentials', message: 'The name or the password is wrong.' } },
    });
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
});

test('[AC6] changing a password takes the current one, and ends the other sessions', async () => {
  const old = 'a long enough one';
  const [here, there] = [browser(served.url), browser(served.url)];
  for (const each of [here, there]) await each.ask('POST', '/api/sign-in/password', { name: 'Dora', password: old });
  const fresh = 'quite another password';
  expect(await here.ask('PUT', '/api/me/password', { password: fresh })).toMatchObject({
    status: 403,
    body: { error: { code: 'auth.wrong_password', fields: { currentPassword: expect.any(String) } } },
  });
  expect((await here.ask('PUT', '/api/me/password', { password: fresh, currentPassword: 'wrong' })).status).toBe(403);
  expect((await here.ask('PUT', '/api/me/password', { password: fresh, currentPassword: old })).status).toBe(200);
  expect((await here.ask('GET', '/api/me')).status).toBe(200);
  expect((await there.ask('GET', '/api/me')).status).toBe(401);
  expect((await browser(served.url).ask('POST', '/api/sign-in/password', { name: 'Dora', password: old })).status).toBe(
    401,
  );
});

test('[AC6] whoever came by a link within the hour needs no current password', async () => {
  const ada = browser(served.url);
  await ada.ask('POST', '/api/sign-in', { token: await newToken() });
  expect((await ada.ask('PUT', '/api/me/password', { password: 'first password' })).status).toBe(200);
  expect((await ada.ask('PUT', '/api/me/password', { password: 'second password' })).status).toBe(200);
});

test('[AC6] a password of 9 characters is refused', async () => {
  const ada = browser(served.url);
  await ada.ask('POST', '/api/sign-in', { token: await newToken() });
  expect(await ada.ask('PUT', '/api/me/password', { password: '123456789' })).toMatchObject({
    status: 400,
    body: { error: { fields: { password: 'at least 10 characters' } } },
  });
});

test('[AC7] one sees where one is signed in, and can end each session or all others', async () => {
  const fay = await join('Fay', 'viewer');
  const phone = browser(served.url);
  await fay.ask('PUT', '/api/me/password', { password: 'fays own password' });
  await phone.ask(
    'POST',
    '/api/sign-in/password',
    { name: 'Fay', password: 'fays own password' },
    { 'user-agent': 'Phone' },
  );
  const listed = await fay.ask('GET', '/api/me/sessions');
  expect(listed.body).toMatchObject({
    next: null,
    items: [
      { method: 'password', userAgent: 'Phone', address: '127.0.0.1', current: false },
      { method: 'invitation', current: true },
    ],
  });
  expect(JSON.stringify(listed.body)).not.toContain('token');
  const [{ id }] = listed.body['items'] as [{ id: string }];
  expect(await fay.ask('DELETE', `/api/me/sessions/${id}`)).toMatchObject({ status: 200, body: { id } });
  expect((await phone.ask('GET', '/api/me')).status).toBe(401);
  expect((await fay.ask('DELETE', `/api/me/sessions/${id}`)).body).toMatchObject({
    error: { code: 'session.not_found' },
  });
  await phone.ask('POST', '/api/sign-in/password', { name: 'Fay', password: 'fays own password' });
  expect((await fay.ask('DELETE', '/api/me/sessions')).body['items']).toHaveLength(1);
  expect((await phone.ask('GET', '/api/me')).status).toBe(401);
  expect((await fay.ask('GET', '/api/me')).status).toBe(200);
});

test('[AC7] nobody can end a session of somebody else', async () => {
  const [gus, hal] = [await join('Gus', 'operator'), await join('Hal', 'operator')];
  const [{ id }] = (await hal.ask('GET', '/api/me/sessions')).body['items'] as [{ id: string }];
  expect((await gus.ask('DELETE', `/api/me/sessions/${id}`)).status).toBe(404);
  expect((await hal.ask('GET', '/api/me')).status).toBe(200);
});

test('[AC8] signing out ends the session, takes the cookie away and is recorded', async () => {
  const ida = await join('Ida', 'viewer');
  const cookie = [...ida.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const told: unknown[] = [];
  const stop = rt.hub.listen({ revoked: (credential) => told.push(credential) });
  expect(await ida.ask('POST', '/api/sign-out')).toMatchObject({ status: 200, body: {} });
  stop();
  expect(ida.cookies.size).toBe(0);
  expect((await browser(served.url).ask('GET', '/api/me', undefined, { cookie })).status).toBe(401);
  expect(told).toEqual([{ kind: 'session', id: expect.any(String) }]);
  expect((await systemTypes()).at(-1)).toBe('person.signed_out by person');
});

test('[AC9] a cookie that was tampered with, or is not ours, is nobody', async () => {
  const ida = await browser(served.url);
  await ida.ask('POST', '/api/sign-in', { token: await newToken() });
  const [[name = '', value = ''] = []] = ida.cookies;
  const me = (cookie: string) => browser(served.url).ask('GET', '/api/me', undefined, { cookie });
  expect((await me(`${name}=${value}`)).status).toBe(200);
  for (const forged of [value.slice(1), `${value}x`, value.split('.')[0], '', 'a.b', '%', '%E0%A4%A']) {
    expect((await me(`${name}=${forged}`)).status).toBe(401);
  }
});

test('[AC12] a session is good at every instance, which share one secret', async () => {
  const visitor = browser(served.url);
  await visitor.ask('POST', '/api/sign-in', { token: await newToken() });
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const other = await createAccessRuntime({ database: rt.database });
  const caller = await other.access.callerOfRequest(new Headers({ cookie }));
  expect(caller).toMatchObject({ actor: { kind: 'person', name: 'Ada' }, credential: { kind: 'session' } });
  expect(other.access.seal.open(rt.access.seal.close('secret'))).toBe('secret');
  await other.stop();
});

test('[AC12] what has expired is forgotten, and only that', async () => {
  const { pool } = rt.database;
  const count = async () => (await pool.query('SELECT 1 FROM auth_session')).rowCount ?? 0;
  const before = await count();
  await forgetExpired(pool, rt.workspaceId, new Date());
  expect(await count()).toBe(before);
  await forgetExpired(pool, rt.workspaceId, new Date(Date.now() + 31 * 24 * 3_600_000));
  expect(await count()).toBe(0);
  expect((await pool.query('SELECT 1 FROM sign_in_link')).rowCount).toBe(0);
});

test('[AC10] no passkey is offered at an IP address', async () => {
  const answer = await browser(served.url).ask('POST', '/api/sign-in/passkey/options');
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'request.invalid' } } });
});

test('[AC10] a passkey answer without its challenge is refused, and rubbish is 400', async () => {
  const url = served.url.replace('127.0.0.1', 'localhost');
  const response = { clientDataJSON: 'e30', authenticatorData: 'AAAA', signature: 'AAAA' };
  const credential = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response };
  const asked = await browser(url).ask('POST', '/api/sign-in/passkey', { response: credential });
  expect(asked).toMatchObject({ status: 401, body: { error: { code: 'auth.wrong_credentials' } } });
  const rubbish = await browser(url).ask('POST', '/api/sign-in/passkey', { response: { id: '\u0000' } });
  expect(rubbish.status).toBe(400);
});
