import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestIn, scriptOf, startTestSandbox, type TestSandbox } from './test-sandbox';

const KEEP_ALIVE =
  '<system-alert>Automated keep-alive ping. Ignore this message and continue from where you stopped.</system-alert>';

describe('two requests at once, without locks', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.drop());

  /** Alice at a guarded call that would reach Bob, on an instance whose tools take their time. */
  const waiting = async () => {
    const { client } = await sandbox.again(10);
    const bob = await sandbox.agent();
    const alice = await sandbox.agent({ tools: ['send_message_to_agent_async'] });
    const path = `/v1/agents/${alice.id}/tools/approval/send_message_to_agent_async`;
    await client.patch(path, { query: { requires_approval: true } });
    const call = { tool: 'send_message_to_agent_async', arguments: { message: 'psst', other_agent_id: bob.id } };
    const { id } = requestIn((await sandbox.say(alice.id, scriptOf({ call }, { say: 'Done.' }))).messages);
    const answer = (approve: boolean) =>
      client.agents.messages.create(alice.id, {
        messages: [{ type: 'approval', approvals: [{ type: 'approval', tool_call_id: id, approve }] }],
      });
    const received = async () =>
      (await sandbox.rawTranscript(bob.id)).filter(
        (message) => message.message_type === 'system_message' && String(message.content).includes('psst'),
      );
    return { alice, answer, received };
  };

  it('[LF3] runs two turns of one thread at once, and forgets one of them though both are listed', async () => {
    const agent = await sandbox.agent();
    const slow = (text: string) => sandbox.say(agent.id, scriptOf({ stallMs: 500, say: text }));
    const answers = await Promise.all([slow('first'), slow('second')]);
    expect(answers.map((answer) => answer.stop_reason.stop_reason)).toEqual(['end_turn', 'end_turn']);
    const listed = await sandbox.transcript(agent.id);
    expect(listed).toHaveLength(5);
    const { message_ids: context } = await sandbox.client.agents.retrieve(agent.id);
    expect(context).toHaveLength(3);
    expect(listed.map((message) => message.id)).toEqual(expect.arrayContaining(context ?? []));
  });

  it('[LF4] applies two approvals of one call, so that the tool runs twice', async () => {
    const { answer, received } = await waiting();
    await Promise.all([answer(true), answer(true)]);
    expect(await received()).toHaveLength(2);
  });

  it('[LF4] records a denial and runs the tool all the same when both answers come at once', async () => {
    const { alice, answer, received } = await waiting();
    await Promise.all([answer(false), answer(true)]);
    expect(await received()).toHaveLength(1);
    const responses = (await sandbox.rawTranscript(alice.id)).filter(
      (message) => message.message_type === 'approval_response_message',
    );
    expect(responses).toHaveLength(2);
    expect(responses).toEqual(
      expect.arrayContaining([expect.objectContaining({ approve: true }), expect.objectContaining({ approve: false })]),
    );
  });

  it('[LF5] takes a late second answer for a reason to ask the model again, under a made-up message', async () => {
    const { alice, answer, received } = await waiting();
    await answer(true);
    const late = await answer(true);
    expect(late.stop_reason.stop_reason).toBe('end_turn');
    expect(late.usage.step_count).toBe(1);
    expect(await received()).toHaveLength(1);
    const listed = await sandbox.transcript(alice.id);
    expect(listed.at(-2)).toMatchObject({ message_type: 'user_message', content: KEEP_ALIVE });
    expect(listed.at(-1)?.message_type).toBe('assistant_message');
  });

  it('runs two threads of one agent side by side', async () => {
    const agent = await sandbox.agent();
    const { id } = await sandbox.client.conversations.create({ agent_id: agent.id });
    const inThread = sandbox.client.conversations.messages.create(id, {
      messages: [{ role: 'user', content: scriptOf({ stallMs: 400, say: 'in the thread' }) }],
    });
    const direct = sandbox.say(agent.id, scriptOf({ stallMs: 400, say: 'direct' }));
    for await (const _ of await inThread);
    await direct;
    const { message_ids: context } = await sandbox.client.agents.retrieve(agent.id);
    const { in_context_message_ids: ofThread } = await sandbox.client.conversations.retrieve(id);
    expect([context?.length, ofThread?.length]).toEqual([3, 3]);
  });
});
