import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Draft } from '@/lib/protocol/draft';
import { PersonId, SeatId } from '@/lib/protocol/ids';
import { automation, ChangePerson } from '@/lib/protocol/person';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import type { Caller } from '../access/caller';
import { changePerson } from '../people/change-person';
import { commitDraft } from './commit-draft';

let t: TestRuntime;
let ben: Caller;
let robot: Caller;
const a = SeatId.parse('a');
const talks = sandboxTalk(() => t);
const desk = reviewDesk(() => t);
const within = { timeout: 15_000, interval: 20 };

beforeAll(async () => {
  t = await createTestRuntime();
  ben = desk.ben();
  robot = { ...t.ana, actor: { kind: 'person', ...automation }, credential: { kind: 'admin-key', id: 'admin-key' } };
  await desk.seatPeople();
});
afterAll(() => t.close());
afterEach(() => talks.stopAll());

/** A message of Alice that waits, and whoever it is for. */
async function oneDraft(edge: object = {}) {
  const [alice, bob] = [await talks.agent('Alice'), await talks.listener('Bob', [{ say: 'I heard you' }])];
  const talk = await talks.open([alice, bob], { edges: [inReview(edge)] });
  const call = { tool: tellTool, arguments: { message: 'Hello Bob', other_agent_id: bob } };
  await talks.say(talk, a, [{ call }, { say: 'going on' }]);
  await talks.rest(talk);
  // What the engine lists of the turn is taken over a little later, and would stand behind a table that is locked.
  const isTakenOver = async () =>
    (await talks.only(talk, 'message.seen')).some((seen) => seen.messageType === 'user_message');
  await expect.poll(isTakenOver, within).toBe(true);
  return { alice, bob, talk, draft: first(await desk.parked(talk)) };
}

/** Keeps everybody who reads `table` waiting until it resolves; so does `work` with those who are meant to wait there. */
async function whileLocked(
  table: string,
  mode: string,
  work: (stuck: (count: number) => Promise<void>) => Promise<void>,
) {
  const client = await t.database.pool.connect();
  const stuck = (count: number) =>
    expect
      .poll(async () => {
        const { rows } = await client.query<{ count: number }>(
          'SELECT count(*)::int AS count FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
        );
        return rows[0]?.count;
      }, within)
      .toBeGreaterThanOrEqual(count);
  try {
    await client.query('BEGIN');
    await client.query(`LOCK TABLE ${table} IN ${mode} MODE`);
    await work(stuck);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}
const readers = 'ACCESS EXCLUSIVE';
/** The head of the ledger can be read, and nothing be appended. */
const writers = 'EXCLUSIVE';

const settled = async <T>(work: Promise<T>): Promise<T | { code: unknown }> =>
  work.catch((error: unknown) => ({ code: error instanceof Error && 'code' in error ? error.code : error }));

const settledOnce = async ({ talk, draft }: Awaited<ReturnType<typeof oneDraft>>, times: number): Promise<Draft> => {
  await talks.rest(talk);
  expect(await talks.only(talk, 'draft.settled')).toHaveLength(times);
  return desk.now(draft);
};

describe('two who decide at once', () => {
  test('[DR7] a verdict that was read for before another one was given comes too late, also within its undo window', async () => {
    const made = await oneDraft({ undoSeconds: 60 });
    let late: Promise<unknown> = Promise.resolve();
    // Ben has seen the draft waiting, and is kept from reading on while somebody else decides.
    await whileLocked('person', readers, async (stuck) => {
      late = settled(desk.decide(made.draft, 'reject', {}, ben));
      await stuck(1);
      await desk.decide(made.draft, 'approve', {}, robot);
    });
    expect(await late).toEqual({ code: 'draft.already_decided' });
    expect(await settledOnce(made, 1)).toMatchObject({ status: 'approved', verdictsGiven: [{ name: 'automation' }] });
  });

  test('[DR7] a verdict is not given twice by a double click, and both clicks are answered', async () => {
    const made = await oneDraft();
    const clicks = await Promise.all([1, 2, 3].map(() => settled(desk.decide(made.draft, 'approve', {}, ben))));
    expect(clicks.filter((each) => 'status' in each && each.status === 'approved')).toHaveLength(1);
    expect(clicks.filter((each) => 'code' in each && each.code === 'draft.already_decided')).toHaveLength(2);
    expect(await settledOnce(made, 1)).toMatchObject({ status: 'approved' });
    expect(await talks.heard(made.bob, 'Hello Bob')).toHaveLength(1);
  });

  test('[DR9] of two who complete a two-person approval at once one does, beside the first', async () => {
    const made = await oneDraft({ reviewers: 2 });
    const given = await Promise.all([
      settled(desk.decide(made.draft, 'approve', {}, ben)),
      settled(desk.decide(made.draft, 'approve', {}, robot)),
      settled(desk.decide(made.draft, 'approve')),
    ]);
    expect(given.filter((each) => 'code' in each)).toEqual([{ code: 'draft.already_decided' }]);
    const { verdictsGiven, status } = await settledOnce(made, 1);
    expect(status).toBe('approved');
    expect(new Set(verdictsGiven.map(({ personId }) => personId)).size).toBe(2);
    expect(await talks.heard(made.bob, 'Hello Bob')).toHaveLength(1);
  });

  test('[DR9] an edit by one of two reviewers decides', async () => {
    const made = await oneDraft({ reviewers: 2 });
    await desk.decide(made.draft, 'approve', {}, ben);
    expect(await desk.decide(made.draft, 'edit', { content: 'Hello dear Bob' })).toMatchObject({ status: 'edited' });
    await desk.delivered(made.draft);
    expect(await talks.heard(made.bob, 'Hello dear Bob')).toHaveLength(1);
    expect(await talks.heard(made.bob, 'Hello Bob')).toEqual([]);
  });
});

describe('a verdict and the deadline', () => {
  test('[DR11] a verdict that is in line before the deadline counts, and nothing expires', async () => {
    const made = await oneDraft({ expirySeconds: 2 });
    let given: Promise<unknown> = Promise.resolve();
    await whileLocked('ledger_head', writers, async (stuck) => {
      given = settled(desk.decide(made.draft, 'approve', {}, ben));
      await stuck(1);
      await expect.poll(() => Date.now() - Date.parse(made.draft.expiresAt ?? ''), within).toBeGreaterThan(1_500);
    });
    expect(await given).toMatchObject({ status: 'approved' });
    expect(await settledOnce(made, 1)).toMatchObject({ status: 'approved' });
    expect(await desk.inbox('draft.expired', made.draft)).toEqual([]);
  });

  test('[DR11] a verdict that is in line behind the deadline is refused', async () => {
    const made = await oneDraft({ expirySeconds: 2 });
    let given: Promise<unknown> = Promise.resolve();
    await whileLocked('ledger_head', writers, async (stuck) => {
      // Something that waits for the head: the deadline has come.
      await expect.poll(() => Date.now() - Date.parse(made.draft.expiresAt ?? ''), within).toBeGreaterThan(1_500);
      await stuck(1);
      given = settled(desk.decide(made.draft, 'approve', {}, ben));
      await expect.poll(async () => (await desk.now(made.draft)).status, within).toBe('pending');
    });
    expect(await given).toEqual({ code: 'draft.expired' });
    expect(await settledOnce(made, 1)).toMatchObject({ status: 'expired', verdictsGiven: [] });
    expect(await talks.heard(made.bob, 'Hello Bob')).toEqual([]);
  });
});

test('[DR13] a role that is taken away between reading and deciding counts', async () => {
  const made = await oneDraft();
  let given: Promise<unknown> = Promise.resolve();
  await whileLocked('conversation', readers, async (stuck) => {
    given = settled(desk.decide(made.draft, 'approve', {}, ben));
    await stuck(1);
    await changePerson(t.rt, t.ana, PersonId.parse('ben'), ChangePerson.parse({ role: 'viewer' }));
  });
  expect(await given).toEqual({ code: 'auth.forbidden' });
  expect((await desk.now(made.draft)).status).toBe('pending');
  await changePerson(t.rt, t.ana, PersonId.parse('ben'), ChangePerson.parse({ role: 'reviewer' }));
  expect(await desk.decide(made.draft, 'approve', {}, ben)).toMatchObject({ status: 'approved' });
});

test('[DR26] a verdict about a message whose call was cancelled in Letta has one outcome, and its conversation goes on', async () => {
  const made = await oneDraft();
  const thread = { agentId: made.alice, threadId: null };
  const pending = await talks.gateway().findPendingApproval(thread);
  await talks.gateway().interrupt(thread, pending?.runId ?? undefined);
  expect(await talks.gateway().findPendingApproval(thread)).toBeNull();
  const given = await settled(desk.decide(made.draft, 'approve', {}, ben));
  const { status, dispatch } = await settledOnce(made, 1);
  expect(['approved', 'withdrawn']).toContain(status);
  const heard = await talks.heard(made.bob, 'Hello Bob');
  expect(heard).toHaveLength(status === 'approved' ? 1 : 0);
  if (status === 'withdrawn') expect(given).toMatchObject({ code: 'draft.already_decided' });
  else expect(dispatch?.state).toBe('delivered');
  await talks.say(made.talk, a, [{ say: 'I am still here' }]);
  await talks.rest(made.talk);
  expect((await talks.listed(made.alice)).at(-1)).toMatchObject({ content: 'I am still here' });
});

test('[DR10] of an undo and the end of its time one counts, whichever came first', async () => {
  const made = await oneDraft({ undoSeconds: 1 });
  const decided = await desk.decide(made.draft, 'approve');
  const until = Date.parse(decided.dispatch?.undoUntil ?? '');
  await expect.poll(() => Date.now() - until, { timeout: 5_000, interval: 1 }).toBeGreaterThanOrEqual(-2);
  const undone = await settled(desk.undo(made.draft, ben));
  if ('status' in undone) {
    expect(undone).toMatchObject({ status: 'pending', dispatch: null });
    expect(await talks.heard(made.bob, 'Hello Bob')).toEqual([]);
    return;
  }
  expect(undone).toEqual({ code: 'draft.already_dispatched' });
  await desk.delivered(made.draft);
  expect(await talks.heard(made.bob, 'Hello Bob')).toHaveLength(1);
});

test('[DR15] what has not failed cannot be sent again', async () => {
  const made = await oneDraft();
  const retry = () =>
    settled(
      commitDraft(t.rt, { workspaceId: t.rt.workspaceId, draftId: made.draft.id, event: { kind: 'retry' }, by: ben }),
    );
  expect(await retry()).toEqual({ code: 'draft.not_failed' });
  await desk.decide(made.draft, 'approve');
  await desk.delivered(made.draft);
  expect(await retry()).toEqual({ code: 'draft.not_failed' });
  expect(await talks.heard(made.bob, 'Hello Bob')).toHaveLength(1);
});
