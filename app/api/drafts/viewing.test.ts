import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { Draft } from '@/lib/protocol/draft';
import { SeatId } from '@/lib/protocol/ids';
import { ViewedDrafts } from '@/lib/protocol/socket';
import { createHub } from '@/lib/server/create-hub';
import { createDraftViewers } from '@/lib/server/live/draft-viewers';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { type ServedSockets, serveSockets } from '@/lib/testing/serve-sockets';
import { type ServedApi, serveApi } from '@/lib/testing/served-api';

let api: ServedApi;
let sockets: ServedSockets;
let draft: Draft;
const talks = sandboxTalk(() => api.t);
const desk = reviewDesk(() => api.t);

beforeAll(async () => {
  api = await serveApi();
  sockets = await serveSockets(api.t.rt);
});
beforeEach(async () => {
  const [alice, bob] = [await talks.agent('Alice'), await talks.listener('Bob', [{ say: 'I heard you' }])];
  const talk = await talks.open([alice, bob], { edges: [inReview()] });
  const call = { tool: tellTool, arguments: { message: 'Look at me', other_agent_id: bob } };
  await talks.say(talk, SeatId.parse('a'), [{ call }, { say: 'ok' }]);
  draft = first(await desk.parked(talk));
});
afterEach(async () => {
  sockets.disconnectAll();
  await talks.stopAll();
});
afterAll(async () => {
  await sockets.close();
  await api.close();
});

/** The first person's browser; all keys act as one and the same other person. */
const adas = () => ({ cookie: [...api.ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ') });

/** A page of whoever comes in so. */
async function page(by: Parameters<ServedSockets['connected']>[1]) {
  const socket = await sockets.connected('/', by);
  const told: ViewedDrafts['viewed'] = [];
  socket.on('delta', (delta: unknown) => {
    const viewed = ViewedDrafts.safeParse(delta);
    if (viewed.success) told.push(...viewed.data.viewed);
  });
  return {
    socket,
    names: () => told.findLast(({ draftId }) => draftId === draft.id)?.viewers.map(({ name }) => name),
    watch: (): Promise<unknown> => socket.emitWithAck('watch', { stream: 'inbox' }),
    view: (...draftIds: unknown[]): Promise<unknown> => socket.emitWithAck('viewing', { draftIds }),
  };
}

const readers = async () => {
  const one = Draft.parse((await api.by.viewer.ask('GET', `/api/drafts/${draft.id}`)).body);
  const { items } = z
    .object({ items: z.array(Draft) })
    .parse((await api.by.viewer.ask('GET', '/api/drafts?status=pending')).body);
  expect(items.find(({ id }) => id === draft.id)?.viewers).toEqual(one.viewers);
  return one.viewers.map(({ name }) => name);
};

test('[DR30] who looks at a draft is read with it and told live, until their connection ends', async () => {
  const [mira, jo] = [await page({ token: api.keys.reviewer }), await page(adas())];
  expect(await mira.watch()).toMatchObject({ ok: true });
  const before = await countEntries();
  expect(await mira.view(draft.id)).toEqual({ ok: true });
  expect(await readers()).toHaveLength(1);
  await expect.poll(mira.names).toHaveLength(1);
  expect(await jo.view(draft.id)).toEqual({ ok: true });
  await expect.poll(mira.names).toEqual(['Ada', 'automation']);
  expect(await readers()).toEqual(mira.names());
  jo.socket.disconnect();
  await expect.poll(mira.names).toHaveLength(1);
  expect(await readers()).toHaveLength(1);
  await mira.view();
  expect(await readers()).toEqual([]);
  expect(await countEntries()).toEqual(before); // never an entry
});

test('[DR30] what is no list of drafts is refused, and an agent’s key looks at none', async () => {
  const mira = await page({ token: api.keys.viewer });
  for (const wrong of [undefined, {}, { draftIds: 'all' }, { draftIds: ['no id'] }]) {
    expect(await mira.socket.emitWithAck('viewing', wrong)).toMatchObject({ error: { code: 'request.invalid' } });
  }
  const many = Array.from({ length: 51 }, () => randomUUID());
  expect(await mira.view(...many)).toMatchObject({ ok: false, error: { code: 'request.invalid' } });
  const agent = await page({ token: api.keys.agent });
  expect(await agent.view(draft.id)).toMatchObject({ ok: false, error: { code: 'auth.forbidden' } });
  expect(await readers()).toEqual([]);
});

test('[DR30] who looks through another instance is known, too, and those here are known there', async () => {
  const { log, clock, ledger, database } = api.t.rt;
  const { pool, connectionString } = database;
  const hub = createHub({ pool, connectionString, ledger, instanceId: 'another', hasPeers: () => true, log });
  const there = createDraftViewers(hub, clock);
  const onlooker = there.enter({ kind: 'person', id: 'far', name: 'Far Away' });
  try {
    const mira = await page({ token: api.keys.reviewer });
    await mira.watch();
    onlooker.look([draft.id]);
    await expect.poll(mira.names).toEqual(['Far Away']);
    expect(await readers()).toEqual(['Far Away']);
    await mira.view(draft.id);
    await expect.poll(() => there.of(draft.id).length, { timeout: 10_000 }).toBe(2);
    onlooker.leave();
    await expect.poll(readers).toHaveLength(1);
  } finally {
    there.stop();
    await hub.close();
  }
});

/** Of people: agents and the ledger itself may go on with theirs. */
const countEntries = async (): Promise<unknown> =>
  (await api.t.database.pool.query("SELECT count(*)::int AS count FROM entry WHERE actor_kind = 'person'")).rows[0];
