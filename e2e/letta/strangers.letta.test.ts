import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { apiOf } from '@/e2e/program/api';
import { Conversation } from '@/lib/protocol/conversation';
import { type Entry, knownEntry, type PayloadOf } from '@/lib/protocol/entry';
import type { ConversationId } from '@/lib/protocol/ids';
import { type ParleyProgram, startParleyProgram } from '@/lib/testing/parley-program';
import { ASYNC, WAIT } from './make-talk';
import { pollUntil } from './poll-until';
import type { ScriptedMove } from './scripted-role';
import { type RealLetta, startRealLetta } from './start-real-letta';

const START_MS = 600_000;
const STEP_MS = 30_000;
const Made = z.looseObject({ id: z.string() });

/** Agents that another client made in Letta, and what it sends there. */
describe.runIf(inject('lettaIsHere'))('what others do on the real Letta', () => {
  let letta: RealLetta;
  let program: ParleyProgram;
  const opened: ConversationId[] = [];
  const api = () => apiOf(program.url);
  const post = async (path: string, body: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${letta.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`POST ${path}: ${await answer.text()}`);
    return answer.json();
  };
  const make = async (name: string, more: object = {}): Promise<string> =>
    Made.parse(await post('/v1/agents/', { name, model: letta.model.handle, tools: [ASYNC, WAIT], ...more })).id;
  const open = async (agentIds: string[], more: object = {}): Promise<ConversationId> => {
    const body = { seats: agentIds.map((agentId) => ({ agentId })), ...more };
    const { id } = Conversation.parse(await api().ask({ method: 'POST', path: '/api/conversations', body }));
    opened.push(id);
    return id;
  };
  const say = (id: ConversationId, moves: ScriptedMove[]) =>
    api().ask({
      method: 'POST',
      path: `/api/conversations/${id}/messages`,
      body: { to: 'a', content: letta.model.ask(moves) },
    });
  const facts = async (id: ConversationId): Promise<Entry[]> =>
    (await api().entries(id)).flatMap((entry) => knownEntry(entry) ?? []);
  const seen = async (id: ConversationId): Promise<PayloadOf<'message.seen'>[]> =>
    (await facts(id)).flatMap((fact) => (fact.type === 'message.seen' ? [fact.payload] : []));
  const rests = async (id: ConversationId): Promise<void> => {
    let last: unknown;
    const isIdle = async () => {
      last = await api().ask({ path: `/api/conversations/${id}` });
      return Conversation.parse(last).state === 'idle';
    };
    await pollUntil(isIdle, STEP_MS, () => JSON.stringify(last));
  };

  beforeAll(async () => {
    letta = await startRealLetta({ log: (line) => process.stdout.write(`${line}\n`) });
    program = await startParleyProgram({ env: { LETTA_BASE_URL: letta.url, PARLEY_SANDBOX: 'off' } });
  }, START_MS);
  afterAll(async () => {
    await program?.stop();
    await letta?.stop();
  }, START_MS);
  afterEach(async () => {
    for (const id of opened.splice(0)) {
      await api().ask({ method: 'PATCH', path: `/api/conversations/${id}`, body: { state: 'stopped' } });
    }
  });

  it.each(['memgpt_v2_agent', 'memgpt_agent'])(
    '[LF13] a message of an agent of the kind %s is carried once',
    async (kind) => {
      const older = { agent_type: kind, tools: [ASYNC, WAIT, 'send_message'] };
      const [alice, bob] = [await make('Alice', older), await make('Bob', older)];
      const speak = (message: string): ScriptedMove => ({
        kind: 'call',
        calls: [{ tool: 'send_message', arguments: { thinking: 'What shall I say?', message } }],
      });
      const id = await open([alice, bob]);
      const question = letta.model.ask([speak('Four.')]);
      const call = {
        tool: WAIT,
        arguments: { thinking: 'I ask.', message: question, other_agent_id: bob, request_heartbeat: true },
      };
      await say(id, [{ kind: 'call', calls: [call] }, speak('They say four.')]);
      const hasSaid = async (words: string) => (await seen(id)).filter(({ content }) => content === words).length;
      await expect.poll(() => hasSaid('They say four.'), { timeout: STEP_MS }).toBe(1);
      await rests(id);
      expect(letta.model.turnsOf(question), 'requests of Bob: the message was heard once').toBe(1);
      const all = await facts(id);
      expect(all.filter(({ type }) => type === 'message.sent')).toHaveLength(1);
      expect(all.find(({ type }) => type === 'message.answered')?.payload).toMatchObject({
        status: 'success',
        text: `{'agent_id': '${bob}', 'response': ['Four.']}`,
      });
      // All that anybody else reads of them has been read by now, too.
      await say(id, [speak('And so on.')]);
      await expect.poll(() => hasSaid('And so on.'), { timeout: STEP_MS }).toBe(1);
      await rests(id);
      const said = (await seen(id)).filter(({ messageType, runId }) => messageType === 'assistant_message' && runId);
      expect(said.map(({ content }) => content)).toEqual(['Four.', 'They say four.', 'And so on.']);
      // What an agent heard is read from the listing, a moment after its turn has ended.
      const heard = async () =>
        (await seen(id)).filter(({ messageType, runId }) => messageType === 'user_message' && runId).length;
      await expect.poll(heard, { timeout: STEP_MS }).toBe(2);
    },
  );

  it('[LF14] a message that Letta cannot list keeps nobody from being heard', async () => {
    const [alice, bob] = [await make('Carol'), await make('Dan')];
    const id = await open([alice, bob]);
    await say(id, [{ kind: 'say', text: 'Good day.' }]);
    await rests(id);
    const parts = ['You are in a hurry.', letta.model.ask([{ kind: 'say', text: 'I hurry.' }])];
    const content = parts.map((text) => ({ type: 'text', text }));
    await post(`/v1/agents/${alice}/messages`, { messages: [{ role: 'system', content }] });
    await say(id, [{ kind: 'say', text: 'Here I am.' }]);
    const words = async () =>
      (await seen(id)).flatMap((message) => (message.seat === 'a' && message.runId && message.content) || []);
    await expect.poll(words, { timeout: STEP_MS }).toEqual(expect.arrayContaining(['I hurry.', 'Here I am.']));
    await rests(id);
    expect((await words()).filter((each) => each === 'I hurry.')).toHaveLength(1);
    expect((await seen(id)).filter(({ messageType }) => messageType === 'unknown')).toHaveLength(1);
  });
});
