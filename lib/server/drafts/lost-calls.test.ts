import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Speak } from '@/lib/protocol/conversation';
import type { Draft } from '@/lib/protocol/draft';
import { type AgentId, SeatId } from '@/lib/protocol/ids';
import { first, inReview, reviewDesk } from '@/lib/testing/review-desk';
import { askTool, sandboxServer, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { interruptSeat } from '../conversations/interrupt-seat';
import { speak } from '../conversations/speak';

let t: TestRuntime;
const [a, b] = [SeatId.parse('a'), SeatId.parse('b')];
const talks = sandboxTalk(() => t);
const { agent, gateway, heard, listed, listener, open, rest, say, sayElsewhere } = talks;
const desk = reviewDesk(() => t);
const { decide, parked, parkedOf, now, becomes } = desk;
const within = { timeout: 10_000, interval: 30 };
const remember = 'core_memory_append';
const noted = (content: string) => ({ tool: remember, arguments: { label: 'notes', content } });

beforeAll(async () => {
  t = await createTestRuntime();
  await desk.seatPeople();
});
afterAll(() => t.close());
afterEach(() => talks.stopAll());

/** An agent whose memory tool somebody has gated in Letta, and that may call several tools in one step. */
async function guarded(name: string): Promise<AgentId> {
  const blocks = [{ label: 'notes', value: '' }];
  const agentId = await agent(name, { tools: [tellTool, askTool, remember], blocks });
  await gateway().setApproval(agentId, remember, true);
  const { url } = t.rt.letta.require(sandboxServer).status;
  const body = JSON.stringify({ model_settings: { provider_type: 'openai', parallel_tool_calls: true } });
  const headers = { 'Content-Type': 'application/json' };
  expect((await fetch(`${url}/v1/agents/${agentId}`, { method: 'PATCH', headers, body })).status).toBe(200);
  return agentId;
}
const notes = async (agentId: AgentId) =>
  (await gateway().findAgent(agentId))?.blocks.find((block) => block.label === 'notes')?.value;

/** Somebody gives up the call at which the agent stands, past Parley. */
async function cancelElsewhere(agentId: AgentId): Promise<void> {
  const thread = { agentId, threadId: null };
  const pending = await gateway().findPendingApproval(thread);
  await gateway().interrupt(thread, pending?.runId ?? undefined);
  expect(await gateway().findPendingApproval(thread)).toBeNull();
}

/** Somebody answers it, past Parley. */
async function answerElsewhere(agentId: AgentId, draft: Draft, kind: 'approve' | 'deny', reason = 'They said so.') {
  const answers = [{ kind, toolCallId: draft.toolCall?.toolCallId ?? '', reason }];
  const thread = { agentId, threadId: null };
  for await (const event of gateway().send(thread, { kind: 'answers', answers })) expect(event.kind).toBeTruthy();
}

/** Keeps what goes to the agent waiting, as a slow engine would, while `work` is done. */
async function whileBusy(agentId: AgentId, work: () => Promise<void>): Promise<void> {
  const queue = [`thread:${sandboxServer}/${agentId}/`];
  const lock = () =>
    t.database.pool.query(
      `INSERT INTO graphile_worker._private_job_queues AS q (queue_name, locked_at, locked_by) VALUES ($1, now(), 'a test')
       ON CONFLICT (queue_name) DO UPDATE SET locked_at = now(), locked_by = 'a test' WHERE q.locked_at IS NULL`,
      queue,
    );
  await expect.poll(async () => (await lock()).rowCount, within).toBe(1);
  try {
    await work();
  } finally {
    await t.database.pool.query(
      'UPDATE graphile_worker._private_job_queues SET locked_at = NULL, locked_by = NULL WHERE queue_name = $1',
      queue,
    );
  }
}

/** The verdict is given and on its way. */
async function onItsWay(draft: Draft): Promise<void> {
  await t.database.pool.query('UPDATE draft SET undo_seconds = 0 WHERE id = $1', [draft.id]);
  expect((await decide(draft, 'approve')).dispatch?.state).toBe('dispatching');
}

const told = async (draft: Draft) => {
  const { status, dispatch, withdrawnReason } = await now(draft);
  return { status, dispatch, withdrawnReason };
};
const lost = {
  status: 'withdrawn',
  dispatch: null,
  withdrawnReason: expect.stringContaining('answered elsewhere, or cancelled'),
};

describe('a call outside any conversation whose verdict is on its way', () => {
  test.each(['cancelled', 'approved', 'denied'] as const)(
    '[DR26] was %s by somebody else meanwhile: the draft is withdrawn, and nothing is told as delivered',
    async (how) => {
      const alice = await guarded('Alice');
      await sayElsewhere(alice, [{ call: noted('a secret') }, { say: 'done' }]);
      const draft = first(await parkedOf(alice));
      await whileBusy(alice, async () => {
        await onItsWay(draft);
        if (how === 'cancelled') await cancelElsewhere(alice);
        else await answerElsewhere(alice, draft, how === 'approved' ? 'approve' : 'deny');
      });
      await becomes(draft, 'withdrawn');
      expect(await told(draft)).toEqual(lost);
      expect(await desk.inbox('draft.delivered', draft)).toEqual([]);
      expect((await notes(alice))?.includes('a secret')).toBe(how === 'approved');
    },
  );

  test('[DR14] has got our answer, though nobody was there to say so: the draft is delivered', async () => {
    const alice = await guarded('Alice');
    await sayElsewhere(alice, [{ call: noted('a secret') }, { say: 'done' }]);
    const draft = first(await parkedOf(alice));
    await whileBusy(alice, async () => {
      await onItsWay(draft);
      await answerElsewhere(alice, draft, 'approve', 'Approved by Ana.');
    });
    await desk.delivered(draft);
  });

  test('[DR26] its sibling of the same step still waits when the step is given up: both are withdrawn', async () => {
    const alice = await guarded('Alice');
    await sayElsewhere(alice, [{ calls: [noted('one'), noted('two')] }, { say: 'done' }]);
    const [one, two] = [...(await parkedOf(alice, 2))] as [Draft, Draft];
    await onItsWay(one);
    await cancelElsewhere(alice);
    await becomes(two, 'withdrawn');
    await becomes(one, 'withdrawn');
    expect([await told(one), await told(two)]).toEqual([lost, lost]);
  });

  test('[DR26] and whose agent is deleted is withdrawn', async () => {
    const alice = await guarded('Alice');
    await sayElsewhere(alice, [{ call: noted('gone') }, { say: 'done' }]);
    const draft = first(await parkedOf(alice));
    await whileBusy(alice, async () => {
      await onItsWay(draft);
      await gateway().deleteAgent(alice);
    });
    await becomes(draft, 'withdrawn');
    expect(await told(draft)).toEqual({ ...lost, withdrawnReason: 'Alice is gone.' });
  });
});

describe('a call in a conversation whose verdict is on its way', () => {
  test.each(['cancelled', 'denied'] as const)(
    '[DR26] was %s by somebody else meanwhile: the draft is withdrawn, no second answer goes out, and the talk goes on',
    async (how) => {
      const [alice, bob] = [await guarded('Alice'), await agent('Bob')];
      const talk = await open([alice, bob]);
      await say(talk, a, [{ call: noted('a secret') }, { say: 'done' }]);
      const draft = first(await parked(talk));
      await rest(talk);
      let before = 0;
      await whileBusy(alice, async () => {
        await onItsWay(draft);
        if (how === 'cancelled') await cancelElsewhere(alice);
        else await answerElsewhere(alice, draft, 'deny');
        before = (await listed(alice)).length;
      });
      await becomes(draft, 'withdrawn');
      expect(await told(draft)).toEqual(lost);
      await rest(talk);
      expect(await listed(alice)).toHaveLength(before);
      await say(talk, a, [{ say: 'I am still here' }]);
      await expect.poll(async () => (await listed(alice)).at(-1)?.content, within).toBe('I am still here');
    },
  );

  test('[DR26] its siblings of the same step still wait when the step is given up: all are withdrawn', async () => {
    const [alice, bob] = [await guarded('Alice'), await listener('Bob', [{ say: 'I heard you' }])];
    const talk = await open([alice, bob], { edges: [inReview()] });
    const hello = { tool: tellTool, arguments: { message: 'Hello Bob', other_agent_id: bob } };
    await say(talk, a, [{ calls: [noted('one'), hello] }, { say: 'done' }]);
    const drafts = await parked(talk, 2);
    const note = first(drafts.filter(({ kind }) => kind === 'tool_call'));
    const message = first(drafts.filter(({ kind }) => kind === 'message'));
    await rest(talk);
    await onItsWay(note);
    await cancelElsewhere(alice);
    await becomes(message, 'withdrawn');
    await becomes(note, 'withdrawn');
    expect(await told(note)).toEqual(lost);
    expect(await heard(bob, 'Hello Bob')).toEqual([]);
    await say(talk, a, [{ say: 'I am still here' }]);
    await expect.poll(async () => (await listed(alice)).at(-1)?.content, within).toBe('I am still here');
  });

  test('[DR26] and what people say with the answer that cannot go out reaches the agent by itself', async () => {
    const [alice, bob] = [await guarded('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    await say(talk, a, [{ call: noted('a secret') }, { say: 'done' }]);
    const draft = first(await parked(talk));
    await rest(talk);
    const content = JSON.stringify({ script: [{ say: 'I heard your note' }] });
    await speak(t.rt, t.ana, talk.id, Speak.parse({ to: a, content, deliver: 'next_step' }));
    await whileBusy(alice, async () => {
      await onItsWay(draft);
      await cancelElsewhere(alice);
    });
    await becomes(draft, 'withdrawn');
    await expect.poll(async () => (await listed(alice)).at(-1)?.content, within).toBe('I heard your note');
  });
});

describe('an agent that stands at a call', () => {
  test('[DR27] is freed by an interrupt: what waits with the call is withdrawn, and who waits for it reads so', async () => {
    const [alice, bob] = [await agent('Alice'), await guarded('Bob')];
    const talk = await open([alice, bob]);
    const script = JSON.stringify({ script: [{ call: noted('a secret') }, { say: 'noted' }] });
    await say(talk, a, [
      { call: { tool: askTool, arguments: { message: script, other_agent_id: bob } } },
      { say: 'on' },
    ]);
    const draft = first(await parked(talk));
    expect(draft.from.agentId).toBe(bob);
    await expect.poll(async () => (await interruptSeat(t.rt, t.ana, talk.id, b)).interrupted, within).toBe(true);
    expect(await told(draft)).toMatchObject({ status: 'withdrawn', withdrawnReason: expect.stringContaining('Ana') });
    await expect.poll(() => desk.reads(alice), within).toEqual([expect.stringContaining('Bob could not answer')]);
    await rest(talk);
    expect(await interruptSeat(t.rt, t.ana, talk.id, b)).toEqual({ interrupted: false });
    await say(talk, b, [{ say: 'I am still here' }]);
    await expect.poll(async () => (await listed(bob)).at(-1)?.content, within).toBe('I am still here');
  });
});

test('[DR26] an agent whose thread somebody has emptied while its message waited can be spoken to again', async () => {
  const [alice, bob] = [await agent('Alice'), await listener('Bob', [{ say: 'yes' }])];
  const talk = await open([alice, bob], { edges: [inReview()] });
  await say(talk, a, [{ call: { tool: tellTool, arguments: { message: 'Hello', other_agent_id: bob } } }]);
  const draft = first(await parked(talk));
  const { url } = t.rt.letta.require(sandboxServer).status;
  const headers = { 'Content-Type': 'application/json' };
  const emptied = await fetch(`${url}/v1/agents/${alice}/reset-messages`, { method: 'PATCH', headers, body: '{}' });
  expect(emptied.status).toBe(200);
  await becomes(draft, 'withdrawn');
  await say(talk, a, [{ say: 'I have forgotten all.' }]);
  const said = async () => (await listed(alice)).filter(({ content }) => content === 'I have forgotten all.').length;
  await expect.poll(said, within).toBe(1);
  await rest(talk);
  expect(await heard(bob, 'Hello')).toEqual([]);
}, 40_000);
