import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSandbox, type TestSandbox } from './test-sandbox';

describe('agents, blocks and tools', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.drop());

  const nobody = `agent-${randomUUID()}`;

  it('is well, and says that it is a sandbox', async () => {
    expect(await sandbox.client.health()).toEqual({ version: '0.16.8+sandbox', status: 'ok' });
  });

  it('offers two models, both marked as simulated, the companion first', async () => {
    const models = await sandbox.client.models.list();
    expect(models.map((model) => model.handle)).toEqual(['sandbox/companion', 'sandbox/scripted']);
    expect(models.every((model) => model.display_name?.includes('simulated'))).toBe(true);
    expect(models[0]).toMatchObject({ name: 'companion', context_window: 30_000 });
  });

  it('tells everything of an agent when it is made, and afterwards only what is asked for', async () => {
    const made = await sandbox.agent({
      tools: ['core_memory_append'],
      tags: ['a', 'b'],
      memory_blocks: [{ label: 'persona', value: 'I am Test.' }],
      secrets: { KEY: 'in clear text' },
    });
    expect(made).toMatchObject({
      tools: [{ name: 'core_memory_append', tool_type: 'letta_memory_core' }],
      blocks: [{ label: 'persona', value: 'I am Test.', limit: 100_000 }],
      tags: ['a', 'b'],
      secrets: [{ key: 'KEY', value: 'in clear text' }],
    });
    const bare = await sandbox.client.agents.retrieve(made.id);
    expect(bare).toMatchObject({
      tools: [],
      blocks: [],
      tags: [],
      secrets: [],
      name: 'Test',
      agent_type: 'letta_v1_agent',
    });
    const [listed] = (await sandbox.client.agents.list({ limit: 1 })).items;
    expect(listed).toEqual(bare);
    const include = ['agent.tools' as const, 'agent.blocks' as const, 'agent.tags' as const, 'agent.secrets' as const];
    expect(await sandbox.client.agents.retrieve(made.id, { include })).toEqual({ ...made, pending_approval: null });
  });

  it('gives the base tools unless told otherwise, and all that reach agents when asked', async () => {
    const based = await sandbox.agent({ include_base_tools: true });
    const names = (tools: { name?: string | null }[]) => tools.map((tool) => tool.name).toSorted();
    expect(names(based.tools)).toEqual(['conversation_search', 'memory_insert', 'memory_replace']);
    const body = { name: 'M', model: 'sandbox/companion', include_multi_agent_tools: true, include_base_tools: false };
    const made = await (await sandbox.post('/v1/agents/', body)).json();
    expect(names(Object(made).tools)).toEqual([
      'send_message_to_agent_and_wait_for_reply',
      'send_message_to_agent_async',
      'send_message_to_agents_matching_tags',
    ]);
  });

  it('makes rules for the server’s own tools unless the base tools come along', async () => {
    const kinds = async (body: object) => (await sandbox.agent(body)).tool_rules?.map((rule) => rule.type).toSorted();
    const tools = ['core_memory_append', 'send_message_to_agent_async'];
    expect(await kinds({ tools })).toEqual(['continue_loop', 'exit_loop']);
    expect(await kinds({ tools, include_base_tools: true })).toEqual([]);
    expect(await kinds({ tools, include_base_tool_rules: false })).toEqual([]);
  });

  it.each([
    ['no model', { model: null }, 400, /Must specify either model/],
    ['an unknown model', { model: 'a/b' }, 404, /Handle a\/b not found, must be one of \['sandbox\/companion'/],
    ['a model named like a member of every object', { model: 'constructor' }, 404, /Handle constructor not found/],
    ['an unknown tool', { tools: ['x'] }, 400, /^Tools not found by name: \{'x'\}$/],
  ])('refuses an agent with %s', async (_what, wrong, status, detail) => {
    await expect(sandbox.agent(wrong)).rejects.toMatchObject({
      status,
      error: { detail: expect.stringMatching(detail) },
    });
  });

  it('answers ids of a wrong shape with 422 in Python’s words, unknown ones with 404', async () => {
    await expect(sandbox.client.agents.retrieve('agent-1')).rejects.toMatchObject({
      status: 422,
      error: {
        trace_id: '',
        detail: expect.stringContaining("'loc': ('path', 'agent_id')"),
        examples: expect.any(Array),
      },
    });
    const unknown = { status: 404, error: { detail: 'Agent not found' } };
    await expect(sandbox.client.agents.retrieve(nobody)).rejects.toMatchObject(unknown);
    await expect(sandbox.say(nobody, 'Hi')).rejects.toMatchObject(unknown);
    await expect(sandbox.client.agents.messages.list(nobody)).rejects.toMatchObject(unknown);
    await expect(sandbox.client.agents.delete(nobody)).rejects.toMatchObject({ status: 404 });
    await expect(sandbox.client.runs.retrieve('run-1')).rejects.toMatchObject({ status: 400 });
    await expect(sandbox.client.runs.retrieve(`run-${randomUUID()}`)).rejects.toMatchObject({ status: 404 });
    await expect(sandbox.client.conversations.retrieve(`conv-${randomUUID()}`)).rejects.toMatchObject({ status: 404 });
  });

  it('finds agents by name, tags and words, and pages through them', async () => {
    const tag = randomUUID();
    const [one, two] = [
      await sandbox.agent({ name: 'Twin', tags: [tag, 'x'] }),
      await sandbox.agent({ name: 'Twin', tags: [tag] }),
    ];
    const ids = async (query: object) => (await sandbox.client.agents.list(query)).items.map((agent) => agent.id);
    expect(await ids({ tags: [tag] })).toEqual([two.id, one.id]);
    expect(await ids({ tags: [tag], order: 'asc' })).toEqual([one.id, two.id]);
    expect(await ids({ tags: [tag, 'x'], match_all_tags: true })).toEqual([one.id]);
    expect(await ids({ tags: [tag], after: two.id })).toEqual([one.id]);
    expect(await ids({ tags: [tag], order: 'asc', limit: 1, after: one.id })).toEqual([two.id]);
    expect(await ids({ name: 'Twin', limit: 1 })).toEqual([two.id]);
    expect((await ids({ query_text: 'twi' })).length).toBeGreaterThanOrEqual(2);
  });

  it('changes what is given, and replaces lists', async () => {
    const agent = await sandbox.agent({ tools: ['core_memory_append'], tags: ['old'], description: 'kept' });
    const changed = await sandbox.client.agents.update(agent.id, { name: 'New', tags: ['new'], tool_ids: [] });
    expect(changed).toMatchObject({
      name: 'New',
      tags: ['new'],
      tools: [],
      description: 'kept',
      model: 'sandbox/scripted',
    });
    await sandbox.client.agents.delete(agent.id);
    await expect(sandbox.transcript(agent.id)).rejects.toMatchObject({ status: 404 });
  });

  it('writes blocks whatever their limit or read_only say, and shares them', async () => {
    const limited = { label: 'tight', value: 'x', limit: 5, read_only: true };
    const one = await sandbox.agent({ memory_blocks: [limited] });
    const blockId = one.blocks[0]?.id ?? '';
    const two = await sandbox.agent({ block_ids: [blockId] });
    await sandbox.client.agents.blocks.update('tight', { agent_id: one.id, value: 'much longer than five' });
    expect(await sandbox.client.agents.blocks.retrieve('tight', { agent_id: two.id })).toMatchObject({
      value: 'much longer than five',
      limit: 5,
    });
    const holders = (await sandbox.client.blocks.agents.list(blockId)).items;
    expect(holders.map((agent) => agent.id)).toEqual([one.id, two.id]);
    await sandbox.client.agents.blocks.detach(blockId, { agent_id: two.id });
    expect((await sandbox.client.agents.blocks.list(two.id)).items).toEqual([]);
  });

  it('lists its tools, and keeps a custom one under its id when it changes', async () => {
    const tools = (await sandbox.client.tools.list({ limit: 100 })).items;
    expect(tools.map((tool) => tool.name)).toEqual(
      expect.arrayContaining([
        'send_message_to_agent_async',
        'core_memory_append',
        'memory_insert',
        'conversation_search',
      ]),
    );
    const source_code = 'def tidy_up(room: str, twice: bool = False) -> str:\n    return room';
    const made = await sandbox.client.tools.upsert({ source_code });
    expect(made).toMatchObject({ name: 'tidy_up', tool_type: 'custom', default_requires_approval: null });
    expect(made.json_schema).toMatchObject({
      parameters: { properties: { room: { type: 'string' }, twice: { type: 'boolean' } }, required: ['room'] },
    });
    const changed = await sandbox.client.tools.upsert({ source_code, default_requires_approval: true });
    expect(changed).toMatchObject({ id: made.id, default_requires_approval: true });
    expect((await sandbox.client.tools.list({ name: 'tidy_up' })).items).toEqual([changed]);
    await expect(
      sandbox.client.agents.tools.run('tidy_up', { agent_id: (await sandbox.agent()).id }),
    ).rejects.toMatchObject({
      status: 404,
    });
    await expect(sandbox.client.tools.upsert({ source_code: 'nothing' })).rejects.toMatchObject({ status: 400 });
  });

  it('runs a custom tool whatever it is called', async () => {
    await sandbox.client.tools.upsert({ source_code: 'def constructor(of: str):\n    pass' });
    const agent = await sandbox.agent({ tools: ['constructor'] });
    const ran = await sandbox.client.agents.tools.run('constructor', { agent_id: agent.id, args: { of: 'x' } });
    expect(ran).toMatchObject({ status: 'success', func_return: expect.stringContaining("constructor(of='x')") });
  });

  it('serves its state from any instance, and after all have been stopped', async () => {
    const agent = await sandbox.agent({ name: 'Survivor' });
    await sandbox.say(agent.id, 'Remember me');
    const other = await sandbox.again();
    const listed = (await other.client.agents.messages.list(agent.id)).items;
    expect(listed).toEqual(await sandbox.transcript(agent.id));
    await other.stop();
    await expect(other.client.health()).rejects.toMatchObject({ status: undefined });
  });
});
