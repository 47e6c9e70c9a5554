import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { otidOf } from './letta-id';
import { framesOf, type RawFrame, scriptOf, startTestSandbox, type TestSandbox, typesOf } from './test-sandbox';

const hello = { messages: [{ role: 'user', content: 'Hello there, dear sandbox' }] };
const append = { tool: 'core_memory_append', arguments: { label: 'notes', content: 'tea — at five' } };
const notes = { memory_blocks: [{ label: 'notes', value: 'none' }], tools: ['core_memory_append'] };

const objects = (frames: RawFrame[]) => frames.flatMap(({ data }) => (data === '[DONE]' ? [] : [data]));

describe('turns of the sandbox', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.drop());

  it('answers in one piece, without the input and with everything that the listing then has', async () => {
    const agent = await sandbox.agent();
    const answer = await sandbox.say(agent.id, scriptOf({ reason: 'Let me think.', say: 'Good morning.' }));
    expect(answer.messages.map((message) => message.message_type)).toEqual(['reasoning_message', 'assistant_message']);
    expect(answer.stop_reason).toEqual({ message_type: 'stop_reason', stop_reason: 'end_turn' });
    expect(answer.usage).toMatchObject({ step_count: 1, run_ids: null, cached_input_tokens: 0, reasoning_tokens: 0 });
    const listed = await sandbox.transcript(agent.id);
    expect(listed.slice(2)).toEqual(answer.messages);
    expect(listed.map((message) => message.message_type).slice(0, 2)).toEqual(['system_message', 'user_message']);
  });

  it('lists an agent’s own prompt first, without run, step and otid', async () => {
    const agent = await sandbox.agent();
    expect(await sandbox.rawTranscript(agent.id)).toMatchObject([
      { message_type: 'system_message', run_id: null, step_id: null, otid: null },
    ]);
  });

  it('[LF8] [LF9] gives messages neither agent_id nor conversation_id, and whole seconds', async () => {
    const agent = await sandbox.agent();
    await sandbox.say(agent.id, 'Hi');
    for (const message of await sandbox.rawTranscript(agent.id)) {
      expect(Object.keys(message)).not.toContain('agent_id');
      expect(Object.keys(message)).not.toContain('conversation_id');
      expect(message.date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
      expect(message).toMatchObject({ is_err: null, seq_id: null });
    }
  });

  it('keeps otid, sender and name of what is said, as user and as system, and derives those of replies', async () => {
    const agent = await sandbox.agent();
    const sender = { sender_id: agent.id, name: 'Alice' };
    await sandbox.client.agents.messages.create(agent.id, {
      messages: [{ role: 'system', content: 'psst', otid: 'otid-1', ...sender }],
    });
    await sandbox.client.agents.messages.create(agent.id, {
      messages: [{ role: 'user', content: 'x', otid: 'otid-2' }],
    });
    const [, system, first, user] = await sandbox.transcript(agent.id);
    expect(system).toMatchObject({ message_type: 'system_message', otid: 'otid-1', ...sender });
    expect(user).toMatchObject({ message_type: 'user_message', otid: 'otid-2', sender_id: null, name: null });
    expect(first).toMatchObject({ message_type: 'assistant_message', otid: otidOf(first?.id ?? '', 0) });
  });

  it('[LF2] makes two turns of one otid', async () => {
    const agent = await sandbox.agent();
    const body = { messages: [{ role: 'user' as const, content: 'once?', otid: 'same' }] };
    await sandbox.client.agents.messages.create(agent.id, body);
    await sandbox.client.agents.messages.create(agent.id, body);
    const said = (await sandbox.transcript(agent.id)).filter((message) => message.otid === 'same');
    expect(said).toHaveLength(2);
  });

  it('streams step by step: ping first, no echo of the input, then whole messages, usage and the mark', async () => {
    const agent = await sandbox.agent(notes);
    const script = scriptOf({ call: append }, { say: 'Noted.' });
    const frames = await sandbox.stream(agent.id, { messages: [{ role: 'user', content: script }] });
    expect(typesOf(frames)).toEqual([
      'ping',
      'tool_call_message',
      'tool_return_message',
      'assistant_message',
      'stop_reason',
      'usage_statistics',
      '[DONE]',
    ]);
    const [ping] = objects(frames);
    const [run] = (await sandbox.client.runs.list({ agent_id: agent.id })).items;
    expect(ping).toMatchObject({ id: expect.stringMatching(/^ping-/), run_id: run?.id, seq_id: null });
    expect(framesOf(frames, 'stop_reason')).toEqual([{ message_type: 'stop_reason', stop_reason: 'end_turn' }]);
    expect(framesOf(frames, 'usage_statistics')[0]).toMatchObject({ cached_input_tokens: 0, step_count: 2 });
    expect(objects(frames).slice(1, 4)).toEqual((await sandbox.rawTranscript(agent.id)).slice(2));
  });

  it('streams tokens: fragments that share id and otid; the name of a call comes once', async () => {
    const agent = await sandbox.agent(notes);
    const script = scriptOf({ reason: 'A note it is.', call: append }, { say: 'Noted, thank you.' });
    const frames = await sandbox.stream(agent.id, {
      stream_tokens: true,
      messages: [{ role: 'user', content: script }],
    });
    const [, , reasoning, call, returned, said] = await sandbox.rawTranscript(agent.id);
    const joined = (type: string, member: 'reasoning' | 'content') =>
      framesOf(frames, type)
        .map((frame) => frame[member])
        .join('');
    expect(joined('reasoning_message', 'reasoning')).toBe('A note it is.');
    expect(joined('assistant_message', 'content')).toBe('Noted, thank you.');
    expect(framesOf(frames, 'assistant_message').length).toBeGreaterThan(1);
    for (const frame of framesOf(frames, 'reasoning_message')) {
      expect(frame).toMatchObject({ id: reasoning?.id, otid: reasoning?.otid });
    }
    expect(call).toMatchObject({ id: reasoning?.id, otid: otidOf(String(reasoning?.id), 1) });
    expect(framesOf(frames, 'assistant_message')[0]).toMatchObject({ id: said?.id });
    const deltas = framesOf(frames, 'tool_call_message').map((frame) => frame.tool_call);
    expect(deltas[0]).toEqual({ name: 'core_memory_append', tool_call_id: expect.stringMatching(/^call_/) });
    expect(deltas.slice(1).every((delta) => !Object.hasOwn(Object(delta), 'name'))).toBe(true);
    expect(framesOf(frames, 'tool_return_message')).toEqual([returned]);
    expect(framesOf(frames, 'usage_statistics')[0]).toMatchObject({
      cached_input_tokens: null,
      reasoning_tokens: null,
    });
  });

  it('rewrites the arguments of calls that it ran, so that they differ from the stream', async () => {
    const agent = await sandbox.agent(notes);
    const answer = await sandbox.say(agent.id, scriptOf({ call: append }));
    expect(answer.messages[0]).toMatchObject({
      tool_call: { arguments: '{"label": "notes", "content": "tea \\u2014 at five"}' },
    });
  });

  it('sends no ping, and so no early run id, when asked not to', async () => {
    const agent = await sandbox.agent();
    const frames = await sandbox.stream(agent.id, { ...hello, include_pings: false });
    expect(typesOf(frames)).toEqual(['assistant_message', 'stop_reason', 'usage_statistics', '[DONE]']);
  });

  it('is read by the real client, which hides nothing but the mark', async () => {
    const agent = await sandbox.agent();
    const stream = await sandbox.client.agents.messages.create(agent.id, {
      streaming: true,
      stream_tokens: true,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const types: unknown[] = [];
    for await (const frame of stream) types.push(frame.message_type);
    expect([...new Set(types)]).toEqual(['ping', 'assistant_message', 'stop_reason', 'usage_statistics']);
  });

  it('[LF6] shows nothing of a turn in the listing before its step has ended, then the whole step', async () => {
    const agent = await sandbox.agent(notes);
    const script = scriptOf({ call: append }, { stallMs: 600_000, say: 'Later.' });
    const { id: runId } = await sandbox.client.agents.messages.createAsync(agent.id, {
      messages: [{ role: 'user', content: script }],
    });
    const types = async () => (await sandbox.transcript(agent.id)).map((message) => message.message_type);
    await expect.poll(types, { timeout: 10_000 }).toHaveLength(4);
    expect((await types()).slice(1)).toEqual(['user_message', 'tool_call_message', 'tool_return_message']);
    expect(await sandbox.client.runs.retrieve(runId)).toMatchObject({ status: 'created', background: true });
  });

  it('[LF8] keeps runs with microseconds, of which only the end has no zone', async () => {
    const agent = await sandbox.agent();
    await sandbox.say(agent.id, 'Hi');
    const [run] = (await sandbox.client.runs.list({ agent_id: agent.id })).items;
    expect(run).toMatchObject({ status: 'completed', stop_reason: 'end_turn', background: false });
    expect(run?.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(run?.completed_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
    expect(await sandbox.client.agents.retrieve(agent.id)).toMatchObject({ last_stop_reason: 'end_turn' });
  });

  it('stops after max_steps, also right after a tool', async () => {
    const agent = await sandbox.agent(notes);
    const messages = [{ role: 'user' as const, content: scriptOf({ call: append }, { say: 'never' }) }];
    const answer = await sandbox.client.agents.messages.create(agent.id, { messages, max_steps: 1 });
    expect(answer.stop_reason.stop_reason).toBe('max_steps');
    expect(answer.messages.map((message) => message.message_type)).toEqual([
      'tool_call_message',
      'tool_return_message',
    ]);
  });

  it('keeps the input of a turn in which the model produced nothing', async () => {
    const agent = await sandbox.agent();
    const answer = await sandbox.say(agent.id, scriptOf({ nothing: true }));
    expect(answer).toMatchObject({ messages: [], stop_reason: { stop_reason: 'end_turn' } });
    expect((await sandbox.transcript(agent.id)).at(-1)?.message_type).toBe('user_message');
  });

  it('takes input as text, and a message in the role of the assistant', async () => {
    const agent = await sandbox.agent();
    await sandbox.client.agents.messages.create(agent.id, { input: 'plain' });
    const answer = await sandbox.client.agents.messages.create(agent.id, {
      messages: [{ role: 'assistant', content: 'I said this.' }],
    });
    expect(answer.messages.map((message) => message.message_type)).toEqual(['assistant_message']);
    const contents = (await sandbox.rawTranscript(agent.id)).map((message) => message.content);
    expect(contents).toEqual(expect.arrayContaining(['plain', 'I said this.']));
  });

  it('gives only the types that are asked for, in answers and in listings', async () => {
    const agent = await sandbox.agent(notes);
    const answer = await sandbox.client.agents.messages.create(agent.id, {
      messages: [{ role: 'user', content: scriptOf({ call: append }, { say: 'Done.' }) }],
      include_return_message_types: ['assistant_message'],
    });
    expect(answer.messages.map((message) => message.message_type)).toEqual(['assistant_message']);
    const page = await sandbox.client.agents.messages.list(agent.id, {
      include_return_message_types: ['tool_return_message'],
    });
    expect(page.items.map((message) => message.message_type)).toEqual(['tool_return_message']);
  });

  it.each([
    ['no messages', { messages: [] }, 422, { detail: 'Messages must not be empty' }],
    ['neither form of input', {}, 422, { trace_id: '', detail: /'value_error'.*Must specify/ }],
    ['options of a stream without one', { ...hello, stream_tokens: true }, 422, { detail: expect.any(String) }],
    [
      'an unknown role',
      { messages: [{ role: 'boss', content: 'x' }] },
      422,
      { trace_id: '', detail: /'loc': \('body'/ },
    ],
    ['the background', { ...hello, streaming: true, background: true }, 503, { detail: /requires Redis/ }],
  ])('refuses %s', async (_what, body, status, expected) => {
    const agent = await sandbox.agent();
    const answer = await sandbox.post(`/v1/agents/${agent.id}/messages`, body);
    expect(answer.status).toBe(status);
    const said: Record<string, unknown> = await answer.json();
    for (const [key, value] of Object.entries(expected)) {
      if (value instanceof RegExp) expect(said[key]).toMatch(value);
      else expect(said[key]).toEqual(value);
    }
  });

  it('streams to new clients only, but on a conversation to everybody', async () => {
    const agent = await sandbox.agent();
    const old = { 'content-type': 'application/json' };
    const refused = await sandbox.post(`/v1/agents/${agent.id}/messages`, { ...hello, streaming: true }, old);
    expect([refused.status, await refused.json()]).toEqual([
      422,
      { detail: 'streaming=true is only supported for SDK v1.0+ clients.' },
    ]);
    const { id } = await sandbox.client.conversations.create({ agent_id: agent.id });
    const taken = await sandbox.post(`/v1/conversations/${id}/messages`, hello, old);
    expect(taken.headers.get('content-type')).toContain('text/event-stream');
  });

  it('goes on when the client has gone, streamed or not', async () => {
    const agent = await sandbox.agent();
    const leaving = new AbortController();
    const url = `${sandbox.url}/v1/agents/${agent.id}/messages`;
    const headers = { 'content-type': 'application/json', 'x-stainless-package-version': '1.12.1' };
    const script = scriptOf({ stallMs: 300, stallAfterTokens: 1, say: 'Nobody hears me out.' });
    const body = JSON.stringify({
      streaming: true,
      stream_tokens: true,
      messages: [{ role: 'user', content: script }],
    });
    const answer = await fetch(url, { method: 'POST', headers, body, signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    await expect
      .poll(async () => (await sandbox.transcript(agent.id)).at(-1), { timeout: 10_000 })
      .toMatchObject({ content: 'Nobody hears me out.' });
  });
});
