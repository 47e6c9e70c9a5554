import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { knownEntry } from '@/lib/protocol/entry';
import { SeatId, ServerName } from '@/lib/protocol/ids';
import { systemStream } from '@/lib/protocol/stream';
import { listAgents } from '@/lib/server/agents/list-agents';
import { readStream } from '@/lib/server/ledger/read-entries';
import { sandboxTalk } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { type BreakableProxy, openBreakableProxy } from './breakable-proxy';
import { insertServer } from './letta-server-rows';
import { type RunningSandbox, startSandbox } from './sandbox/start-sandbox';
import { readTailPlace, writeTailPlace } from './tail-place';

let t: TestRuntime;
const north = ServerName.parse('north');
const south = ServerName.parse('south');
const ways = new Map<ServerName, { sandbox: RunningSandbox; way: BreakableProxy }>();
const a = SeatId.parse('a');
const { agent, listener, only, open, rest, say, state } = sandboxTalk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
  for (const name of [north, south]) {
    const { pool } = t.database;
    const options = { host: '127.0.0.1', log: t.rt.log, paceMs: 'instant' } as const;
    const sandbox = await startSandbox({ ...options, pool, workspaceId: randomUUID() });
    const way = await openBreakableProxy(sandbox.url);
    ways.set(name, { sandbox, way });
    await t.rt.letta.add(t.ana.actor, { name, dialect: 'rest', url: way.url });
  }
}, 60_000);
afterAll(async () => {
  await t.close();
  for (const { sandbox, way } of ways.values()) {
    await way.stop();
    await sandbox.stop();
  }
}, 60_000);

const within = { timeout: 20_000, interval: 50 };
const status = (name: ServerName) => t.rt.letta.require(name).status;
const wayTo = (name: ServerName): BreakableProxy => {
  const known = ways.get(name);
  if (!known) throw new Error(`nobody leads to ${name}`);
  return known.way;
};
const pairOn = async (server: ServerName) =>
  open([await agent(`Alice of the ${server}`, { server }), await listener('Bob', [{ say: 'yes' }], { server })]);
/** What the ledger tells of a server, in order. */
const told = async (name: ServerName) => {
  const stored = await readStream(t.database.pool, t.rt.workspaceId, systemStream, { after: 0, limit: 5_000 });
  return stored
    .flatMap((entry) => knownEntry(entry) ?? [])
    .flatMap((entry) =>
      (entry.type === 'letta.lost' || entry.type === 'letta.connected') && entry.payload.server === name
        ? [entry.type]
        : [],
    );
};

test('[LS5] agents of a server that is named twice are listed once, under its first name', async () => {
  const again = ServerName.parse('zweimal');
  const url = wayTo(north).url.replace('127.0.0.1', 'localhost');
  await t.rt.letta.add(t.ana.actor, { name: again, dialect: 'rest', url });
  await expect.poll(() => status(again).state, within).toBe('connected');
  const alice = await agent('Alice of both', { server: north });
  const listed = (await listAgents(t.rt, t.ana)).filter(({ id }) => id === alice);
  await t.rt.letta.remove(t.ana.actor, again);
  expect(listed.map(({ server }) => server)).toEqual([north]);
});

test('[LS1] a server that is lost says why, and what runs on the others goes on', async () => {
  const [there, here] = [await pairOn(north), await pairOn(south)];
  wayTo(north).refuse();
  await say(there, a, [{ say: 'after all' }]);
  await expect.poll(() => status(north).state, within).toBe('lost');
  expect(status(north).reason).toMatch(/cannot be reached/);
  for (let at = 0; at < 3; at += 1) {
    await say(here, a, [{ say: `undisturbed ${at}` }]);
    await rest(here);
  }
  expect((await only(here, 'turn.ended')).map(({ stopReason }) => stopReason)).toEqual(Array(3).fill('end_turn'));
  expect(t.rt.letta.list().map(({ name, state: now }) => [name, now])).toEqual(
    expect.arrayContaining([
      ['north', 'lost'],
      ['south', 'connected'],
      ['sandbox', 'connected'],
    ]),
  );
  wayTo(north).heal();
  await expect.poll(() => status(north).state, within).toBe('connected');
  await expect.poll(() => state(there), within).toBe('idle');
  const heard = (await only(there, 'message.seen')).filter(({ messageType }) => messageType === 'user_message');
  const ended = (await only(there, 'turn.ended')).map(({ stopReason }) => stopReason);
  // Nobody can say whether it had left: it was looked up, and is not sent again by itself.
  expect([heard.length, ...ended]).toEqual([0, 'lost']);
  expect(await told(north)).toEqual(['letta.connected', 'letta.lost', 'letta.connected']);
  expect(await told(south)).toEqual(['letta.connected']);
}, 60_000);

test('[CV65] what is said while a server is known to be away waits, and goes out in order when it is back', async () => {
  const there = await pairOn(north);
  wayTo(north).refuse();
  await expect.poll(() => status(north).state, within).toBe('lost');
  for (const word of ['one', 'two']) await say(there, a, [{ say: word }]);
  const here = await pairOn(south);
  await say(here, a, [{ say: 'meanwhile' }]);
  await rest(here);
  expect(await only(there, 'turn.started')).toEqual([]);
  wayTo(north).heal();
  await expect.poll(() => status(north).state, within).toBe('connected');
  await expect.poll(() => only(there, 'turn.ended').then((ended) => ended.length), within).toBe(2);
  const said = (await only(there, 'message.seen')).filter(({ messageType }) => messageType === 'assistant_message');
  expect(said.map(({ content }) => content)).toEqual(['one', 'two']);
}, 60_000);

test('[LS1] however many turns of a lost server wait for it, agents of another one go on, and all are looked up', async () => {
  const many = 50; // more than jobs run at once
  const talks = await Promise.all(
    Array.from({ length: many }, async (_, at) => {
      const seats = await Promise.all(['Ann', 'Bob'].map((name) => agent(`${name} ${at}`, { server: north })));
      return open(seats, { conveyance: 'relay', maxTurns: 1 });
    }),
  );
  const here = await open([await agent('Cleo', { server: south }), await agent('Dan', { server: south })]);
  for (const talk of talks) await say(talk, a, [{ say: 'cut off', stallMs: 600_000 }]);
  const working = async () =>
    Promise.all(talks.map((talk) => only(talk, 'turn.started'))).then((all) => all.filter(({ length }) => length > 0));
  await expect.poll(async () => (await working()).length, within).toBeGreaterThanOrEqual(48);
  wayTo(north).refuse();
  await expect.poll(() => status(north).state, within).toBe('lost');
  const begun = (await working()).length; // the others go out when it is back, and run on
  await say(here, a, [{ say: 'undisturbed' }]);
  await expect.poll(() => state(here), within).toBe('idle');
  wayTo(north).heal();
  await expect.poll(() => status(north).state, within).toBe('connected');
  const ended = async () =>
    Promise.all(talks.map((talk) => only(talk, 'turn.ended'))).then((all) => all.filter(({ length }) => length > 0));
  await expect.poll(async () => (await ended()).length, { timeout: 60_000, interval: 500 }).toBe(begun);
}, 150_000);

test('[LS2] a server that is away is asked again, ever more seldom', async () => {
  const asked: number[] = [];
  const gone = createServer((socket) => {
    asked.push(performance.now());
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const address = gone.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const name = ServerName.parse('nowhere');
  await t.rt.letta.add(t.ana.actor, { name, dialect: 'rest', url });
  await expect.poll(() => asked.length, within).toBeGreaterThanOrEqual(7);
  await t.rt.letta.remove(t.ana.actor, name);
  gone.close();
  const rounds = asked.filter((_, index) => index % 2 === 0); // each question is repeated once
  const [first = 0, second = 0, third = 0] = rounds.slice(1).map((at, index) => at - (rounds[index] ?? 0));
  expect(second).toBeGreaterThan(first);
  expect(third).toBeGreaterThan(second * 1.3);
}, 40_000);

test('[LS3] a server that hangs does not hold up the stop of Parley', async () => {
  await expect.poll(() => status(south).state, within).toBe('connected');
  wayTo(south).freeze();
  await expect.poll(() => status(south).state, within).toBe('lost');
  const began = performance.now();
  let tookMs = Number.POSITIVE_INFINITY;
  await t.meanwhile(async () => {
    tookMs = performance.now() - began;
    wayTo(south).heal();
  });
  expect(tookMs).toBeLessThan(12_000);
  await expect.poll(() => status(south).state, within).toBe('connected');
}, 150_000);

test('[OB11] a server whose address is changed is another one: it is not read on from where the old one stood', async () => {
  const { rt } = t;
  const { pool } = rt.database;
  const place = (name: ServerName) => readTailPlace(pool, rt.workspaceId, name);
  const known = async (name: ServerName, origin: 'environment' | 'sandbox', url: string) =>
    insertServer(pool, rt.workspaceId, { name, url, origin, sealedToken: null });
  const [elsewhere, ours] = [ServerName.parse('elsewhere'), ServerName.parse('ours')];
  for (const [name, origin] of [[elsewhere, 'environment'] as const, [ours, 'sandbox'] as const]) {
    await known(name, origin, 'http://127.0.0.1:1');
    await writeTailPlace(pool, rt.workspaceId, name, 'read so far');
    await known(name, origin, 'http://127.0.0.1:1');
    expect(await place(name)).toBe('read so far');
    await known(name, origin, 'http://127.0.0.1:2');
  }
  expect(await place(elsewhere)).toBeNull();
  expect(await place(ours), 'the sandbox takes what port is free').toBe('read so far');
});
