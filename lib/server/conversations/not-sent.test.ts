import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Conversation, Speak } from '@/lib/protocol/conversation';
import { SeatId, ServerName } from '@/lib/protocol/ids';
import { createLog } from '@/lib/server/log';
import { openRefusingWay, type RefusingWay } from '@/lib/testing/refusing-way';
import { askTool, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { type RunningSandbox, startSandbox } from '../letta/sandbox/start-sandbox';
import { settleConveyance } from './settle-conveyance';
import { speak } from './speak';

let t: TestRuntime;
/** Servers of their own, each behind a way on which sends can be refused. */
const sandboxes: RunningSandbox[] = [];
let way: RefusingWay;
const server = ServerName.parse('guarded');
const a = SeatId.parse('a');
const { agent, heard, listed, listener, only, open, rest, say, state, stopAll } = sandboxTalk(() => t, server);

/** Connects to a Letta of its own by that name, over a way of its own. */
const connect = async (name: ServerName): Promise<RefusingWay> => {
  const log = createLog({ logLevel: 'silent' });
  const options = {
    pool: t.database.pool,
    workspaceId: randomUUID(),
    host: '127.0.0.1',
    log,
    paceMs: 'instant',
  } as const;
  const sandbox = await startSandbox(options);
  sandboxes.push(sandbox);
  const there = await openRefusingWay(sandbox.url);
  await t.rt.letta.add(t.ana.actor, { name, dialect: 'rest', url: there.url });
  return there;
};

beforeAll(async () => {
  t = await createTestRuntime({ PARLEY_SANDBOX: 'off' });
  way = await connect(server);
}, 60_000);
afterAll(async () => {
  await t.close();
  await way.stop();
  for (const sandbox of sandboxes) await sandbox.stop();
}, 60_000);
afterEach(async () => {
  way.refuse(null);
  await stopAll();
});

const within = { timeout: 15_000, interval: 30 };
const refusals = {
  validation: { status: 422, body: '{"detail":"no such thing"}' },
  'too many': { status: 429, body: '{"detail":"slow down"}' },
  'a wrong key': { status: 401, body: '{"detail":"Unauthorized"}' },
};
const doubtful = {
  'its own error': { status: 500, body: '{"detail":"boom"}' },
  'the gateway': { status: 502, body: 'Bad Gateway' },
  'a cut': 'reset' as const,
};
const pair = async (more: object = {}, on = server) => {
  const bobs = [{ say: 'I heard you', stallMs: 600 }];
  const [alice, bob] = [await agent('Alice', { server: on }), await listener('Bob', bobs, { server: on })];
  return { alice, bob, talk: await open([alice, bob], more) };
};
const lastEnd = async (talk: Conversation) => (await only(talk, 'turn.ended')).at(-1);
const failures = async (talk: Conversation) =>
  (await only(talk, 'message.delivery_failed')).map(({ outcome }) => outcome);

test.each(Object.entries(refusals))(
  '[CV60] words of a person refused for %s were not sent, and say why at once',
  async (_, refusal) => {
    const { talk, alice } = await pair();
    way.refuse(refusal);
    await say(talk, a, [{ say: 'never' }]);
    await rest(talk);
    const { detail } = JSON.parse(refusal.body);
    expect(await lastEnd(talk)).toMatchObject({ stopReason: 'not_sent', error: expect.stringContaining(detail) });
    way.refuse(null);
    await say(talk, a, [{ say: 'now' }]);
    await rest(talk);
    expect((await listed(alice)).filter(({ messageType }) => messageType === 'user_message')).toHaveLength(1);
  },
);

test.each(Object.entries(doubtful))('[CV60] words of a person lost to %s are in doubt', async (_, refusal) => {
  const { talk } = await pair();
  way.refuse(refusal);
  await say(talk, a, [{ say: 'who knows' }]);
  await rest(talk);
  expect(await lastEnd(talk)).toMatchObject({ stopReason: 'lost' });
});

test('[CV60] what a person says at the next step, refused, was not sent', async () => {
  const { talk } = await pair();
  way.refuse(refusals.validation);
  await speak(t.rt, t.ana, talk.id, Speak.parse({ to: a, content: 'steer', deliver: 'next_step' }));
  await rest(talk);
  expect(await lastEnd(talk)).toMatchObject({ stopReason: 'not_sent' });
});

test.each(['tool', 'relay'])(
  '[CV60] a message that %s carries and that is refused has failed for certain; a retry delivers it once',
  async (conveyance) => {
    const { talk, bob } = await pair({ conveyance, maxTurns: 2 });
    way.refuse(refusals['too many'], bob);
    const call = { call: { tool: tellTool, arguments: { message: 'hello Bob', other_agent_id: bob } } };
    await say(talk, a, conveyance === 'tool' ? [call, { say: 'told' }] : [{ say: 'hello Bob' }]);
    await expect.poll(() => failures(talk), within).toEqual(['failed']);
    expect(await heard(bob, 'hello Bob')).toEqual([]);
    way.refuse(null);
    const [sent] = await only(talk, 'message.sent');
    if (!sent) throw new Error('nothing was sent');
    await settleConveyance(t.rt, t.ana, talk.id, sent.conveyanceId, 'retry');
    await expect.poll(async () => (await heard(bob, 'hello Bob')).length, within).toBe(1);
  },
);

test('[CV25] answers that are refused go out again, with what a person said at this step, and nothing is doubled', async () => {
  const { talk, alice, bob } = await pair();
  const call = { call: { tool: askTool, arguments: { message: 'well?', other_agent_id: bob } } };
  await say(talk, a, [call, { say: 'unsteered' }]);
  await expect.poll(async () => (await only(talk, 'message.sent')).length, within).toBe(1);
  const before = way.refused();
  way.refuse(refusals['too many'], alice);
  await speak(
    t.rt,
    t.ana,
    talk.id,
    Speak.parse({ to: a, content: '{"script": [{"say": "steered"}]}', deliver: 'next_step' }),
  );
  await expect.poll(() => way.refused(), within).toBeGreaterThan(before);
  way.refuse(null);
  await expect.poll(() => state(talk), { timeout: 30_000, interval: 50 }).toBe('idle');
  const listing = await listed(alice);
  const said = listing.flatMap(({ messageType, content }) => (messageType === 'assistant_message' ? [content] : []));
  expect(said).toEqual(['steered']);
  expect(await heard(bob, 'well?')).toHaveLength(1);
  expect(await only(talk, 'message.answered')).toHaveLength(1);
}, 60_000);

test('[CV60] a server where nobody listens took nothing: the words were not sent, and the reason is said', async () => {
  const gone = ServerName.parse('gone');
  const wayThere = await connect(gone);
  const { talk } = await pair({}, gone);
  await wayThere.stop();
  await say(talk, a, [{ say: 'never' }]);
  await expect.poll(() => state(talk), within).toBe('idle');
  expect(await lastEnd(talk)).toMatchObject({ stopReason: 'not_sent', error: expect.stringContaining('ECONNREFUSED') });
});
