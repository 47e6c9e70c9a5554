import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awaitedMessage, oneWayMessage, readIncomingMessage } from './incoming-message';
import { agentIdsIn, isLettaId, newLettaId, otidOf, precedingMessageId } from './letta-id';
import { messageDate, unzonedDate, zonedDate } from './letta-time';
import { pythonJson, pythonRepr, pythonStrings } from './python-text';

describe('texts of the sandbox', () => {
  it('writes values as Python does', () => {
    expect(pythonRepr({ a: [1, true, null, "it's"], b: 'say "no", it\'s\n' })).toBe(
      `{'a': [1, True, None, "it's"], 'b': 'say "no", it\\'s\\n'}`,
    );
    expect(pythonJson({ a: 'é', b: [1, { c: null }] })).toBe('{"a": "\\u00e9", "b": [1, {"c": null}]}');
  });

  it('reads every string back that it wrote', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (strings) => {
        expect(pythonStrings(pythonRepr(strings))).toEqual(strings);
      }),
    );
  });

  it('writes JSON that is the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(pythonJson(json))).toEqual(json);
      }),
    );
  });

  it('reads a message back out of either wording', () => {
    const from = newLettaId('agent');
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        expect(readIncomingMessage(oneWayMessage(from, text))).toEqual({
          senderId: from,
          awaited: false,
          message: text,
        });
        expect(readIncomingMessage(awaitedMessage(from, `A ${text}`))).toEqual({
          senderId: from,
          awaited: true,
          message: `A ${text}`,
        });
      }),
    );
    expect(readIncomingMessage('Hello')).toBeNull();
  });

  it('derives otids and the ids of requests from the ids of messages', () => {
    const id = 'message-10940a4e-62f5-4c0d-9f58-3f6f3f1c2a80';
    expect(otidOf(id, 0)).toBe('10940a4e-62f5-4c0d-9f58-3f6f3f1c2a80');
    expect(otidOf('message-10940a4e-62f5-4c0d-9f58-3f6f3f1c2aff', 2)).toBe('10940a4e-62f5-4c0d-9f58-3f6f3f1c2a82');
    expect(precedingMessageId(id)).toBe('message-10940a4e-62f5-4c0d-9f58-3f6f3f1c2a7f');
    expect(isLettaId('agent', newLettaId('agent'))).toBe(true);
    expect(isLettaId('agent', 'agent-1')).toBe(false);
    const [one, two] = [newLettaId('agent'), newLettaId('agent')];
    expect(agentIdsIn(`call ${one}, then ${two}, then ${one}.`)).toEqual([one, two]);
  });

  it('writes dates in each of the server’s forms', () => {
    const date = new Date('2026-11-20T23:04:05.678Z');
    expect([messageDate(date), zonedDate(date), unzonedDate(date)]).toEqual([
      '2026-11-20T23:04:05+00:00',
      '2026-11-20T23:04:05.678000Z',
      '2026-11-20T23:04:05.678000',
    ]);
  });
});
