import { describe, expect, it } from 'vitest';
import { Conversation } from '@/lib/protocol/conversation';
import { alice, bob, DialogueBuilder, mira, uuid } from './dialogue-builder';
import { asTold } from './facts';
import { rowKind } from './row';
import { applyTranscript, emptyTranscript } from './transcript';
import { paneOf } from './transcript-state';

const told = (write: (dialogue: DialogueBuilder) => unknown) => {
  const dialogue = new DialogueBuilder();
  write(dialogue);
  return dialogue.entries.reduce(applyTranscript, emptyTranscript([alice, bob], [alice.id, bob.id]));
};
const until = '2026-11-21T12:00:00.000Z';
const held = { seat: 'b', personId: mira.id, name: mira.name };
const conversation = (holder: object | null) =>
  Conversation.parse({
    ...{ id: uuid(1), title: 'Owls', server: 'sandbox', conveyance: 'tool', observed: false, maxTurns: 50, turns: 3 },
    seats: [alice, bob].map((seat) => ({
      ...seat,
      dialect: 'rest',
      threadId: null,
      holder: seat === bob ? holder : null,
    })),
    ...{ edges: [], state: 'idle', stoppedReason: null, sandbox: true, createdAt: until, lastActivityAt: until },
  });

describe('who sits in a seat', () => {
  const taken = (dialogue: DialogueBuilder) => dialogue.write('seat.taken', { ...held, until, reason: 'Watch me.' });
  const holderOf = (holder: object | null, write: (dialogue: DialogueBuilder) => unknown) =>
    asTold(conversation(holder), told(write).facts).seats[1]?.holder;

  it('[SE14] is as the stream tells it', () => {
    const person = { personId: mira.id, name: mira.name };
    expect(holderOf(null, taken)).toEqual({ ...person, until });
    const later = '2026-11-21T12:10:00.000Z';
    expect(holderOf(null, (dialogue) => taken(dialogue).write('seat.renewed', { ...held, until: later }))?.until).toBe(
      later,
    );
    expect(holderOf({ ...person, until }, (dialogue) => taken(dialogue).write('seat.expired', held))).toBeNull();
    const back = { ...held, summary: null, why: 'handed_back' as const };
    expect(holderOf({ ...person, until }, (dialogue) => taken(dialogue).write('seat.handed_back', back))).toBeNull();
    expect(holderOf({ ...person, until: later }, taken)?.until).toBe(later);
    expect(holderOf({ ...person, until }, () => undefined)?.until).toBe(until);
  });

  it('[SE14] is told in the channel', () => {
    const items = [...told(taken).channel].flatMap((item) => (item.kind === 'tick' ? [item.tick.told] : []));
    expect(items).toMatchObject([{ kind: 'taken', seat: 'b', reason: 'Watch me.' }]);
  });
});

describe('what was kept back', () => {
  const late = { seat: 'b', messageId: 'message-late' };

  it('[SE15] is told on the row of the words, with what became of them', () => {
    const state = told((dialogue) =>
      dialogue
        .seen({ ...late, seat: 'b', messageType: 'assistant_message', content: 'too late' })
        .write('output.quarantined', { ...late, toolCallId: null, content: 'too late', mode: 'none', toAgentId: null })
        .write('output.dropped', { ...late, toolCallId: null, entryId: uuid(2) }),
    );
    const [row, ...others] = [...paneOf(state, bob.id)];
    expect(others).toEqual([]);
    expect(row && rowKind(row)).toBe('assistant');
    expect(row?.parts).toMatchObject({
      late: { entryId: uuid(2), content: 'too late' },
      lateSettled: { released: false, name: 'Mira Okafor' },
    });
  });

  it('[SE15] is told on the row of the call', () => {
    const toolCall = { toolCallId: 'call-9', name: 'send_message_to_agent_async', arguments: '{}' };
    const state = told((dialogue) =>
      dialogue
        .seen({ ...late, seat: 'b', messageType: 'approval_request_message', toolCall })
        .write('output.quarantined', {
          ...late,
          toolCallId: 'call-9',
          content: 'late',
          mode: 'receipt',
          toAgentId: null,
        }),
    );
    const [row] = [...paneOf(state, bob.id)];
    expect(row && rowKind(row)).toBe('call');
    expect(row?.parts.late).toMatchObject({ content: 'late' });
  });
});

it('[SE16] what a person says as a seat is one row, which its line leaves', () => {
  const state = told((dialogue) => dialogue.spokenAs('b', 'a', 'Alice, one thing', 1));
  const [row, ...others] = [...paneOf(state, bob.id)];
  expect(others).toEqual([]);
  expect(row && rowKind(row)).toBe('spoken');
  expect(row?.parts).toMatchObject({
    spoken: { as: true, name: 'Mira Okafor' },
    sent: [{ content: 'Alice, one thing' }],
  });
  const [crossing] = [...state.crossings.values()];
  expect(crossing).toMatchObject({ authorRow: row?.id, spokenBy: 'Mira Okafor', from: 'b', to: 'a' });
});
