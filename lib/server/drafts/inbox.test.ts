import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DraftQuery } from '@/lib/protocol/draft';
import { SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxServer, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { listDrafts } from './read-drafts';

let t: TestRuntime;
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const talks = sandboxTalk(() => t);
const desk = reviewDesk(() => t);
const { agent, heard, listener, open, rest, say } = talks;

beforeAll(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
});
afterAll(() => t.close());
afterEach(() => talks.stopAll());

/** A message of Alice that waits for a person, on its way to Bob. */
const waiting = async (edge: object = {}, more: object = {}) => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'I heard you' }])];
  const talk = await open([alice, bob], { edges: [inReview(edge)], ...more });
  await say(talk, a, [
    { call: { tool: tellTool, arguments: { message: 'Hello Bob', other_agent_id: bob } } },
    { say: 'ok' },
  ]);
  return { alice, bob, talk, draft: first(await desk.parked(talk)) };
};

/** The ids of a list that is read one at a time. */
async function inPages(query: object): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await listDrafts(
      t.database.pool,
      t.rt.workspaceId,
      DraftQuery.parse({ limit: 1, ...query, ...(after === undefined ? {} : { after }) }),
    );
    ids.push(...page.items.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return ids;
}

test('[DR18] the oldest deadline comes first, what never expires last, whatever the size of pages', async () => {
  for (const edge of [{ mode: 'hold' }, { expirySeconds: 500 }, { expirySeconds: 300 }]) await waiting(edge);
  const page = (more: object) =>
    listDrafts(t.database.pool, t.rt.workspaceId, DraftQuery.parse({ status: 'pending', ...more }));
  const all = await page({});
  const deadlines = all.items.map(({ expiresAt }) =>
    expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
  );
  expect(deadlines).toHaveLength(3);
  expect(deadlines).toEqual([...deadlines].sort((one, other) => one - other));
  expect(deadlines.at(-1)).toBe(Number.POSITIVE_INFINITY);
  expect(await inPages({ status: 'pending' })).toEqual(all.items.map(({ id }) => id));
});

test('[DR18] what has ended follows what waits, the newest first, whatever the size of pages', async () => {
  const ended = [await waiting(), await waiting(), await waiting()].map(({ draft }) => draft);
  const open = (await waiting()).draft;
  for (const draft of ended) await desk.decide(draft, 'ignore');
  const newestFirst = ended.map(({ id }) => id).reverse();
  const listed = async (status: string) => (await desk.drafts({ status })).map(({ id }) => id);
  expect((await listed('ignored')).slice(0, 3)).toEqual(newestFirst);
  const everything = (await desk.drafts()).map(({ id }) => id);
  expect(everything.indexOf(open.id)).toBeLessThan(everything.indexOf(first(newestFirst)));
  expect(everything.slice(0, (await listed('pending')).length)).toEqual(await listed('pending'));
  expect(await inPages({})).toEqual(everything);
  expect(new Set(everything).size).toBe(everything.length);
});

test('[DR19] drafts and their deadlines outlive a restart', async () => {
  const { alice, bob, talk, draft } = await waiting({ undoSeconds: 2 });
  await rest(talk);
  await t.restart();
  expect((await desk.now(draft)).status).toBe('pending');
  await desk.decide(draft, 'edit', { content: 'Edited before the restart' });
  await t.restart();
  await desk.delivered(draft);
  await rest(talk);
  expect(await heard(bob, 'Edited before the restart')).toHaveLength(1);
  expect(await desk.reads(alice)).toHaveLength(1);
});

test('[ED6] a message that parks uses its turn of the conversation when it parks', async () => {
  const { talk, draft, bob } = await waiting({}, { maxTurns: 1 });
  expect((await talks.now(talk)).turns).toBe(1);
  await desk.decide(draft, 'approve');
  await rest(talk);
  expect(await heard(bob, 'Hello Bob')).toHaveLength(1);
  expect((await talks.now(talk)).turns).toBe(1);
});

test('[DR16] a limit that is reached withdraws what waits, whoever reaches it', async () => {
  const { alice, bob, talk, draft } = await waiting({ mode: 'hold' }, { maxTurns: 1 });
  await say(talk, b, [{ call: { tool: tellTool, arguments: { message: 'One more', other_agent_id: alice } } }]);
  await desk.becomes(draft, 'withdrawn');
  expect((await desk.now(draft)).withdrawnReason).toContain('1 turns');
  await expect(desk.decide(draft, 'approve')).rejects.toMatchObject({ code: 'draft.already_decided' });
  await expect.poll(() => desk.reads(alice), { timeout: 10_000 }).toEqual([expect.stringContaining('stopped')]);
  expect(await heard(bob, 'Hello Bob')).toEqual([]);
});

test('[DR16] so does the step that reaches it with what it has parked itself', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'I heard you' }])];
  const { url } = t.rt.letta.require(sandboxServer).status;
  const body = JSON.stringify({ model_settings: { provider_type: 'openai', parallel_tool_calls: true } });
  const headers = { 'Content-Type': 'application/json' };
  expect((await fetch(`${url}/v1/agents/${alice}`, { method: 'PATCH', headers, body })).status).toBe(200);
  const talk = await open([alice, bob], { edges: [inReview()], maxTurns: 1 });
  const call = (message: string) => ({ tool: tellTool, arguments: { message, other_agent_id: bob } });
  await say(talk, a, [{ calls: [call('First'), call('Second')] }, { say: 'ok' }]);
  await expect
    .poll(() => desk.reads(alice), { timeout: 10_000 })
    .toEqual([expect.stringContaining('was stopped'), expect.stringContaining('has used its 1 turns')]);
  expect(await desk.drafts({ conversationId: talk.id })).toMatchObject([{ content: 'First', status: 'withdrawn' }]);
  expect((await talks.listed(alice)).at(-1)).toMatchObject({ content: 'ok' });
});
