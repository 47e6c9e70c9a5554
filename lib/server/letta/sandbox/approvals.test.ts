import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { framesOf, requestIn, scriptOf, startTestSandbox, type TestSandbox, typesOf } from './test-sandbox';

const source = 'def pay_invoice(amount: int, to: str) -> str:\n    """Pays."""\n    return "paid"';
const pay = { tool: 'pay_invoice', arguments: { amount: 5, to: 'X' } };
const append = (content: string) => ({ tool: 'core_memory_append', arguments: { label: 'notes', content } });

describe('calls that wait for an answer', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
    await sandbox.client.tools.upsert({ source_code: source, default_requires_approval: true });
  });
  afterAll(() => sandbox.drop());

  const spender = () => sandbox.agent({ tools: ['pay_invoice'] });
  const parallel = () =>
    sandbox.agent({
      memory_blocks: [{ label: 'notes', value: 'none' }],
      tools: ['pay_invoice', 'core_memory_append'],
      model_settings: { provider_type: 'openai', parallel_tool_calls: true },
    });
  const verdict = (id: string, approve: boolean, reason?: string) => ({
    ...{ type: 'approval' as const, tool_call_id: id, approve },
    ...(reason && { reason }),
  });
  const result = (id: string, text: string) => ({
    ...{ type: 'tool' as const, tool_call_id: id, tool_return: text, status: 'success' as const },
  });
  const answer = (agentId: string, ...approvals: (ReturnType<typeof verdict> | ReturnType<typeof result>)[]) =>
    sandbox.client.agents.messages.create(agentId, { messages: [{ type: 'approval', approvals }] });

  /** Has the agent make calls, and gives the ids of those that wait. */
  const ask = async (agentId: string, ...calls: { tool: string; arguments: object }[]) => {
    const script = JSON.stringify({ script: [{ reason: 'I had better ask.', calls }, { say: 'Thanks.' }] });
    const asked = await sandbox.say(agentId, script);
    return { asked, ...requestIn(asked.messages) };
  };

  it('stop for a tool that asks for approval by default, by a rule made on attaching', async () => {
    const agent = await spender();
    expect(agent.tool_rules).toEqual([{ type: 'requires_approval', tool_name: 'pay_invoice', prompt_template: null }]);
    const { asked, request } = await ask(agent.id, pay);
    expect(asked.stop_reason.stop_reason).toBe('requires_approval');
    expect(asked.messages.map((message) => message.message_type)).toEqual([
      'reasoning_message',
      'approval_request_message',
    ]);
    expect(request).toMatchObject({
      otid: request.id,
      tool_call: { name: 'pay_invoice', arguments: '{"amount":5,"to":"X"}' },
      tool_calls: [{ name: 'pay_invoice' }],
    });
    const [run] = (await sandbox.client.runs.list({ stop_reason: 'requires_approval', agent_id: agent.id })).items;
    expect(run).toMatchObject({ id: request.run_id, status: 'completed' });
  });

  it('stop by a rule given on creation, which brings rules for the server’s own tools with it', async () => {
    const agent = await sandbox.agent({
      tools: ['core_memory_append', 'send_message_to_agent_async'],
      tool_rules: [{ type: 'requires_approval', tool_name: 'core_memory_append' }],
    });
    const kinds = agent.tool_rules?.map((rule) => `${rule.type} ${rule.tool_name}`);
    expect(kinds?.toSorted()).toEqual([
      'continue_loop core_memory_append',
      'exit_loop send_message_to_agent_async',
      'requires_approval core_memory_append',
    ]);
    expect((await ask(agent.id, append('x'))).asked.stop_reason.stop_reason).toBe('requires_approval');
  });

  it('[LF11] stop by PATCH with a query, where the client’s own method always fails', async () => {
    const agent = await sandbox.agent({ tools: ['core_memory_append'] });
    const path = `/v1/agents/${agent.id}/tools/approval/core_memory_append`;
    const set = { agent_id: agent.id, body_requires_approval: true };
    await expect(sandbox.client.agents.tools.updateApproval('core_memory_append', set)).rejects.toMatchObject({
      status: 422,
    });
    expect(await sandbox.client.patch(path, { query: { requires_approval: true } })).toBeNull();
    expect((await ask(agent.id, append('x'))).ids).toHaveLength(1);
    await sandbox.client.patch(path, { query: { requires_approval: false } });
    expect(await sandbox.client.agents.retrieve(agent.id)).toMatchObject({ tool_rules: [{ type: 'continue_loop' }] });
  });

  it('make no rule of a tool’s default when tool_ids are set', async () => {
    const agent = await sandbox.agent();
    const [tool] = (await sandbox.client.tools.list({ name: 'pay_invoice' })).items;
    const changed = await sandbox.client.agents.update(agent.id, { tool_ids: [tool?.id ?? ''] });
    expect(changed).toMatchObject({ tools: [{ name: 'pay_invoice' }], tool_rules: [] });
    await sandbox.client.agents.tools.attach(tool?.id ?? '', { agent_id: agent.id });
    expect((await sandbox.client.agents.retrieve(agent.id)).tool_rules).toHaveLength(1);
  });

  it('show in pending_approval only when that is asked for, and block what is said meanwhile', async () => {
    const agent = await spender();
    const { request } = await ask(agent.id, pay);
    expect((await sandbox.client.agents.retrieve(agent.id)).pending_approval).toBeNull();
    const include = ['agent.pending_approval' as const];
    const listed = (await sandbox.client.agents.list({ include, limit: 100 })).items.find(
      (each) => each.id === agent.id,
    );
    expect(listed?.pending_approval).toEqual(request);
    await expect(sandbox.say(agent.id, 'And?')).rejects.toMatchObject({
      status: 409,
      error: {
        detail: {
          code: 'PENDING_APPROVAL',
          message: expect.stringMatching(/^CONFLICT: Cannot send a new message: The agent is waiting/),
          pending_request_id: request.id,
        },
      },
    });
    const frames = await sandbox.stream(agent.id, { messages: [{ role: 'user', content: 'And?' }] });
    expect(typesOf(frames)).toEqual(['ping', 'stop_reason', 'error_message', '[DONE]']);
    expect(framesOf(frames, 'error_message')[0]).toMatchObject({
      error_type: 'internal_error',
      message: expect.stringContaining('CONFLICT'),
    });
    const failed = (await sandbox.client.runs.list({ agent_id: agent.id, statuses: ['failed'] })).items;
    expect(failed).toHaveLength(2);
  });

  it('run when approved: the response is only in the listing, the return belongs to the old step and the new run', async () => {
    const agent = await spender();
    const { id, request } = await ask(agent.id, pay);
    const answered = await answer(agent.id, verdict(id, true, 'by Dana'));
    expect(answered.messages.map((message) => message.message_type)).toEqual([
      'tool_return_message',
      'assistant_message',
    ]);
    const [response, returned, said] = (await sandbox.rawTranscript(agent.id)).slice(-3);
    expect(response).toMatchObject({
      message_type: 'approval_response_message',
      approvals: [{ type: 'approval', tool_call_id: id, approve: true, reason: 'by Dana' }],
      ...{ approve: true, approval_request_id: id, reason: 'by Dana', otid: null, step_id: null },
    });
    expect(returned).toMatchObject({ name: 'pay_invoice', status: 'success', step_id: request.step_id });
    expect(returned?.run_id).toBe(said?.run_id);
    expect(returned?.run_id).not.toBe(request.run_id);
    expect(response?.run_id).toBe(said?.run_id);
  });

  it('end with the server’s own words when denied', async () => {
    const agent = await spender();
    const { id } = await ask(agent.id, pay);
    const denied = await answer(agent.id, verdict(id, false, 'too much'));
    expect(denied.messages[0]).toMatchObject({
      status: 'error',
      tool_return: 'Error: request to call tool denied. User reason: too much',
      tool_returns: [{ status: 'error', tool_call_id: id }],
    });
    expect(denied.messages.at(-1)).toMatchObject({ content: 'Thanks.' });
  });

  it('take a result in place of a verdict; history keeps the arguments of the call', async () => {
    const agent = await spender();
    const { id } = await ask(agent.id, pay);
    const given = await answer(agent.id, result(id, "{'paid': 4}"));
    expect(given.messages[0]).toMatchObject({ tool_return: "{'paid': 4}", status: 'success', name: null });
    const [request, response] = (await sandbox.rawTranscript(agent.id)).slice(-4);
    expect(request?.tool_call).toMatchObject({ arguments: '{"amount":5,"to":"X"}' });
    expect(response).toMatchObject({
      approvals: [{ type: 'tool', tool_call_id: id, tool_return: "{'paid': 4}" }],
      ...{ approve: null, approval_request_id: null },
    });
  });

  it.each([
    ['an approval', true, ['ping', 'tool_return_message']],
    ['a denial', false, ['ping', 'assistant_message']],
  ])('tell the return of %s in a stream of tokens only when the tool ran', async (_what, approve, first) => {
    const agent = await spender();
    const { id } = await ask(agent.id, pay);
    const messages = [{ type: 'approval', approvals: [verdict(id, approve)] }];
    const frames = await sandbox.stream(agent.id, { stream_tokens: true, messages });
    expect(typesOf(frames).slice(0, 2)).toEqual(first);
    const types = (await sandbox.transcript(agent.id)).slice(-3).map((message) => message.message_type);
    expect(types).toEqual(['approval_response_message', 'tool_return_message', 'assistant_message']);
  });

  it('stream what was said before the call under another id than they list it', async () => {
    const agent = await spender();
    const content = scriptOf({ reason: 'I had better ask.', call: pay });
    const frames = await sandbox.stream(agent.id, { stream_tokens: true, messages: [{ role: 'user', content }] });
    const [reasoning, request] = (await sandbox.rawTranscript(agent.id)).slice(-2);
    expect(reasoning?.id).toBe(request?.id);
    expect(framesOf(frames, 'approval_request_message')[0]).toMatchObject({
      ...{ id: request?.id, otid: request?.id },
      tool_call: { name: 'pay_invoice', arguments: null },
    });
    expect(framesOf(frames, 'reasoning_message')[0]?.id).not.toBe(reasoning?.id);
    const pieces = framesOf(frames, 'approval_request_message').map(
      ({ tool_call: call }) => Object(call).arguments ?? '',
    );
    expect(pieces.join('')).toBe('{"amount":5,"to":"X"}');
  });

  it('refuse answers that do not fit, and answers where nothing waits', async () => {
    const agent = await spender();
    const refusal = (detail: unknown) => ({ status: 400, error: { detail } });
    await expect(answer(agent.id, verdict('call_x', true))).rejects.toMatchObject(
      refusal(expect.stringContaining('No tool call is currently awaiting approval')),
    );
    const { id } = await ask(agent.id, pay);
    await expect(answer(agent.id, verdict('call_x', true))).rejects.toMatchObject(
      refusal(`Invalid tool call IDs. Expected '['${id}']', but received '['call_x']'.`),
    );
    expect((await answer(agent.id, verdict(id, true))).stop_reason.stop_reason).toBe('end_turn');
  });

  it('take the older form of an answer, and words of a person together with an answer', async () => {
    const agent = await spender();
    const { request } = await ask(agent.id, pay);
    const older = [{ type: 'approval' as const, approve: true, approval_request_id: request.id }];
    const done = await sandbox.client.agents.messages.create(agent.id, { messages: older });
    expect(done.messages[0]).toMatchObject({ message_type: 'tool_return_message', status: 'success' });
    const { id } = await ask(agent.id, pay);
    const both = [
      { type: 'approval' as const, approvals: [verdict(id, true)] },
      { role: 'user' as const, content: 'Go on.' },
    ];
    const answered = await sandbox.client.agents.messages.create(agent.id, { messages: both });
    expect(answered.messages.at(-1)).toMatchObject({ content: 'I heard: Go on.' });
  });

  it('wait together: all answers at once, one return for all, and the free call runs only then', async () => {
    const agent = await parallel();
    const { asked, ids } = await ask(agent.id, append('free'), pay, { ...pay, arguments: { amount: 6, to: 'Y' } });
    expect(asked.messages.map((message) => message.message_type)).toEqual([
      ...['reasoning_message', 'tool_call_message', 'approval_request_message'],
    ]);
    expect(ids).toHaveLength(2);
    const notes = async () => (await sandbox.client.agents.blocks.retrieve('notes', { agent_id: agent.id })).value;
    expect(await notes()).toBe('none');
    const [one = '', two = ''] = ids;
    await expect(answer(agent.id, verdict(one, true))).rejects.toMatchObject({
      status: 400,
      error: { detail: `Invalid tool call IDs. Expected '['${one}', '${two}']', but received '['${one}']'.` },
    });
    const done = await answer(agent.id, verdict(one, true), verdict(two, false, 'no'));
    const [returned] = done.messages;
    expect(returned).toMatchObject({
      ...{ message_type: 'tool_return_message', name: 'pay_invoice', status: 'error', tool_call_id: two },
      tool_returns: [{ tool_call_id: two }, { tool_call_id: one }, { status: 'success' }],
    });
    expect(await notes()).toBe('none\nfree');
  });

  it('lose all calls but the first, silently, where the agent takes one at a time', async () => {
    const agent = await sandbox.agent({ tools: ['pay_invoice', 'core_memory_append'] });
    const { ids, asked } = await ask(agent.id, pay, append('lost'));
    expect(ids).toHaveLength(1);
    expect(JSON.stringify(asked.messages)).not.toContain('lost');
    expect(agent.llm_config.parallel_tool_calls).toBe(false);
    expect(agent.model_settings).toMatchObject({ parallel_tool_calls: true });
  });

  it('can be run around the approval, with other arguments', async () => {
    const agent = await spender();
    const { id } = await ask(agent.id, pay);
    const ran = await sandbox.client.agents.tools.run('pay_invoice', {
      agent_id: agent.id,
      args: { amount: 4, to: 'X' },
    });
    expect(ran).toMatchObject({ status: 'success', func_return: expect.stringContaining('amount=4') });
    expect((await answer(agent.id, result(id, 'edited'))).stop_reason.stop_reason).toBe('end_turn');
  });

  it('are given up by name of their run, not by the agent alone', async () => {
    const agent = await spender();
    const { id, request } = await ask(agent.id, pay);
    await expect(sandbox.client.agents.messages.cancel(agent.id)).rejects.toMatchObject({ status: 409 });
    const runId = request.run_id;
    expect(await sandbox.client.agents.messages.cancel(agent.id, { run_ids: [runId] })).toEqual({
      [runId]: 'cancelled',
    });
    const [response, returned] = (await sandbox.transcript(agent.id)).slice(-2);
    expect(response).toMatchObject({ message_type: 'approval_response_message', approve: false });
    expect(returned).toMatchObject({
      tool_call_id: id,
      tool_return: expect.stringContaining('The user cancelled the request, so the tool call was denied.'),
    });
    expect((await sandbox.say(agent.id, 'On we go')).stop_reason.stop_reason).toBe('end_turn');
  });

  it('survive a restart, and any instance takes the answer', async () => {
    const agent = await spender();
    const { id } = await ask(agent.id, pay);
    const other = await sandbox.again();
    const messages = [{ type: 'approval' as const, approvals: [verdict(id, true)] }];
    const answered = await other.client.agents.messages.create(agent.id, { messages });
    expect(answered.messages[0]).toMatchObject({ status: 'success' });
  });

  it('find their tool gone when it was detached meanwhile', async () => {
    const agent = await spender();
    const { id } = await ask(agent.id, pay);
    const [tool] = (await sandbox.client.agents.tools.list(agent.id)).items;
    await sandbox.client.agents.tools.detach(tool?.id ?? '', { agent_id: agent.id });
    expect((await answer(agent.id, verdict(id, true))).messages[0]).toMatchObject({
      status: 'error',
      tool_return: 'Tool not found',
    });
  });

  it('may be of tools that only the caller has', async () => {
    const agent = await sandbox.agent();
    const script = scriptOf({ call: { tool: 'look_outside', arguments: {} } }, { say: 'Sunny, then.' });
    const asked = await sandbox.client.agents.messages.create(agent.id, {
      messages: [{ role: 'user', content: script }],
      client_tools: [{ name: 'look_outside' }],
    });
    const answered = await answer(agent.id, result(requestIn(asked.messages).id, 'sun'));
    expect(answered.messages.at(-1)).toMatchObject({ content: 'Sunny, then.' });
  });

  it('wait in a thread without showing on the agent, and without blocking its other threads', async () => {
    const agent = await spender();
    const { id } = await sandbox.client.conversations.create({ agent_id: agent.id });
    const body = { messages: [{ role: 'user' as const, content: scriptOf({ call: pay }) }] };
    for await (const _ of await sandbox.client.conversations.messages.create(id, body));
    const last = (await sandbox.client.conversations.messages.list(id)).items.at(-1);
    expect(last?.message_type).toBe('approval_request_message');
    const shown = await sandbox.client.agents.retrieve(agent.id, { include: ['agent.pending_approval'] });
    expect(shown.pending_approval).toBeNull();
    expect((await sandbox.say(agent.id, 'Free?')).stop_reason.stop_reason).toBe('end_turn');
  });
});
