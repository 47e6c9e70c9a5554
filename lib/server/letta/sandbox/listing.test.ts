import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptOf, startTestSandbox, type TestSandbox } from './test-sandbox';

describe('listings', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.drop());

  /** An agent that has been spoken to `times`; every exchange is a message of a person and a reply. */
  const talkative = async (times: number) => {
    const agent = await sandbox.agent();
    for (let at = 0; at < times; at += 1) await sandbox.say(agent.id, `number ${at}`);
    return { agent, all: await sandbox.transcript(agent.id) };
  };

  it('are oldest first in either order, which only decides from which end the limit cuts', async () => {
    const { agent, all } = await talkative(3);
    const page = async (query: object) => (await sandbox.client.agents.messages.list(agent.id, query)).items;
    expect(all).toHaveLength(7);
    expect(await page({ order: 'asc', limit: 2 })).toEqual(all.slice(0, 2));
    expect(await page({ order: 'desc', limit: 2 })).toEqual(all.slice(-2));
    const middle = all[3]?.id ?? '';
    for (const order of ['asc', 'desc']) {
      expect(await page({ order, after: middle })).toEqual(all.slice(4));
      expect(await page({ order, before: middle })).toEqual(all.slice(0, 3));
    }
    expect(await page({ order: 'asc', after: middle, limit: 1 })).toEqual(all.slice(4, 5));
    expect(await page({ order: 'desc', before: middle, limit: 1 })).toEqual(all.slice(2, 3));
    expect(await page({ limit: 100_000 })).toEqual(all);
  });

  it('[LF10] make the client’s own paging stop after the newest page, unless the order is ascending', async () => {
    const { agent, all } = await talkative(3);
    const walk = async (query: object) => {
      const seen: string[] = [];
      for await (const message of sandbox.client.agents.messages.list(agent.id, query)) seen.push(message.id);
      return seen;
    };
    const ids = all.map((message) => message.id);
    expect(await walk({ limit: 2 })).toEqual(ids.slice(-2));
    expect(await walk({ limit: 2, order: 'asc' })).toEqual(ids);
  });

  it('count a message once for the limit, however many parts it is shown in', async () => {
    const agent = await sandbox.agent({ tools: ['conversation_search'] });
    const call = { tool: 'conversation_search', arguments: { query: 'x' } };
    await sandbox.say(agent.id, scriptOf({ reason: 'Hm.', say: 'I look it up.', call }, { nothing: true }));
    const page = (await sandbox.client.agents.messages.list(agent.id, { limit: 2 })).items;
    expect(page.map((message) => message.message_type)).toEqual([
      'reasoning_message',
      'assistant_message',
      'tool_call_message',
      'tool_return_message',
    ]);
    expect(new Set(page.map((message) => message.id)).size).toBe(2);
    const parts = await sandbox.client.messages.retrieve(page[0]?.id ?? '');
    expect(parts).toEqual(page.slice(0, 3));
  });

  it('answer an unknown cursor with 404', async () => {
    const { agent } = await talkative(0);
    const after = `message-${randomUUID()}`;
    await expect(sandbox.client.agents.messages.list(agent.id, { after })).rejects.toMatchObject({
      status: 404,
      error: { detail: expect.stringContaining(after) },
    });
  });

  it('[LF9] tail all agents and threads in one request, and leave it to runs who said what', async () => {
    const last = (await sandbox.client.messages.list({ limit: 1 })).at(-1)?.id;
    const [one, two] = await Promise.all([sandbox.agent(), sandbox.agent()]);
    await sandbox.say(one.id, 'to one');
    const { id } = await sandbox.client.conversations.create({ agent_id: two.id });
    const body = { messages: [{ role: 'user' as const, content: 'to two' }] };
    for await (const _ of await sandbox.client.conversations.messages.create(id, body));
    const tail = await sandbox.client.messages.list({ order: 'asc', limit: 100, ...(last && { after: last }) });
    const spoken = tail.filter((message) => message.run_id);
    expect(spoken).toHaveLength(4);
    const owners = await Promise.all(spoken.map((message) => sandbox.client.runs.retrieve(message.run_id ?? '')));
    expect(owners.map((run) => [run.agent_id, run.conversation_id])).toEqual([
      ...[0, 1].map(() => [one.id, null]),
      ...[0, 1].map(() => [two.id, id]),
    ]);
  });

  it('mix all threads of an agent unless one is named', async () => {
    const agent = await sandbox.agent();
    const { id } = await sandbox.client.conversations.create({ agent_id: agent.id, summary: 'aside' });
    const body = { messages: [{ role: 'user' as const, content: 'aside' }] };
    for await (const _ of await sandbox.client.conversations.messages.create(id, body));
    await sandbox.say(agent.id, 'openly');
    const texts = async (conversation_id?: string) =>
      (await sandbox.client.agents.messages.list(agent.id, conversation_id ? { conversation_id } : {})).items.map(
        (message) => [message.message_type, message.run_id === null],
      );
    expect(await texts()).toHaveLength(6);
    expect(await texts('default')).toHaveLength(3);
    expect(await texts(id)).toEqual([
      ['system_message', true],
      ['user_message', false],
      ['assistant_message', false],
    ]);
    const direct = await sandbox.client.conversations.messages.list('default', { agent_id: agent.id });
    expect(direct.items).toHaveLength(3);
    expect((await sandbox.client.conversations.messages.list(agent.id)).items).toEqual(direct.items);
    const found = await sandbox.client.conversations.list({ agent_id: agent.id });
    expect(found).toMatchObject([{ id, summary: 'aside', last_message_at: expect.any(String) }]);
  });

  it('ignore run_ids, and order the messages of a run as asked', async () => {
    const { agent, all } = await talkative(2);
    const [newest] = (await sandbox.client.runs.list({ agent_id: agent.id })).items;
    const runId = newest?.id ?? '';
    const filtered = await sandbox.client.agents.messages.list(agent.id, {}, { query: { run_ids: [runId] } });
    expect(filtered.items).toHaveLength(all.length);
    const ofRun = async (order: 'asc' | 'desc') => (await sandbox.client.runs.messages.list(runId, { order })).items;
    expect(await ofRun('asc')).toEqual(all.slice(-2));
    expect(await ofRun('desc')).toEqual(all.slice(-2).toReversed());
  });

  it('filter runs, the newest first; their cursors turn round with the order', async () => {
    const { agent } = await talkative(2);
    const failing = sandbox.say(agent.id, scriptOf({ fail: 'llm_error' }));
    await expect(failing).rejects.toMatchObject({ status: 500 });
    const { id } = await sandbox.client.conversations.create({ agent_id: agent.id });
    const body = { messages: [{ role: 'user' as const, content: 'x' }] };
    for await (const _ of await sandbox.client.conversations.messages.create(id, body));
    const runs = async (query: object) => (await sandbox.client.runs.list({ agent_id: agent.id, ...query })).items;
    const all = await runs({});
    expect(all.map((run) => run.status)).toEqual(['completed', 'failed', 'completed', 'completed']);
    expect(await runs({ statuses: ['failed'] })).toEqual([all[1]]);
    expect(await runs({ stop_reason: 'end_turn' })).toHaveLength(3);
    expect(await runs({ conversation_id: id })).toEqual([all[0]]);
    expect(await runs({ active: true })).toEqual([]);
    expect(await runs({ background: true })).toEqual([]);
    expect(await runs({ order: 'asc' })).toEqual(all.toReversed());
    expect(await runs({ limit: 1 })).toEqual([all[0]]);
    expect(await runs({ after: all[2]?.id })).toEqual(all.slice(0, 2));
    expect(await runs({ before: all[2]?.id })).toEqual(all.slice(3));
    expect(await runs({ order: 'asc', after: all[2]?.id })).toEqual(all.slice(3));
  });

  it('never finish the run of an answer in one piece on a conversation', async () => {
    const agent = await sandbox.agent();
    const { id } = await sandbox.client.conversations.create({ agent_id: agent.id });
    const answer = await sandbox.post(`/v1/conversations/${id}/messages`, { streaming: false, input: 'Hi' });
    expect(await answer.json()).toMatchObject({ messages: [{ content: 'I heard: Hi' }] });
    const [run] = (await sandbox.client.runs.list({ agent_id: agent.id, active: true })).items;
    expect(run).toMatchObject({ status: 'created', conversation_id: null });
  });

  it('keep what was said before a reset, of which only the context tells', async () => {
    const { agent, all } = await talkative(1);
    expect(await sandbox.client.agents.messages.reset(agent.id, {})).toMatchObject({ id: agent.id });
    expect(await sandbox.transcript(agent.id)).toEqual(all);
    expect((await sandbox.client.agents.retrieve(agent.id)).message_ids).toEqual([all[0]?.id]);
  });

  it('follow nothing that was not begun in the background', async () => {
    const { agent } = await talkative(1);
    const [run] = (await sandbox.client.runs.list({ agent_id: agent.id })).items;
    await expect(sandbox.client.runs.messages.stream(run?.id ?? '')).rejects.toMatchObject({ status: 503 });
    await expect(sandbox.client.messages.search({ query: 'x' })).rejects.toMatchObject({ status: 400 });
  });

  it('fork a thread at a message, behind a prompt of its own', async () => {
    const { agent, all } = await talkative(2);
    const at = all[2]?.id ?? '';
    const forked = await sandbox.client.conversations.fork('default', { agent_id: agent.id, message_id: at });
    const { in_context_message_ids: context } = await sandbox.client.conversations.retrieve(forked.id);
    expect(context?.slice(1)).toEqual(all.slice(1, 3).map((message) => message.id));
    await sandbox.client.conversations.delete(forked.id);
    expect(await sandbox.client.conversations.list({ agent_id: agent.id })).toEqual([]);
  });
});
