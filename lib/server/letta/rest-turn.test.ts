import { describe, expect, it } from 'vitest';
import type { AgentMessage } from '@/lib/protocol/message';
import type { TurnEvent } from './gateway';
import { toAgentMessage } from './rest-message';
import { readTurn } from './rest-turn';

const ids = { run_id: 'run-1', step_id: 'step-1', date: '2026-11-21T01:00:34+00:00' };
const ping = { id: 'ping-1', message_type: 'ping', run_id: 'run-1' };
const stop = (stop_reason: string) => ({ message_type: 'stop_reason', stop_reason });
const says = (content: string, more: object = {}) => ({
  id: 'm-2',
  message_type: 'assistant_message',
  content,
  ...ids,
  ...more,
});
const calls = (type: string, id: string, call: object) => ({
  id,
  message_type: type,
  tool_call: call,
  tool_calls: call,
  ...ids,
});
const error = (detail: string) => ({ message_type: 'error_message', message: 'It failed.', detail, run_id: 'run-1' });

async function read(
  frames: unknown[],
  options: { answers?: boolean; isOlder?: boolean; stored?: AgentMessage[]; told?: TurnEvent[] } = {},
) {
  const asked: string[] = [];
  async function* arriving() {
    yield* frames;
  }
  const context = {
    answers: options.answers ?? false,
    isOlder: async () => options.isOlder ?? false,
    listRun: async (runId: string) => {
      asked.push(runId);
      return options.stored ?? [];
    },
    onRun: () => undefined,
  };
  const events = options.told ?? [];
  for await (const event of readTurn(arriving(), context)) events.push(event);
  const messages = events.flatMap((event) => (event.kind === 'message' ? event.message : []));
  return { events, messages, asked };
}

const usage = {
  message_type: 'usage_statistics',
  prompt_tokens: 5,
  completion_tokens: 2,
  total_tokens: 7,
  step_count: 1,
};

describe('the frames of a turn', () => {
  it('are told as they come, and the message when the step is over', async () => {
    const { events } = await read([ping, says('Good '), says('day.'), stop('end_turn')]);
    expect(events.map((event) => event.kind)).toEqual(['accepted', 'delta', 'delta', 'message', 'ended']);
    expect(events[0]).toEqual({ kind: 'accepted', runId: 'run-1' });
    expect(events[3]).toMatchObject({ message: { messageId: 'm-2', content: 'Good day.' } });
  });

  it('[LF13] are not trusted where the agent is of an older kind: what is stored is told', async () => {
    const kept = [
      { id: 'm-1', message_type: 'user_message', content: 'Speak.', ...ids },
      { id: 'm-2', message_type: 'reasoning_message', reasoning: 'Shall I?', ...ids },
      says('Yes.'),
    ].map((raw) => toAgentMessage(raw));
    const thinks = { id: 'm-2', message_type: 'reasoning_message', reasoning: 'Shall I?', ...ids };
    const { events, messages } = await read([ping, thinks, stop('end_turn'), usage], { isOlder: true, stored: kept });
    expect(messages).toEqual(kept.slice(1));
    expect(events.map((event) => event.kind)).toEqual(['accepted', 'delta', 'usage', 'message', 'message', 'ended']);
  });

  it('become messages under the ids that the engine stores', async () => {
    const call = { tool_call_id: 'c1', name: 'pay', arguments: '{"a"' };
    const frames = [
      ping,
      says('May I?'),
      calls('approval_request_message', 'm-1', call),
      calls('approval_request_message', 'm-1', { tool_call_id: 'c1', name: null, arguments: ':1}' }),
      stop('requires_approval'),
    ];
    const { events, messages } = await read(frames);
    expect(messages.map((message) => [message.messageId, message.content ?? message.toolCall?.arguments])).toEqual([
      ['m-1', 'May I?'],
      ['m-1', '{"a":1}'],
    ]);
    expect(events.find((event) => event.kind === 'message')).toHaveProperty('deltaId', 'm-2');
  });

  it('of a step that was streamed whole are told once', async () => {
    const call = { tool_call_id: 'c1', name: 'pay', arguments: '{}' };
    const whole = { ...calls('tool_call_message', 'm-2', call), tool_calls: [call] };
    const { messages } = await read([ping, whole, says('x', { id: 'm-3', step_id: 'step-2' }), stop('end_turn')]);
    expect(messages.map((message) => message.messageType)).toEqual(['tool_call_message', 'assistant_message']);
  });

  it('of parallel calls give way to what the engine has kept', async () => {
    const frames = ['c1', 'c2'].map((tool_call_id) =>
      calls('tool_call_message', 'm-2', { tool_call_id, name: 'pay', arguments: '{}' }),
    );
    const kept = toAgentMessage({ ...frames[0], tool_calls: [{ tool_call_id: 'c1', name: 'pay', arguments: '{}' }] });
    const { messages, asked } = await read([ping, ...frames, stop('end_turn')], { stored: [kept] });
    expect(asked).toEqual(['run-1']);
    expect(messages).toEqual([kept]);
    const { messages: unlisted } = await read([ping, ...frames, stop('end_turn')]);
    expect(unlisted[0]?.toolCalls).toHaveLength(2);
  });

  it('leave out the return of an answered call, which is fetched once and told before the reply', async () => {
    const back = { id: 'm-9', message_type: 'tool_return_message', tool_call_id: 'c1', tool_return: 'x', ...ids };
    const stored = [toAgentMessage(back)];
    const { events, asked } = await read([ping, says('Thanks.'), stop('end_turn')], { answers: true, stored });
    expect(asked).toEqual(['run-1']);
    expect(events.map((event) => (event.kind === 'message' ? event.message.messageType : event.kind))).toEqual([
      'accepted',
      'delta',
      'tool_return_message',
      'assistant_message',
      'ended',
    ]);
    const failed = await read([ping, stop('llm_api_error'), error('ill')], { answers: true, stored });
    expect(failed.messages).toEqual(stored);
    const streamed = await read([ping, back, says('Thanks.'), stop('end_turn')], { answers: true, stored: [] });
    expect(streamed.asked).toEqual([]);
  });

  it.each(['cancelled', 'llm_api_error', 'error', 'a reason that is new'])(
    'of a step that ends with %s become none',
    async (reason) => {
      const { events, messages } = await read([ping, says('I was about to'), stop(reason)]);
      expect(messages).toEqual([]);
      expect(events.at(-1)).toEqual({ kind: 'ended', stopReason: reason, error: null });
    },
  );

  it('end with an error in words', async () => {
    const { events } = await read([ping, says('So'), stop('error'), error('Because.')]);
    expect(events.at(-1)).toEqual({ kind: 'ended', stopReason: 'error', error: 'It failed. Because.' });
    const odd = await read([ping, { message_type: 'error_message', error: 'boom' }]);
    expect(odd.events.at(-1)).toEqual({ kind: 'ended', stopReason: 'error', error: 'boom' });
  });

  it.each([
    [false, 'CONFLICT: Cannot send a new message: The agent is waiting for approval on a tool call.', 'agent.busy'],
    [true, "Invalid tool call IDs. Expected '['a']', but received '['b']'.", 'request.invalid'],
    [true, 'Cannot process approval response: No tool call is currently awaiting approval.', 'request.invalid'],
    [false, 'Message content is empty or invalid', 'request.invalid'],
  ])('that refuse the input throw, and nothing was accepted (answers: %s): %s', async (answers, detail, code) => {
    const told: TurnEvent[] = [];
    const refused = read([ping, stop('error'), error(detail)], { answers, told });
    await expect(refused).rejects.toMatchObject({ code });
    expect(told).toEqual([]);
  });

  it('that fail at once are of a turn that was accepted', async () => {
    const { events } = await read([ping, stop('llm_api_error'), error('ill')]);
    expect(events.map((event) => event.kind)).toEqual(['accepted', 'ended']);
  });

  it('that speak of a conflict when the agent has spoken are an error of the turn', async () => {
    const { events } = await read([ping, says('So'), stop('error'), error('CONFLICT in my tool')]);
    expect(events.at(-1)).toMatchObject({ kind: 'ended', error: 'It failed. CONFLICT in my tool' });
  });

  it('[CV61] end the turn when all of it is stored, though the engine has not closed its run', async () => {
    let close: () => void = () => undefined;
    const closing = new Promise<void>((resolve) => {
      close = resolve;
    });
    async function* arriving() {
      yield* [ping, says('Hm.'), stop('end_turn'), usage];
      await closing;
    }
    const context = { answers: false, listRun: async () => [], onRun: () => undefined };
    const events = readTurn(arriving(), context);
    const kinds: string[] = [];
    while (kinds.at(-1) !== 'ended') kinds.push((await events.next()).value?.kind ?? 'over');
    expect(kinds).toEqual(['accepted', 'delta', 'message', 'usage', 'ended']);
    close();
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });

  it('that stop before the turn does leave its outcome unknown', async () => {
    await expect(read([ping, says('So')])).rejects.toMatchObject({ code: 'engine.unavailable' });
    await expect(read([])).rejects.toMatchObject({ code: 'engine.unavailable' });
  });

  it('that nobody understands are kept', async () => {
    const odd = { id: 'm-5', message_type: 'dream_message', dream: true, ...ids };
    const { messages } = await read([ping, 'gibberish', odd, says('Hm.'), stop('end_turn')]);
    expect(messages.map((message) => [message.messageType, message.raw ?? message.content])).toEqual([
      ['unknown', 'gibberish'],
      ['unknown', odd],
      ['assistant_message', 'Hm.'],
    ]);
  });

  it('tell usage when there is some', async () => {
    const { events } = await read([ping, says('Hm.'), stop('end_turn'), { ...usage, cached_input_tokens: null }]);
    expect(events.at(-2)).toEqual({
      kind: 'usage',
      usage: { promptTokens: 5, completionTokens: 2, totalTokens: 7, steps: 1 },
    });
  });
});
