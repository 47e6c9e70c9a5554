import { describe, expect, it } from 'vitest';
import { SeatId, TurnId } from '@/lib/protocol/ids';
import { seatWords } from './seat-words';

const turnId = TurnId.parse('0193a000-0000-7000-8000-000000000001');
const running = { kind: 'running', turnId, since: '' } as const;
const writing = (field: 'content' | 'reasoning' | 'arguments', toolName: string | null = null) => ({
  seat: SeatId.parse('a'),
  turnId,
  messageId: 'm',
  messageType: 'assistant_message' as const,
  field,
  toolName,
  text: '',
  whole: true,
  finishedBy: null,
});

describe('the words for what a seat is doing', () => {
  it('name those it waits for', () => {
    expect(seatWords({ kind: 'waiting', for: ['Bob'] }, []).word).toBe('Waiting for Bob');
    expect(seatWords({ kind: 'waiting', for: ['Bob', 'Carol', 'Dan'] }, []).word).toBe(
      'Waiting for Bob, Carol and Dan',
    );
    expect(seatWords({ kind: 'waiting', for: [] }, []).word).toBe('Waiting for an answer');
    expect(seatWords({ kind: 'waiting', for: ['Bob'], atReview: true }, []).word).toBe('Waiting for review');
  });

  it('tell speaking from thinking and calling by what is being written', () => {
    expect(seatWords(running, []).word).toBe('Working');
    expect(seatWords(running, [writing('reasoning')]).word).toBe('Thinking');
    expect(seatWords(running, [writing('reasoning'), writing('content')])).toEqual({
      state: 'speaking',
      word: 'Speaking',
    });
    expect(seatWords(running, [writing('arguments', 'web_search')]).word).toBe('Calling web_search');
    expect(seatWords(running, [writing('arguments', 'send_message_to_agent_async')]).word).toBe('Speaking');
    expect(seatWords({ kind: 'idle' }, []).word).toBe('Idle');
  });
});
