import { describe, expect, it } from 'vitest';
import { alice, bob, DialogueBuilder } from '@/lib/domain/transcript/dialogue-builder';
import { applyTranscript, emptyTranscript } from '@/lib/domain/transcript/transcript';
import { type AgentMessage, messageTypes } from '@/lib/protocol/message';
import { mayHavePast } from './may-have-past';
import { pastWords } from './past-message';

const message = (more: Partial<AgentMessage> & Pick<AgentMessage, 'messageType'>): AgentMessage => ({
  messageId: 'message-1',
  runId: 'run-1',
  stepId: null,
  otid: null,
  senderId: null,
  senderName: null,
  date: '2026-11-21T12:00:00.000Z',
  ...more,
});

describe('a message that is read from Letta', () => {
  it('says who speaks, and folds what is no talk', () => {
    const folded = messageTypes.filter((messageType) => pastWords(message({ messageType }), 'Alice').folded);
    expect(messageTypes.filter((messageType) => !folded.includes(messageType))).toEqual([
      'user_message',
      'system_message',
      'assistant_message',
    ]);
    expect(pastWords(message({ messageType: 'assistant_message', content: 'Hi' }), 'Alice')).toMatchObject({
      name: 'Alice',
      text: 'Hi',
    });
    expect(
      pastWords(message({ messageType: 'system_message', runId: null, content: 'Be kind.' }), 'Alice'),
    ).toMatchObject({
      name: 'Prompt',
      folded: true,
    });
  });

  it('shows what is called with which arguments, and what nobody understands raw', () => {
    const toolCall = { toolCallId: 'call-1', name: 'search', arguments: '{"query":"owls"}' };
    expect(pastWords(message({ messageType: 'tool_call_message', toolCall }), 'Alice')).toMatchObject({
      name: 'search',
      text: 'query: "owls"',
    });
    expect(pastWords(message({ messageType: 'unknown', raw: { odd: 1 } }), 'Alice').text).toContain('"odd": 1');
  });
});

describe('older history', () => {
  const opened = (observed: boolean, write: (dialogue: DialogueBuilder) => unknown) => {
    const dialogue = new DialogueBuilder();
    const seat = (one: typeof alice) => ({ ...one, dialect: 'rest' as const, threadId: null });
    dialogue.write('conversation.opened', {
      title: 'T',
      server: 'home',
      conveyance: 'engine',
      observed,
      sandbox: false,
      maxTurns: 50,
      seats: [seat(alice), seat(bob)],
      edges: [],
    });
    write(dialogue);
    return dialogue.entries.reduce(applyTranscript, emptyTranscript([alice, bob], [alice.id, bob.id]));
  };
  const talk = (dialogue: DialogueBuilder) => {
    for (let at = 0; at < 5; at += 1) dialogue.seen({ seat: 'a', messageType: 'assistant_message', content: `${at}` });
  };

  it('is offered where Parley came upon the conversation, or a thread does not begin with its prompt', () => {
    expect(mayHavePast(opened(true, talk), alice.id)).toBe(true);
    expect(mayHavePast(opened(false, talk), alice.id)).toBe(true);
    expect(mayHavePast(opened(false, talk), bob.id)).toBe(false);
    const fromItsBeginning = opened(false, (dialogue) => {
      dialogue.seen({ seat: 'a', messageType: 'system_message', runId: null, content: 'Be kind.' });
      talk(dialogue);
    });
    expect(mayHavePast(fromItsBeginning, alice.id)).toBe(false);
  });
});
