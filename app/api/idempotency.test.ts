import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRepeatable, type Operation } from '@/lib/server/openapi/operation';
import { operations } from '@/lib/server/openapi/operations';
import { fillPath, type ServedApi, serveApi } from '@/lib/testing/served-api';
import { type Answer, browser } from '@/lib/testing/visitor';

let api: ServedApi;
const repeatable = operations.filter(isRepeatable);

beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.close());

const idOf = ({ body, status }: Answer): string => {
  if (typeof body['id'] !== 'string') throw new Error(`no id in ${status} ${JSON.stringify(body)}`);
  return body['id'];
};
let made = 0;
const fresh = (word: string) => `${word}-${++made}`;
const makeAgent = async () =>
  idOf(await api.by.admin.ask('POST', '/api/agents', { name: fresh('agent'), server: 'sandbox' }));
const makeConversation = async () => {
  const seats = [{ agentId: await makeAgent() }, { agentId: await makeAgent() }];
  return idOf(await api.by.admin.ask('POST', '/api/conversations', { seats }));
};
const makeServer = async () => {
  const name = fresh('server');
  await api.by.admin.ask('POST', '/api/letta-servers', { name, dialect: 'rest', url: 'http://127.0.0.1:9' });
  return name;
};
const makePerson = async () => {
  const invited = await api.by.admin.ask('POST', '/api/invitations', { name: fresh('person'), role: 'viewer' });
  const token = new URL(String(invited.body['link'])).searchParams.get('invitation');
  const { body } = await browser(api.url).ask('POST', '/api/sign-in/invitation', { token });
  return (body['person'] as { id: string }).id;
};

type Sample = { values?: Record<string, string>; body?: object };
const on = (name: string, make: () => Promise<string>, body?: object) => async (): Promise<Sample> => ({
  values: { [name]: await make() },
  ...(body && { body }),
});
const just = (body?: object) => async (): Promise<Sample> => ({ ...(body && { body }) });

/** A request that each write would carry out, or would refuse for a reason that lies in the world. */
const samples: Record<string, () => Promise<Sample>> = {
  'POST /api/agents': async () => ({ body: { name: fresh('agent'), server: 'sandbox' } }),
  'PATCH /api/agents/[agentId]': on('agentId', makeAgent, { tags: ['changed'] }),
  'DELETE /api/agents/[agentId]': on('agentId', makeAgent),
  'POST /api/conversations': async () => ({
    body: {
      seats: [{ agentId: await makeAgent() }, { agentId: await makeAgent() }],
      opening: { to: 'b', content: 'hi' },
    },
  }),
  'PATCH /api/conversations/[conversationId]': on('conversationId', makeConversation, { title: 'Another' }),
  'DELETE /api/conversations/[conversationId]': on('conversationId', makeConversation),
  'POST /api/conversations/[conversationId]/messages': on('conversationId', makeConversation, {
    to: 'a',
    content: 'hello',
  }),
  'POST /api/conversations/[conversationId]/interrupt': on('conversationId', makeConversation, { seat: 'a' }),
  'POST /api/conversations/[conversationId]/conveyances/[conveyanceId]': on('conversationId', makeConversation, {
    action: 'drop',
  }),
  'POST /api/sandbox/demo': just(),
  'POST /api/letta-servers': async () => ({
    body: { name: fresh('server'), dialect: 'rest', url: 'http://127.0.0.1:9' },
  }),
  'POST /api/letta-servers/doctor': just({ dialect: 'rest', url: 'http://127.0.0.1:9' }),
  'PATCH /api/letta-servers/[server]': on('server', makeServer, { url: 'http://127.0.0.1:10' }),
  'DELETE /api/letta-servers/[server]': on('server', makeServer),
  'POST /api/letta-servers/[server]/doctor': on('server', makeServer),
  'PUT /api/settings': just({ maxTurns: 20 }),
  'PATCH /api/settings': just({ maxTurns: 30 }),
  'PATCH /api/me': async () => ({ body: { name: fresh('Ada') } }),
  'PUT /api/me/password': just({ password: 'long enough for this' }),
  'POST /api/me/passkeys': just({
    response: {
      ...{ id: 'a', rawId: 'a', type: 'public-key', clientExtensionResults: {} },
      response: { clientDataJSON: 'a', attestationObject: 'a' },
    },
  }),
  'POST /api/me/passkeys/options': just(),
  'DELETE /api/me/passkeys/[passkeyId]': just(),
  'DELETE /api/me/sessions': just(),
  'DELETE /api/me/sessions/[sessionId]': just(),
  'POST /api/sign-out': just(),
  'PATCH /api/people/[personId]': on('personId', makePerson, { role: 'reviewer' }),
  'DELETE /api/people/[personId]': on('personId', makePerson),
  'DELETE /api/people/[personId]/sessions': on('personId', makePerson),
  'POST /api/invitations': async () => ({ body: { name: fresh('guest'), role: 'viewer' } }),
  'DELETE /api/invitations/[invitationId]': on('invitationId', async () =>
    idOf(await api.by.admin.ask('POST', '/api/invitations', { role: 'viewer' })),
  ),
  'POST /api/keys': just({ name: 'another', role: 'viewer' }),
  'DELETE /api/keys/[keyId]': on('keyId', async () =>
    idOf(await api.by.admin.ask('POST', '/api/keys', { name: 'gone' })),
  ),
};

/** How many things a person or key has done so far, as the ledger has it. */
async function deeds(): Promise<number> {
  const { rows } = await api.t.database.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM entry WHERE actor_kind IN ('person', 'key')`,
  );
  return rows[0]?.n ?? 0;
}

test('[AP1] there is a sample of every write that takes an Idempotency-Key', () => {
  expect(Object.keys(samples).sort()).toEqual(repeatable.map(({ name }) => name).sort());
});

// Signing out ends the credential that a repeat would need; it comes last.
const inOrder = repeatable.toSorted(
  (one, other) => Number(one.path === '/api/sign-out') - Number(other.path === '/api/sign-out'),
);

test.each(inOrder.map((operation): [string, Operation] => [operation.name, operation]))(
  '[AP1] %s does it once under one key, answers a repeat as before, and refuses another request',
  async (name, { method, path, sessionOnly }) => {
    const visitor = sessionOnly ? api.ada : api.by.admin;
    const { values = {}, body } = (await samples[name]?.()) ?? {};
    const address = fillPath(path, values);
    const key = { 'idempotency-key': randomUUID() };
    const first = await visitor.ask(method, address, body, key);
    expect(first.status, JSON.stringify(first.body)).toBeLessThan(500);
    const before = await deeds();
    if (path === '/api/sign-out') {
      expect((await visitor.ask(method, address, body, key)).status).toBe(401);
      return;
    }
    const repeat = await visitor.ask(method, address, body, key);
    expect([repeat.status, repeat.body]).toEqual([first.status, first.body]);
    expect(await deeds()).toBe(before);
    const mismatch = { status: 409, body: { error: { code: 'idempotency.mismatch' } } };
    expect(await visitor.ask(method, `${address}?other=1`, body, key)).toMatchObject(mismatch);
    expect(await visitor.ask(method, address, { other: true }, key)).toMatchObject(mismatch);
    expect(await deeds()).toBe(before);
  },
);

test('[AP2] of ten at once under one key one is carried out, and all get its answer', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const body = { name: fresh('agent'), server: 'sandbox' };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => api.by.operator.ask('POST', '/api/agents', body, key)),
  );
  expect(new Set(answers.map(idOf)).size).toBe(1);
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
  const listed = await api.by.viewer.ask('GET', '/api/agents?limit=500');
  const named = (listed.body['items'] as { name: string }[]).filter((agent) => agent.name === body.name);
  expect(named).toHaveLength(1);
});

test('[AP2] keys of different actors do not meet', async () => {
  const key = { 'idempotency-key': randomUUID() };
  const body = { seats: [{ agentId: await makeAgent() }, { agentId: await makeAgent() }] };
  const first = await api.by.admin.ask('POST', '/api/conversations', body, key);
  expect(first.status).toBe(201);
  const { body: signedIn } = await api.by.admin.ask('POST', '/api/invitations', {
    name: fresh('op'),
    role: 'operator',
  });
  const other = browser(api.url);
  const token = new URL(String(signedIn['link'])).searchParams.get('invitation');
  await other.ask('POST', '/api/sign-in/invitation', { token });
  expect(await other.ask('POST', '/api/conversations', body, key)).toMatchObject({
    status: 409,
    body: { error: { code: 'agent.seated' } },
  });
});
