import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSignInLink } from '@/lib/server/access/make-sign-in-link';
import { putRuntime } from '@/lib/server/runtime';
import { accessRoutes } from '@/lib/testing/access-routes';
import { type AccessRuntime, createAccessRuntime } from '@/lib/testing/access-runtime';
import { type ServedRoutes, serveRoutes } from '@/lib/testing/serve-routes';
import { createSoftwarePasskey } from '@/lib/testing/software-passkey';
import { browser, program } from '@/lib/testing/visitor';

let rt: AccessRuntime;
let served: ServedRoutes;
let origin: string;

beforeAll(async () => {
  rt = await createAccessRuntime({ limits: { signInPerMinute: 1_000 } });
  const takeAway = putRuntime(rt);
  served = await serveRoutes(accessRoutes, { publicUrl: null, trustedProxies: 0 });
  origin = served.url.replace('127.0.0.1', 'localhost');
  return takeAway;
});
afterAll(async () => {
  await served.close();
  await rt.stop();
});

async function signedIn() {
  const visitor = browser(origin);
  const token = new URL(await makeSignInLink(rt)).searchParams.get('token');
  await visitor.ask('POST', '/api/sign-in', { token, name: 'Ada' });
  return visitor;
}

async function register(visitor = browser(origin), passkey = createSoftwarePasskey(), from = origin) {
  const options = await visitor.ask('POST', '/api/me/passkeys/options');
  expect(options.status).toBe(200);
  const response = passkey.create({ options: options.body, origin: from });
  return visitor.ask('POST', '/api/me/passkeys', { response, name: 'Laptop' });
}

async function signInBy(passkey: ReturnType<typeof createSoftwarePasskey>, from = origin) {
  const visitor = browser(origin);
  const options = await visitor.ask('POST', '/api/sign-in/passkey/options');
  expect(options).toMatchObject({ status: 200, body: { rpId: 'localhost', userVerification: 'required' } });
  const response = passkey.get({ options: options.body, origin: from });
  return { visitor, response, answer: await visitor.ask('POST', '/api/sign-in/passkey', { response }) };
}

test('[AC10] a passkey is registered under the name of its person, and signs in by itself', async () => {
  const ada = await signedIn();
  const options = await ada.ask('POST', '/api/me/passkeys/options');
  expect(options).toMatchObject({
    status: 200,
    body: { rp: { id: 'localhost', name: 'Parley' }, user: { name: 'Ada', displayName: 'Ada' } },
  });
  const passkey = createSoftwarePasskey();
  expect(await register(ada, passkey)).toMatchObject({ status: 201, body: { name: 'Laptop' } });
  expect((await ada.ask('GET', '/api/me')).body).toMatchObject({ needsCredential: false });

  const { answer, visitor } = await signInBy(passkey);
  expect(answer).toMatchObject({ status: 200, body: { person: { name: 'Ada' }, needsCredential: false } });
  expect((await visitor.ask('GET', '/api/me')).status).toBe(200);
  const sessions = await visitor.ask('GET', '/api/me/sessions');
  expect(sessions.body['items']).toMatchObject([{ method: 'passkey', current: true }, { method: 'link' }]);
  const { rows } = await rt.database.pool.query('SELECT payload FROM entry_payload ORDER BY seq DESC LIMIT 1');
  expect(JSON.parse(rows[0].payload)).toMatchObject({ method: 'passkey' });
});

test('[AC10] an answer is taken once, from our own origin, and of a device that verified its owner', async () => {
  const ada = await signedIn();
  const passkey = createSoftwarePasskey();
  await register(ada, passkey);
  const { visitor, response } = await signInBy(passkey);
  expect((await visitor.ask('POST', '/api/sign-in/passkey', { response })).status).toBe(401);
  expect((await signInBy(passkey, 'https://evil.example')).answer.status).toBe(401);
  expect((await signInBy(createSoftwarePasskey())).answer.status).toBe(401);

  const unlocked = createSoftwarePasskey({ verifiesUser: false });
  await register(ada, unlocked);
  const { answer } = await signInBy(unlocked);
  expect(answer).toMatchObject({
    status: 401,
    body: { error: { code: 'auth.wrong_credentials', message: expect.stringContaining('did not verify its owner') } },
  });
  expect(answer.headers.getSetCookie()).toEqual([]);
});

test('[AC10] a registration for another origin, or for no challenge, is 400', async () => {
  const ada = await signedIn();
  expect((await register(ada, createSoftwarePasskey(), 'https://evil.example')).status).toBe(400);
  const response = createSoftwarePasskey().create({ options: { challenge: 'AAAA', rp: { id: 'localhost' } }, origin });
  expect((await ada.ask('POST', '/api/me/passkeys', { response })).status).toBe(400);
});

test('[AC10] a key cannot add a passkey to the account of its maker', async () => {
  const ada = await signedIn();
  const { key } = (await ada.ask('POST', '/api/keys', { name: 'ci', role: 'admin' })).body;
  const answer = await program(origin, String(key)).ask('POST', '/api/me/passkeys/options');
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'auth.forbidden' } } });
});

test('[AC11] a passkey can be removed, but not the last way to come back', async () => {
  const invited = await program(origin).ask('POST', '/api/invitations', { role: 'viewer' });
  const token = new URL(String(invited.body['link'])).searchParams.get('invitation');
  const bob = browser(origin);
  await bob.ask('POST', '/api/sign-in/invitation', { token, name: 'Bob' });
  const passkey = createSoftwarePasskey();
  const { id } = (await register(bob, passkey)).body;
  expect(await bob.ask('DELETE', `/api/me/passkeys/${id}`)).toMatchObject({
    status: 409,
    body: { error: { code: 'person.last_credential' } },
  });
  await bob.ask('PUT', '/api/me/password', { password: 'bobs own password' });
  expect(await bob.ask('DELETE', `/api/me/passkeys/${id}`)).toMatchObject({ status: 200, body: { id } });
  expect((await bob.ask('GET', '/api/me/passkeys')).body).toEqual({ items: [], next: null });
  expect((await signInBy(passkey)).answer.status).toBe(401);
});
