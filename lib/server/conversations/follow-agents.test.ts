import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ChangeAgent } from '@/lib/protocol/agent';
import type { Conversation } from '@/lib/protocol/conversation';
import { AgentId, SeatId } from '@/lib/protocol/ids';
import { sandboxServer, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { changeAgent } from '../agents/change-agent';
import { changeConversation } from './change-conversation';
import { agentFollower } from './follow-agents';

let t: TestRuntime;
const a = SeatId.parse('a');
const { agent, entries, gateway, heard, now, only, open, rest, say, stopAll } = sandboxTalk(() => t);

beforeAll(async () => {
  t = await createTestRuntime();
});
afterAll(() => t.close());
afterEach(() => stopAll());

const within = { timeout: 12_000, interval: 50 };
const names = async (talk: Conversation) => (await now(talk)).seats.map(({ name }) => name);

/** A follower of its own, beside that of the program: what it has told is not told twice. */
const looks = () => {
  const follow = agentFollower(t.rt, sandboxServer);
  return async () => follow(await gateway().listAgents());
};

describe('what becomes of agents past Parley', () => {
  test('[CV62] an agent that is called otherwise is so in its open conversations, and in no other', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const over = await open([alice, bob]);
    await changeConversation(t.rt, t.ana, over.id, { state: 'stopped' });
    const talk = await open([alice, bob]);
    await gateway().changeAgent(alice, { name: 'Alicia' });
    await expect.poll(() => names(talk), within).toEqual(['Alicia', 'Bob']);
    await changeAgent(t.rt, t.ana, bob, ChangeAgent.parse({ name: 'Robert' }));
    expect(await names(talk)).toEqual(['Alicia', 'Robert']);
    const told = (await entries(talk)).filter(({ type }) => type === 'seat.renamed');
    expect(told).toMatchObject([
      { actor: { kind: 'system' }, payload: { seat: 'a', name: 'Alicia', before: 'Alice' } },
      { actor: { name: 'Ana' }, payload: { seat: 'b', name: 'Robert', before: 'Bob' } },
    ]);
    await looks()();
    expect(await only(talk, 'seat.renamed')).toHaveLength(2);
    expect(await names(over)).toEqual(['Alice', 'Bob']);
  });

  test('[CV63] a messaging tool that an agent is given past Parley is gated, and one whose gate was taken off again', async () => {
    const [alice, bob] = [await agent('Alice', { tools: [] }), await agent('Bob')];
    const talk = await open([alice, bob], { edges: [{ from: 'a', to: 'b', mode: 'review' }] });
    await gateway().changeAgent(alice, { tools: [tellTool] });
    await gateway().setApproval(bob, tellTool, false);
    const look = looks();
    await look();
    expect((await gateway().findAgent(alice))?.approvalTools).toEqual([tellTool]);
    expect((await gateway().findAgent(bob))?.approvalTools).toContain(tellTool);
    await say(talk, a, [{ call: { tool: tellTool, arguments: { message: 'past the review', other_agent_id: bob } } }]);
    await expect.poll(async () => (await now(talk)).state, within).toBe('waiting');
    expect(await heard(bob, 'past the review')).toEqual([]);
  });

  test('[CV63] tools are left alone where no conversation needs them to stop', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    await open([alice, bob], { conveyance: 'relay' });
    await gateway().changeAgent(alice, { tools: [tellTool] });
    await looks()();
    expect((await gateway().findAgent(alice))?.approvalTools).toEqual([]);
  });

  test('[CV64] an agent that is deleted past Parley stops its conversations within seconds, also while nothing happens', async () => {
    const [alice, bob] = [await agent('Alice'), await agent('Bob')];
    const talk = await open([alice, bob]);
    await gateway().deleteAgent(bob);
    await expect.poll(async () => (await now(talk)).state, within).toBe('stopped');
    expect(await only(talk, 'conversation.stopped')).toMatchObject([
      { why: 'agent_deleted', reason: 'Bob was deleted.' },
    ]);
  });
});

describe('memory', () => {
  const append = (content: string) => ({ call: { tool: 'core_memory_append', arguments: { label: 'team', content } } });

  /** Agents that share one block, made past Parley. */
  async function sharing(...called: string[]): Promise<AgentId[]> {
    const { url } = t.rt.letta.require(sandboxServer).status;
    const make = async (path: string, body: object) => {
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${url}/v1/${path}/`, { method: 'POST', headers, body: JSON.stringify(body) });
      return z.object({ id: z.string() }).parse(await answer.json()).id;
    };
    const block = await make('blocks', { label: 'team', value: 'Nobody yet.' });
    const common = { model: 'sandbox/scripted', tools: ['core_memory_append'], block_ids: [block] };
    const made: AgentId[] = [];
    for (const name of called) made.push(AgentId.parse(await make('agents', { name, ...common })));
    return made;
  }
  const told = async (talk: Conversation) =>
    (await entries(talk)).flatMap(({ type, actor, payload }) =>
      type === 'memory.changed' && payload !== null ? [{ by: actor.name, ...payload }] : [],
    );

  test('[CV53] what an agent writes into a block that it shares is told in every seat that shows it, as its deed', async () => {
    const [alice, bob] = await sharing('Alice', 'Bob');
    if (!alice || !bob) throw new Error('there are no agents');
    const talk = await open([alice, bob]);
    await say(talk, a, [append('Alice.'), { say: 'noted' }]);
    await rest(talk);
    await expect.poll(async () => (await told(talk)).length, within).toBe(2);
    const change = { by: 'Alice', label: 'team', before: 'Nobody yet.', after: 'Nobody yet.\nAlice.' };
    expect(await told(talk)).toMatchObject([
      { seat: 'a', ...change },
      { seat: 'b', ...change },
    ]);
  });

  test('[CV53] what somebody writes past Parley is told once, when nobody else has told it by the next look', async () => {
    const [alice, bob] = [await agent('Alice', { human: 'Likes tea.' }), await agent('Bob')];
    const talk = await open([alice, bob], { conveyance: 'relay' });
    const look = looks();
    await look();
    await gateway().changeAgent(alice, { blocks: [{ label: 'human', value: 'Likes water.' }] });
    await expect.poll(async () => look().then(() => told(talk)), within).toHaveLength(1);
    await look();
    expect(await told(talk)).toMatchObject([{ seat: 'a', before: 'Likes tea.', after: 'Likes water.' }]);
  });
});
