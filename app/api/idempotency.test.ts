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

const makeTask = async () => idOf(await api.by.admin.ask('POST', '/api/tasks', { command: fresh('/sync') }));
const introduction = {
  type: 'INITIALIZATION',
  timestamp: '2025-07-15T19:30:00Z',
  agent_id: 'task-agent-001',
  command: '/sync',
};

type Sample = { values?: Record<string, string>; body?: object };
const on = (name: string, make: () => Promise<string>, body?: object) => async (): Promise<Sample> => ({
  values: { [name]: await make() },
  ...(body && { body }),
});
const makeHeldSeat = async () => {
  const conversationId = await makeConversation();
  const taken = await api.by.admin.ask('POST', `/api/conversations/${conversationId}/seats/b/takeover`, {});
  expect(taken.status).toBe(200);
  return conversationId;
};
const inSeat = (make: () => Promise<string>, body: object) => async (): Promise<Sample> => ({
  values: { conversationId: await make(), seat: 'b' },
  body,
});
const just = (body?: object) => async (): Promise<Sample> => ({ ...(body && { body }) });

/** A request that each write would carry out, or would refuse for a reason that lies in the world. */
const samples: Record<string, () => Promise<Sample>> = {
  'POST /api/agents': async () => ({ body: { name: fresh('agent'), server: 'sandbox' } }),
  'PATCH /api/agents/[agentId]': on('agentId', makeAgent, { tags: ['changed'] }),
  'DELETE /api/agents/[agentId]': on('agentId', makeAgent),
  'DELETE /api/agents/[agentId]/gates/[tool]': async () => ({ values: { agentId: await makeAgent(), tool: 'none' } }),
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
  'POST /api/conversations/[conversationId]/seats/[seat]/takeover': inSeat(makeConversation, {
    leaseSeconds: 60,
    reason: 'Let me show you.',
  }),
  'DELETE /api/conversations/[conversationId]/seats/[seat]/takeover': inSeat(makeHeldSeat, { summary: 'Go on.' }),
  'POST /api/conversations/[conversationId]/quarantine/[entryId]': on('conversationId', makeConversation, {
    action: 'drop',
  }),
  'PUT /api/conversations/[conversationId]/edges': on('conversationId', makeConversation, {
    ...{ from: 'a', to: 'b', mode: 'review' },
  }),
  'POST /api/drafts/[draftId]/verdict': on('draftId', async () => randomUUID(), {
    ...{ verdict: 'approve', contentHash: '0'.repeat(64) },
  }),
  'POST /api/drafts/[draftId]/undo': on('draftId', async () => randomUUID()),
  'POST /api/drafts/[draftId]/retry': on('draftId', async () => randomUUID()),
  'POST /api/drafts/verdicts': async () => ({
    body: { verdict: 'approve', items: [{ draftId: randomUUID(), contentHash: '0'.repeat(64) }] },
  }),
  'POST /api/rules': async () => ({ body: { effect: 'pass', text: fresh('word') } }),
  'DELETE /api/rules/[ruleId]': on('ruleId', async () =>
    idOf(await api.by.admin.ask('POST', '/api/rules', { effect: 'ask', text: fresh('word') })),
  ),
  // Its simulated agent has a key and does things of its own: it is left to rest first.
  'POST /api/sandbox/demo': async () => {
    expect((await api.by.admin.ask('POST', '/api/sandbox/demo')).status).toBe(201);
    const running = async () => (await api.by.admin.ask('GET', '/api/tasks?runner=simulated&state=RUNNING')).body;
    await expect.poll(running, { timeout: 10_000 }).toMatchObject({ items: [{}] });
    return {};
  },
  'PUT /api/sandbox/demo': just(),
  'DELETE /api/sandbox/demo': just(),
  'POST /api/tasks': async () => ({ body: { command: fresh('/sync') } }),
  'POST /api/tasks/[taskId]/reports': on('taskId', makeTask, introduction),
  'POST /api/tasks/[taskId]/instructions': on('taskId', makeTask, { content: 'Europe first, please.' }),
  'POST /api/tasks/[taskId]/control': on('taskId', makeTask, { action: 'TAKEOVER' }),
  'POST /api/tasks/[taskId]/heartbeat': on('taskId', makeTask),
  'POST /messages/task/[taskId]': on('taskId', makeTask, { from: 'Letta', content: 'Any news?' }),
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

/** How many entries were written by the transaction that kept the answer of this key. */
async function entriesWithAnswer(key: string): Promise<number> {
  const { rows } = await api.t.database.pool.query<{ n: number }>(
    `SELECT count(e.*)::int AS n FROM idempotency i LEFT JOIN entry e ON e.xmin = i.xmin WHERE i.key = $1`,
    [key],
  );
  return rows[0]?.n ?? 0;
}

test('[AP1] there is a sample of every write that takes an Idempotency-Key', () => {
  expect(Object.keys(samples).sort()).toEqual(repeatable.map(({ name }) => name).sort());
});

/**
 * Writes that keep their answer a moment after their entries, since an engine, a session or another command comes in
 * between. After a crash in that moment a repeat is carried out again, and finds what the first has left.
 */
const answeredAfter = new Set([
  'PATCH /api/agents/[agentId]',
  'DELETE /api/agents/[agentId]',
  'POST /api/conversations',
  'POST /api/conversations/[conversationId]/seats/[seat]/takeover',
  'DELETE /api/conversations/[conversationId]/seats/[seat]/takeover',
  'POST /api/letta-servers',
  'PATCH /api/letta-servers/[server]',
  'DELETE /api/letta-servers/[server]',
  'POST /api/sandbox/demo',
  'PUT /api/sandbox/demo',
  'DELETE /api/sandbox/demo',
  'POST /api/tasks/[taskId]/reports',
  'PUT /api/me/password',
  'POST /api/sign-out',
]);

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
    const atFirst = await deeds();
    const first = await visitor.ask(method, address, body, key);
    expect(first.status, JSON.stringify(first.body)).toBeLessThan(500);
    const before = await deeds();
    if (before > atFirst && !answeredAfter.has(name)) {
      expect(await entriesWithAnswer(key['idempotency-key']), 'entries kept together with their answer').not.toBe(0);
    }
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
