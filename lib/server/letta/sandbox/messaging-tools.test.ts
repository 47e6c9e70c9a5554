import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptOf, startTestSandbox, type TestSandbox } from './test-sandbox';

const ASYNC = 'send_message_to_agent_async';
const WAIT = 'send_message_to_agent_and_wait_for_reply';
const TAGS = 'send_message_to_agents_matching_tags';

describe('messages between agents that the server delivers by itself', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.drop());

  const sender = () => sandbox.agent({ name: 'Alice', tools: [ASYNC, WAIT, TAGS] });
  /** Has one agent call a messaging tool, and gives what the tool returned. */
  const call = async (agentId: string, tool: string, args: object) => {
    const script = JSON.stringify({ script: [{ call: { tool, arguments: args } }, { say: 'Sent.' }] });
    const answer = await sandbox.say(agentId, script);
    const returned = answer.messages.find((message) => message.message_type === 'tool_return_message');
    return { answer, returned };
  };
  const speaking = (say: string) => ({ memory_blocks: [{ label: 'script', value: scriptOf({ say }) }] });

  it('are heard as a system message and repeated in lower case by the one who waits', async () => {
    const [alice, bob] = [await sender(), await sandbox.agent(speaking("It's me."))];
    const { returned } = await call(alice.id, WAIT, { message: 'Hello Bob, are you There?', other_agent_id: bob.id });
    expect(returned).toMatchObject({
      ...{ name: WAIT, status: 'success', stderr: [] },
      tool_return: `{'agent_id': '${bob.id}', 'response': ["It's me."]}`,
      stdout: [expect.stringContaining('httpx - INFO - HTTP Request: POST')],
    });
    const [, heard, said] = await sandbox.rawTranscript(bob.id);
    expect(heard).toMatchObject({
      ...{ message_type: 'system_message', sender_id: null, name: null, otid: expect.any(String) },
      content:
        `[Incoming message from agent with ID '${alice.id}' - your response will be delivered to the sender] ` +
        'Hello Bob, are you There?\nhello bob, are you there?',
    });
    expect(said).toMatchObject({ content: "It's me." });
    await call(alice.id, WAIT, { message: 'all lower case', other_agent_id: bob.id });
    expect((await sandbox.rawTranscript(bob.id)).at(-2)?.content).toMatch(/\] all lower case$/);
  });

  it('keep the answer from the one who does not wait, hold up its turn all the same, and end it by a rule', async () => {
    const [alice, bob] = [await sender(), await sandbox.agent(speaking('Nobody hears this.'))];
    const { answer, returned } = await call(alice.id, ASYNC, { message: 'News!', other_agent_id: bob.id });
    expect(returned).toMatchObject({ tool_return: 'Successfully sent message', status: 'success' });
    const [, heard, said] = await sandbox.rawTranscript(bob.id);
    expect(heard?.content).toBe(
      `[Incoming message from agent with ID '${alice.id}' - this is a one-way notification; ` +
        'if you need to respond, use an agent-to-agent messaging tool if available] News!',
    );
    expect(said).toMatchObject({ content: 'Nobody hears this.' });
    expect(said?.run_id).not.toBe(returned?.run_id);
    expect(answer.stop_reason.stop_reason).toBe('tool_rule');
    expect(answer.messages.at(-1)).toEqual(returned);
  });

  it('go to all who carry the tags, but not to the sender', async () => {
    const tag = randomUUID();
    const alice = await sandbox.agent({ tools: [TAGS], tags: [tag, 'red'] });
    const bob = await sandbox.agent({ tags: [tag, 'red'], ...speaking('Bob here') });
    await sandbox.agent({ tags: [tag, 'blue'] });
    const args = { message: 'roll call', match_all: [tag], match_some: ['red', 'green'] };
    const { returned } = await call(alice.id, TAGS, args);
    expect(returned).toMatchObject({ tool_return: `[{'agent_id': '${bob.id}', 'response': ['Bob here']}]` });
    const none = await call(alice.id, TAGS, { message: 'x', match_all: [randomUUID()], match_some: [] });
    expect(none.returned).toMatchObject({ tool_return: '[]' });
  });

  it('say <no response> when the receiver said nothing, or stands at a call of its own', async () => {
    const alice = await sender();
    const mute = await sandbox.agent({ memory_blocks: [{ label: 'script', value: scriptOf({ nothing: true }) }] });
    const waiting = await sandbox.agent({
      tools: ['core_memory_append'],
      tool_rules: [{ type: 'requires_approval', tool_name: 'core_memory_append' }],
      memory_blocks: [{ label: 'script', value: scriptOf({ call: { tool: 'core_memory_append', arguments: {} } }) }],
    });
    for (const { id } of [mute, waiting]) {
      const { returned } = await call(alice.id, WAIT, { message: 'hi', other_agent_id: id });
      expect(returned).toMatchObject({ tool_return: `{'agent_id': '${id}', 'response': ['<no response>']}` });
    }
    const { returned } = await call(alice.id, WAIT, { message: 'hi', other_agent_id: waiting.id });
    expect(returned).toMatchObject({
      status: 'error',
      tool_return: expect.stringMatching(
        /^Error executing function .*: ConflictError: Error code: 409 - .*PENDING_APPROVAL/,
      ),
    });
  });

  it.each([
    [
      'an agent that is not there',
      `agent-${randomUUID()}`,
      /NotFoundError: Error code: 404 - \{'detail': 'Agent not found'\}/,
    ],
    ['something that is no id', 'Bob', /UnprocessableEntityError: Error code: 422/],
  ])('fail for %s, and the turn goes on', async (_what, to, text) => {
    const { answer, returned } = await call((await sender()).id, WAIT, { message: 'hi', other_agent_id: to });
    expect(returned).toMatchObject({ status: 'error', tool_return: expect.stringMatching(text) });
    expect(answer.messages.at(-1)).toMatchObject({ content: 'Sent.' });
  });

  it('fail for arguments that are none, and for tools that the agent has not', async () => {
    const alice = await sandbox.agent({ tools: [ASYNC] });
    const missing = await call(alice.id, ASYNC, { text: 'hi' });
    expect(missing.returned).toMatchObject({
      status: 'error',
      tool_return: expect.stringMatching(/TypeError: .* missing 1 required positional argument: 'message'|missing 2/),
    });
    const foreign = await call(alice.id, WAIT, { message: 'hi', other_agent_id: alice.id });
    expect(foreign.returned).toMatchObject({
      status: 'error',
      tool_return: `[ToolConstraintError] Cannot call ${WAIT}, valid tools include: ['${ASYNC}'].`,
    });
    const broken = scriptOf({ call: { tool: ASYNC, arguments: 'no json' } }, { say: 'Sent.' });
    expect((await sandbox.say(alice.id, broken)).messages[0]).toMatchObject({ tool_call: { arguments: '{}' } });
  });
});

describe('memory and search', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.drop());

  const tools = ['core_memory_append', 'core_memory_replace', 'memory_insert', 'memory_replace', 'conversation_search'];

  it.each([
    ['core_memory_append', { label: 'notes', content: 'three' }, 'one\ntwo\nthree'],
    ['core_memory_replace', { label: 'notes', old_content: 'two', new_content: '$&' }, 'one\n$&'],
    ['memory_insert', { label: 'notes', new_string: 'zero', insert_line: 0 }, 'zero\none\ntwo'],
    ['memory_insert', { label: 'notes', new_string: 'three' }, 'one\ntwo\nthree'],
    ['memory_replace', { label: 'notes', old_string: 'one', new_string: '1' }, '1\ntwo'],
  ])('changes the block with %s and returns its new value', async (tool, args, value) => {
    const agent = await sandbox.agent({ tools, memory_blocks: [{ label: 'notes', value: 'one\ntwo' }] });
    const script = JSON.stringify({ script: [{ call: { tool, arguments: args } }] });
    const { messages } = await sandbox.say(agent.id, script);
    expect(messages[1]).toMatchObject({ status: 'success', tool_return: value });
    expect(await sandbox.client.agents.blocks.retrieve('notes', { agent_id: agent.id })).toMatchObject({ value });
  });

  it.each([
    [
      'core_memory_append',
      { label: 'nope', content: 'x' },
      /^'Block field nope does not exist \(available sections = notes, sealed\)'$/,
    ],
    ['core_memory_append', { label: 'sealed', content: 'x' }, /^Error: This block is read-only/],
    ['core_memory_replace', { label: 'notes', old_content: 'z', new_content: 'y' }, /not found in memory block/],
    ['memory_replace', { label: 'notes', old_string: 'o', new_string: 'y' }, /Multiple occurrences/],
    ['memory_insert', { label: 'notes', new_string: 'x', insert_line: 9 }, /Invalid `insert_line`/],
  ])('leaves it alone when %s cannot be done', async (tool, args, text) => {
    const sealed = { label: 'sealed', value: 'x', read_only: true };
    const agent = await sandbox.agent({ tools, memory_blocks: [{ label: 'notes', value: 'one\ntwo' }, sealed] });
    const script = JSON.stringify({ script: [{ call: { tool, arguments: args } }] });
    const { messages } = await sandbox.say(agent.id, script);
    expect(messages[1]).toMatchObject({
      ...{ status: 'error', tool_return: expect.stringMatching(text), stdout: null },
      stderr: [expect.stringMatching(new RegExp(`^Error executing function ${tool}: \\w+Error: `))],
    });
    expect(await sandbox.client.agents.blocks.retrieve('notes', { agent_id: agent.id })).toMatchObject({
      value: 'one\ntwo',
    });
  });

  it('finds what was said before', async () => {
    const agent = await sandbox.agent({ tools });
    await sandbox.say(agent.id, 'The key is under the blue stone.');
    const search = (query: string) =>
      sandbox.say(
        agent.id,
        JSON.stringify({ script: [{ call: { tool: 'conversation_search', arguments: { query } } }] }),
      );
    expect((await search('blue STONE')).messages[1]).toMatchObject({
      tool_return: expect.stringContaining('under the blue stone'),
    });
    expect((await search('no such words')).messages[1]).toMatchObject({
      tool_return: "{'message': 'No results found.', 'results': []}",
    });
  });
});
