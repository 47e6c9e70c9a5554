import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageBeingWritten } from './message-being-written';

describe('a message that a call is writing', () => {
  it('[TR25] is read from arguments that end anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (message, mark) => {
        const whole = JSON.stringify({ other_agent_id: 'agent-1', message });
        const written = messageBeingWritten(whole.slice(0, mark % (whole.length + 1)));
        expect(written === null || message.startsWith(written)).toBe(true);
        expect(messageBeingWritten(whole)).toBe(message);
      }),
    );
  });

  it('[TR25] is null before it begins', () => {
    expect(messageBeingWritten('{"other_agent_id": "agent-1", "mess')).toBeNull();
  });
});
