import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgentMessage, messageTypes } from '@/lib/protocol/message';
import { isHidden, toAgentMessage, toTimestamp } from './rest-message';

const id = 'message-1';
const date = '2026-11-21T01:00:34+00:00';
const of = (message_type: string, fields: object = {}) => toAgentMessage({ id, message_type, date, ...fields });

describe('a message of the REST dialect', () => {
  it('keeps who sent an input, and says nothing of the kind of an answer', () => {
    const sender = { otid: 'o-1', sender_id: 'agent-1', name: 'Alice', run_id: 'run-1', step_id: 'step-1' };
    expect(of('system_message', { content: 'Hi', ...sender })).toEqual({
      messageId: id,
      messageType: 'system_message',
      content: 'Hi',
      runId: 'run-1',
      stepId: 'step-1',
      otid: 'o-1',
      senderId: 'agent-1',
      senderName: 'Alice',
      date: '2026-11-21T01:00:34.000Z',
    });
    expect(of('assistant_message', { content: 'Hi', ...sender })).toMatchObject({
      otid: null,
      senderId: null,
      senderName: null,
    });
  });

  it('joins parts of text, and keeps parts that are none', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } };
    const text = { type: 'text', text: 'Look:' };
    expect(of('user_message', { content: [text, { type: 'text', text: 'there' }] })).toMatchObject({
      content: 'Look:\nthere',
    });
    const seen = of('user_message', { content: [text, image] });
    expect(seen).toMatchObject({ content: 'Look:', raw: [text, image] });
  });

  it('reads all returns of a step and trusts none of the fields above them', () => {
    const returns = [
      { type: 'tool', tool_call_id: 'c1', status: 'success', tool_return: 'one', stdout: null },
      { type: 'tool', tool_call_id: 'c2', status: 'error', tool_return: [{ type: 'text', text: 'two' }] },
    ];
    const top = { name: 'second_tool', tool_call_id: 'c1', status: 'success', tool_return: 'one' };
    const several = of('tool_return_message', { ...top, tool_returns: returns });
    expect(several.toolReturns).toEqual([
      { toolCallId: 'c1', name: null, status: 'success', text: 'one' },
      { toolCallId: 'c2', name: null, status: 'error', text: 'two' },
    ]);
    expect(several.toolReturn).toEqual(several.toolReturns?.[0]);
    expect(of('tool_return_message', top)).toMatchObject({ toolReturn: { name: 'second_tool', text: 'one' } });
  });

  it('reads calls in both of their fields, and answers in both of their forms', () => {
    const call = { tool_call_id: 'c1', name: 'pay', arguments: '{"a":1}' };
    const read = { toolCallId: 'c1', name: 'pay', arguments: '{"a":1}' };
    expect(of('tool_call_message', { tool_call: call })).toMatchObject({ toolCall: read });
    const both = of('approval_request_message', {
      tool_call: call,
      tool_calls: [call, { ...call, tool_call_id: 'c2' }],
    });
    expect(both.toolCalls).toEqual([read, { ...read, toolCallId: 'c2' }]);
    const approvals = [
      { type: 'approval', tool_call_id: 'c1', approve: false, reason: 'no' },
      { type: 'tool', tool_call_id: 'c2', status: 'success', tool_return: 'x' },
    ];
    expect(of('approval_response_message', { approvals }).approvals).toEqual([
      { toolCallId: 'c1', approve: false, reason: 'no' },
      { toolCallId: 'c2', approve: null, reason: null },
    ]);
    expect(of('approval_response_message', { approve: true, approval_request_id: 'c1' }).approvals).toEqual([
      { toolCallId: 'c1', approve: true, reason: null },
    ]);
  });

  it('[LF5] tells what the server injects from what a person says', () => {
    const ping =
      '<system-alert>Automated keep-alive ping. Ignore this message and continue from where you stopped.</system-alert>';
    expect(isHidden(of('user_message', { content: ping }))).toBe(true);
    expect(isHidden(of('user_message', { content: `${ping} Really?` }))).toBe(false);
    expect(isHidden(of('assistant_message', { content: ping }))).toBe(false);
    const note = { type: 'system_alert', message: 'Note: 2 messages are hidden.', compaction_stats: { trigger: 'x' } };
    expect(of('user_message', { content: JSON.stringify(note), otid: 'o' })).toMatchObject({
      messageType: 'summary_message',
      content: 'Note: 2 messages are hidden.',
      otid: null,
    });
    const { compaction_stats: _, ...quoted } = note;
    expect(of('user_message', { content: JSON.stringify(quoted) })).toMatchObject({ messageType: 'user_message' });
    expect(of('user_message', { content: '{"compaction_stats' })).toMatchObject({ messageType: 'user_message' });
  });

  it('[LF13] takes what the server tells an agent by itself for no word of a person', () => {
    const beat = JSON.stringify({ type: 'heartbeat', reason: 'Continuing: tool rule violation.', time: 'now' });
    const login = JSON.stringify({ type: 'login', last_login: 'Never (first login)', time: 'now' });
    expect(of('user_message', { content: beat, otid: null })).toMatchObject({
      messageType: 'system_message',
      content: 'Continuing: tool rule violation.',
    });
    expect(of('user_message', { content: login })).toMatchObject({ messageType: 'system_message' });
    expect(of('user_message', { content: beat, otid: 'of-a-person' })).toMatchObject({ messageType: 'user_message' });
    const given = { tool_call_id: 'call-1', status: 'success', tool_return: 'None' };
    expect(isHidden(of('tool_return_message', { name: 'send_message', ...given }))).toBe(true);
    expect(isHidden(of('tool_return_message', { name: 'send_message_to_agent_async', ...given }))).toBe(false);
  });

  it.each([
    ['a type that is new', { id, message_type: 'dream_message', date, run_id: 'run-1', dream: [1, null] }],
    ['a known type in another shape', { id, message_type: 'assistant_message', date, run_id: 'run-1', content: 5 }],
  ])('keeps %s, whole', (_what, raw) => {
    expect(toAgentMessage(raw)).toMatchObject({ messageType: 'unknown', messageId: id, runId: 'run-1', raw });
  });

  it('gives what has no id always the same one', () => {
    const first = toAgentMessage({ message_type: 'omen' });
    expect(first.messageId).toMatch(/^unknown-[0-9a-f]{32}$/);
    expect(toAgentMessage({ message_type: 'omen' }).messageId).toBe(first.messageId);
    expect(toAgentMessage({ message_type: 'other omen' }).messageId).not.toBe(first.messageId);
  });

  it('makes a message of anything', () => {
    const text = fc.option(fc.oneof(fc.string(), fc.constantFrom('', 'success', 'error')), { nil: undefined });
    const call = fc.record({ tool_call_id: text, name: text, arguments: text }, { requiredKeys: [] });
    const close = fc.record(
      {
        id: fc.string(),
        message_type: fc.constantFrom(...messageTypes, 'ping'),
        content: fc.oneof(fc.string(), fc.array(fc.record({ type: text, text }, { requiredKeys: [] }))),
        tool_call: call,
        tool_calls: fc.oneof(fc.array(call), call),
        tool_returns: fc.array(
          fc.record({ tool_call_id: text, tool_return: text, status: text }, { requiredKeys: [] }),
        ),
        approvals: fc.array(fc.record({ tool_call_id: text, approve: fc.boolean() }, { requiredKeys: [] })),
        date: fc.oneof(fc.string(), fc.constant(date)),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), close), (raw) => {
        expect(AgentMessage.safeParse(toAgentMessage(raw)).error).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

describe('a time of the REST dialect', () => {
  it.each([
    ['2026-11-21T01:00:34+00:00', '2026-11-21T01:00:34.000Z'],
    ['2026-11-21T01:00:34Z', '2026-11-21T01:00:34.000Z'],
    ['2026-11-21T01:01:40.567903', '2026-11-21T01:01:40.567Z'], // completed_at: UTC without saying so
    ['2026-11-21T03:00:34+02:00', '2026-11-21T01:00:34.000Z'],
  ])('%s is %s', (given, expected) => {
    expect(toTimestamp(given)).toBe(expected);
  });
});
