import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Conversation, Speak } from '@/lib/protocol/conversation';
import { type AgentId, ServerName } from '@/lib/protocol/ids';
import { changeConversation } from '@/lib/server/conversations/change-conversation';
import { listConversations } from '@/lib/server/conversations/read-conversations';
import { speak } from '@/lib/server/conversations/speak';
import { askTool, sandboxTalk, tellTool } from '@/lib/testing/sandbox-talk';
import { createTestRuntime, type TestRuntime } from '@/lib/testing/test-runtime';
import { type RealLetta, startRealLetta } from './start-real-letta';

const START_MS = 600_000;
const within = { timeout: 45_000, interval: 100 };
const tools = [tellTool, askTool, 'core_memory_append'];

describe.runIf(inject('lettaIsHere'))('what the real Letta delivers by itself', () => {
  let letta: RealLetta;
  let t: TestRuntime;
  const server = ServerName.parse('letta');
  const { agent, only, open, listed, gateway, stopAll } = sandboxTalk(() => t, server);
  const make = (name: string) => agent(name, { server, model: letta.model.handle, tools, human: 'Likes tea.' });
  const say = (text: string) => ({ kind: 'say' as const, text });
  const call = (tool: string, message: string, to: AgentId) => ({
    kind: 'call' as const,
    calls: [{ tool, arguments: { message, other_agent_id: to } }],
  });
  const tell = async (agentId: AgentId, text: string) => {
    const input = { kind: 'user' as const, text, otid: crypto.randomUUID() };
    for await (const event of gateway().send({ agentId, threadId: null }, input)) expect(event.kind).toBeTruthy();
  };
  const between = async (one: AgentId): Promise<Conversation[]> =>
    (await listConversations(t.database.pool, t.rt.workspaceId, { limit: 500 })).items.filter(
      ({ observed, seats }) => observed && seats.some(({ agentId }) => agentId === one),
    );

  beforeAll(async () => {
    letta = await startRealLetta({ log: (line) => process.stdout.write(`${line}\n`) });
    t = await createTestRuntime({ LETTA_BASE_URL: letta.url, PARLEY_SANDBOX: 'off' });
  }, START_MS);
  afterEach(() => stopAll());
  afterAll(async () => {
    await t?.close();
    await letta?.stop();
  }, START_MS);

  it('is linked at both ends, whatever it is wrapped in and however late the call is listed', async () => {
    const [alice, bob] = [await make('Alice'), await make('Bob')];
    const talk = await open([alice, bob], { conveyance: 'engine' });
    const question = `Are you There? ${letta.model.ask([say('I am here.')])}`;
    await tell(alice, letta.model.ask([call(askTool, question, bob), say('They are there.')]));
    await expect.poll(async () => (await only(talk, 'message.answered')).length, within).toBe(1);
    await expect.poll(async () => (await only(talk, 'message.received')).length, within).toBe(1);
    const [sent] = await only(talk, 'message.sent');
    const [received] = await only(talk, 'message.received');
    expect(received).toMatchObject({ conveyanceId: sent?.conveyanceId, content: question, from: 'a', to: 'b' });
    const arrived = (await listed(bob)).find(({ otid }) => otid !== null && otid === received?.otid);
    expect(arrived).toMatchObject({ messageType: 'system_message', senderId: null });
    expect(arrived?.content).toContain(`\n${question.toLowerCase()}`);
    expect(await only(talk, 'message.answered')).toMatchObject([
      { status: 'success', text: `{'agent_id': '${bob}', 'response': ['I am here.']}` },
    ]);
  });

  it('appears as an observed conversation from its first message on, and can be adopted', async () => {
    const [alice, bob] = [await make('Carol'), await make('Dan')];
    const words = `For you: ${letta.model.ask([say('Thank you.')])}`;
    await tell(alice, letta.model.ask([call(tellTool, words, bob)]));
    await expect.poll(async () => (await between(alice)).length, within).toBe(1);
    const [talk] = await between(alice);
    if (!talk) throw new Error('it is not observed');
    await expect.poll(async () => (await only(talk, 'message.answered')).length, within).toBe(1);
    await expect.poll(async () => (await only(talk, 'message.received')).length, within).toBe(1);
    const [sent] = await only(talk, 'message.sent');
    expect(await only(talk, 'message.received')).toMatchObject([{ conveyanceId: sent?.conveyanceId, content: words }]);
    const seen = (await only(talk, 'message.seen')).map(({ seat, messageType }) => `${seat} ${messageType}`);
    expect(seen).toEqual(
      expect.arrayContaining(['a user_message', 'a tool_call_message', 'a tool_return_message', 'b assistant_message']),
    );
    await changeConversation(t.rt, t.ana, talk.id, { conveyance: 'tool' });
    expect((await gateway().findAgent(alice))?.approvalTools).toContain(tellTool);
    await changeConversation(t.rt, t.ana, talk.id, { state: 'stopped' });
  });

  it('relays what agents say, and tells what they write into their memory', async () => {
    const [alice, bob] = [await make('Eve'), await make('Finn')];
    const talk = await open([alice, bob], { conveyance: 'relay', maxTurns: 2 });
    const reply = letta.model.ask([say('Noted, and back.')]);
    const remember = { tool: 'core_memory_append', arguments: { label: 'human', content: 'Likes coffee.' } };
    await tell(alice, letta.model.ask([{ kind: 'call', calls: [remember] }, say('Noted.')]));
    await expect.poll(async () => (await only(talk, 'memory.changed')).length, within).toBe(1);
    expect(await only(talk, 'memory.changed')).toMatchObject([{ label: 'human', before: 'Likes tea.' }]);
    const content = letta.model.ask([say(`Over to you. ${reply}`)]);
    await speak(t.rt, t.ana, talk.id, Speak.parse({ to: 'a', content }));
    await expect.poll(async () => (await only(talk, 'message.received')).length, within).toBe(2);
    const carried = (await only(talk, 'message.received')).map(({ from, content: said }) => [from, said]);
    expect(carried).toEqual([
      ['a', `Over to you. ${reply}`],
      ['b', 'Noted, and back.'],
    ]);
  });
});
