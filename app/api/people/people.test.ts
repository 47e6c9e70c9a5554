import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeSignInLink } from '@/lib/server/access/make-sign-in-link';
import { putRuntime } from '@/lib/server/runtime';
import { accessRoutes } from '@/lib/testing/access-routes';
import { type AccessRuntime, createAccessRuntime } from '@/lib/testing/access-runtime';
import { type ServedRoutes, serveRoutes } from '@/lib/testing/serve-routes';
import { browser, program, type Visitor } from '@/lib/testing/visitor';

let rt: AccessRuntime;
let served: ServedRoutes;
let ada: Visitor & { id: string };

beforeAll(async () => {
  rt = await createAccessRuntime({ limits: { signInPerMinute: 1_000 } });
  const takeAway = putRuntime(rt);
  served = await serveRoutes(accessRoutes, { publicUrl: null, trustedProxies: 0 });
  const visitor = browser(served.url);
  const token = new URL(await makeSignInLink(rt)).searchParams.get('token');
  const { body } = await visitor.ask('POST', '/api/sign-in', { token, name: 'Ada' });
  ada = { ...visitor, id: idOf(body['person']) };
  return takeAway;
});
afterAll(async () => {
  await served.close();
  await rt.stop();
});

const idOf = (thing: unknown): string => (thing as { id: string }).id;
const tokenOf = (link: unknown) => new URL(String(link)).searchParams.get('invitation');
const types = async () => {
  const { rows } = await rt.database.pool.query<{ type: string }>(
    "SELECT type FROM entry WHERE stream = 'system' ORDER BY seq",
  );
  return rows.map((row) => row.type);
};

async function join(name: string, role: string, by: Visitor = ada) {
  const invited = await by.ask('POST', '/api/invitations', { role });
  const visitor = browser(served.url);
  const { body } = await visitor.ask('POST', '/api/sign-in/invitation', { token: tokenOf(invited.body['link']), name });
  return { ...visitor, id: idOf(body['person']) };
}

test('[AC30] an invitation is a link, shown once, by which one person joins with its role', async () => {
  const invited = await ada.ask('POST', '/api/invitations', { name: 'Bob', role: 'reviewer' });
  expect(invited).toMatchObject({
    status: 201,
    body: { name: 'Bob', role: 'reviewer', invitedBy: { id: ada.id, name: 'Ada' } },
  });
  expect(invited.body['link']).toMatch(/^http:\/\/127\.0\.0\.1:3000\/sign-in\?invitation=[A-Za-z0-9_-]{43}$/);
  const { link, ...listed } = invited.body;
  expect((await ada.ask('GET', '/api/invitations')).body).toEqual({ items: [listed], next: null });

  const bob = browser(served.url);
  const token = tokenOf(link);
  const offer = await bob.ask('POST', '/api/sign-in/invitation/offer', { token });
  expect(offer).toMatchObject({ status: 200, body: { name: 'Bob', role: 'reviewer' } });
  const joined = await bob.ask('POST', '/api/sign-in/invitation', { token });
  expect(joined).toMatchObject({
    status: 201,
    body: { person: { name: 'Bob', role: 'reviewer' }, role: 'reviewer', needsCredential: true },
  });
  expect((await bob.ask('GET', '/api/me')).body).toEqual(joined.body);
  expect((await types()).slice(-3)).toEqual(['person.invited', 'person.joined', 'person.signed_in']);
  expect((await ada.ask('GET', '/api/invitations')).body['items']).toEqual([]);

  const late = await browser(served.url).ask('POST', '/api/sign-in/invitation', { token, name: 'Mallory' });
  expect(late).toMatchObject({ status: 401, body: { error: { code: 'auth.link_spent' } } });
  expect((await bob.ask('POST', '/api/sign-in/invitation/offer', { token })).status).toBe(401);
});

test('[AC30] where the invitation has no name, whoever joins says theirs', async () => {
  const invited = await ada.ask('POST', '/api/invitations', { role: 'viewer' });
  const token = tokenOf(invited.body['link']);
  const carl = browser(served.url);
  expect(await carl.ask('POST', '/api/sign-in/invitation', { token })).toMatchObject({
    status: 400,
    body: { error: { fields: { name: 'is needed' } } },
  });
  expect((await carl.ask('POST', '/api/sign-in/invitation', { token, name: 'Carl' })).status).toBe(201);
});

test('[AC30] one place is taken by one person, however many come at once', async () => {
  const invited = await ada.ask('POST', '/api/invitations', { role: 'viewer' });
  const token = tokenOf(invited.body['link']);
  const answers = await Promise.all(
    ['R1', 'R2', 'R3', 'R4'].map((name) => browser(served.url).ask('POST', '/api/sign-in/invitation', { token, name })),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, 401, 401, 401]);
});

test('[AC31] an invitation ends after 7 days, and when it is taken back', async () => {
  const revoked = await ada.ask('POST', '/api/invitations', { role: 'viewer' });
  const path = `/api/invitations/${revoked.body['id']}`;
  expect((await ada.ask('DELETE', path)).status).toBe(200);
  expect(await ada.ask('DELETE', path)).toMatchObject({
    status: 404,
    body: { error: { code: 'invitation.not_found' } },
  });
  const old = await ada.ask('POST', '/api/invitations', { role: 'viewer' });
  const back = rt.clock.now().getTime();
  rt.clock.advance(7 * 24 * 3_600_000 + 1);
  for (const each of [revoked, old]) {
    const answer = await browser(served.url).ask('POST', '/api/sign-in/invitation', {
      token: tokenOf(each.body['link']),
      name: 'Late',
    });
    expect(answer.status).toBe(401);
  }
  rt.clock.advance(back - rt.clock.now().getTime());
  expect((await ada.ask('DELETE', '/api/invitations/nonsense')).status).toBe(404);
});

test('[AC32] no two people have the same name, in whatever case, and some names are Parley’s own', async () => {
  const refused = { status: 409, body: { error: { code: 'person.name_taken', fields: { name: 'is taken' } } } };
  for (const name of ['ADA', 'Ａｄａ', 'automation', 'Parley']) {
    expect(await ada.ask('POST', '/api/invitations', { role: 'viewer', name })).toMatchObject(refused);
    expect(
      await ada.ask('PATCH', '/api/me', { name: name === 'ADA' ? 'bob' : name === 'Ａｄａ' ? 'BOB' : name }),
    ).toMatchObject(refused);
  }
  expect((await ada.ask('PATCH', '/api/me', { name: 'ADA' })).body).toMatchObject({ name: 'ADA' });
  expect((await ada.ask('PATCH', '/api/me', { name: 'Ada' })).body).toMatchObject({ name: 'Ada' });
});

test('[AC33] everyone sees who is there; only admins invite, change and remove', async () => {
  const dora = await join('Dora', 'operator');
  const { items } = (await dora.ask('GET', '/api/people')).body as { items: { name: string }[] };
  expect(items[0]).toEqual({ id: dora.id, name: 'Dora', role: 'operator', createdAt: expect.any(String) });
  expect(items.at(-1)?.name).toBe('Ada');
  expect((await dora.ask('GET', `/api/people/${ada.id}`)).body).toMatchObject({ name: 'Ada', role: 'admin' });
  for (const [method, path, body] of [
    ['POST', '/api/invitations', { role: 'viewer' }],
    ['GET', '/api/invitations', undefined],
    ['PATCH', `/api/people/${dora.id}`, { role: 'admin' }],
    ['DELETE', `/api/people/${ada.id}`, undefined],
    ['DELETE', `/api/people/${ada.id}/sessions`, undefined],
  ] as const) {
    expect(await dora.ask(method, path, body)).toMatchObject({
      status: 403,
      body: { error: { code: 'auth.forbidden' } },
    });
  }
  expect((await browser(served.url).ask('GET', '/api/people')).status).toBe(401);
});

test('[AC33] a new role counts from the next request on', async () => {
  const emil = await join('Emil', 'viewer');
  expect((await emil.ask('GET', '/api/me')).body).toMatchObject({ role: 'viewer' });
  const changed = await ada.ask('PATCH', `/api/people/${emil.id}`, { role: 'admin' });
  expect(changed).toMatchObject({ status: 200, body: { name: 'Emil', role: 'admin' } });
  expect((await emil.ask('GET', '/api/me')).body).toMatchObject({ role: 'admin' });
  expect((await types()).at(-1)).toBe('person.changed');
  await ada.ask('PATCH', `/api/people/${emil.id}`, { role: 'viewer' });
  const before = (await types()).length;
  expect((await ada.ask('PATCH', `/api/people/${emil.id}`, { role: 'viewer' })).status).toBe(200);
  expect(await types()).toHaveLength(before); // nothing changed, so nothing happened
  expect((await ada.ask('PATCH', `/api/people/${emil.id}`, {})).status).toBe(400);
  expect((await ada.ask('PATCH', '/api/people/nobody', { role: 'viewer' })).status).toBe(404);
});

test('[AC34] the last admin is neither removed nor made less, not even by two requests at once', async () => {
  const refused = { status: 409, body: { error: { code: 'person.last_admin' } } };
  expect(await ada.ask('DELETE', `/api/people/${ada.id}`)).toMatchObject(refused);
  expect(await program(served.url).ask('DELETE', `/api/people/${ada.id}`)).toMatchObject(refused);
  expect(await ada.ask('PATCH', `/api/people/${ada.id}`, { role: 'operator' })).toMatchObject(refused);

  const fay = await join('Fay', 'admin');
  const admin = program(served.url);
  const answers = await Promise.all(
    [ada.id, fay.id].map((id) => admin.ask('PATCH', `/api/people/${id}`, { role: 'operator' })),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
  await admin.ask('PATCH', `/api/people/${ada.id}`, { role: 'admin' });
  await admin.ask('PATCH', `/api/people/${fay.id}`, { role: 'viewer' });
});

test('[AC35] whoever is removed is out at once, with their keys and invitations; what they did stays', async () => {
  const gus = await join('Gus', 'admin');
  const { key, id: keyId } = (await gus.ask('POST', '/api/keys', { name: 'of gus', role: 'admin' })).body;
  const { link } = (await gus.ask('POST', '/api/invitations', { role: 'admin' })).body;
  const signInLink = await makeSignInLink(rt, { personId: gus.id as never });
  expect((await program(served.url, String(key)).ask('GET', '/api/me')).status).toBe(200);
  const told: unknown[] = [];
  const stop = rt.hub.listen({ revoked: (credential) => told.push(credential) });

  const removed = await ada.ask('DELETE', `/api/people/${gus.id}`);
  stop();
  expect(removed).toMatchObject({ status: 200, body: { id: gus.id, name: 'Gus', role: 'admin' } });
  expect(told).toEqual([
    { kind: 'session', id: expect.any(String) },
    { kind: 'key', id: keyId },
  ]);
  expect((await types()).slice(-3)).toEqual(['person.removed', 'key.revoked', 'invitation.revoked']);
  expect((await gus.ask('GET', '/api/me')).status).toBe(401);
  expect((await program(served.url, String(key)).ask('GET', '/api/me')).status).toBe(401);
  const visitor = browser(served.url);
  expect((await visitor.ask('POST', '/api/sign-in/invitation', { token: tokenOf(link), name: 'M' })).status).toBe(401);
  const token = new URL(signInLink).searchParams.get('token');
  expect((await visitor.ask('POST', '/api/sign-in', { token })).status).toBe(401);
  expect((await ada.ask('GET', `/api/people/${gus.id}`)).status).toBe(404);
  expect((await ada.ask('DELETE', `/api/people/${gus.id}`)).status).toBe(404);
});

test('[AC36] an admin can end all sessions of a person', async () => {
  const hal = await join('Hal', 'viewer');
  expect((await hal.ask('GET', '/api/me')).status).toBe(200);
  const ended = await ada.ask('DELETE', `/api/people/${hal.id}/sessions`);
  expect(ended.body['items']).toMatchObject([{ method: 'invitation', current: false }]);
  expect((await hal.ask('GET', '/api/me')).status).toBe(401);
  expect((await ada.ask('DELETE', '/api/people/nobody/sessions')).status).toBe(404);
});

test('[AC37] nothing happens that cannot be recorded', async () => {
  const iris = await join('Iris', 'viewer');
  await rt.database.pool.query('ALTER TABLE entry RENAME TO entry_away');
  const refused = await ada.ask('DELETE', `/api/people/${iris.id}`);
  await rt.database.pool.query('ALTER TABLE entry_away RENAME TO entry');
  expect(refused.status).toBeGreaterThanOrEqual(500);
  await expect.poll(() => rt.ledger.unavailable(), { timeout: 10_000 }).toBeNull();
  expect((await ada.ask('GET', `/api/people/${iris.id}`)).status).toBe(200);
  expect((await iris.ask('GET', '/api/me')).status).toBe(200);
});
