import { describe, expect, it } from 'vitest';
import { Conversation } from '@/lib/protocol/conversation';
import { alice, bob, DialogueBuilder } from './dialogue-builder';
import { asTold } from './facts';
import { applyTranscript, emptyTranscript } from './transcript';

const edge = { from: 'a', to: 'b', mode: 'pass' as const, reviewers: 1, expirySeconds: null, undoSeconds: 0 };
const conversation = (state: string) =>
  Conversation.parse({
    id: '0193a000-0000-7000-8000-000000000000',
    title: 'Owls',
    server: 'sandbox',
    seats: [alice, bob].map((seat) => ({ ...seat, dialect: 'rest', threadId: null, holder: null })),
    conveyance: 'tool',
    observed: false,
    maxTurns: 50,
    turns: 3,
    edges: [edge],
    state,
    stoppedReason: null,
    sandbox: true,
    createdAt: '2026-11-21T11:40:52.000Z',
    lastActivityAt: '2026-11-21T11:40:52.000Z',
  });
const facts = (write: (dialogue: DialogueBuilder) => unknown) => {
  const dialogue = new DialogueBuilder();
  write(dialogue);
  return dialogue.entries.reduce(applyTranscript, emptyTranscript([alice, bob], [alice.id, bob.id])).facts;
};

describe('a conversation as its stream tells it', () => {
  it('[TR24] is as it was read where the stream says nothing', () => {
    expect(
      asTold(
        conversation('running'),
        facts(() => undefined),
      ),
    ).toEqual(conversation('running'));
  });

  it('[TR24] has the latest title, bound and edges', () => {
    const told = facts((dialogue) =>
      dialogue
        .write('conversation.changed', { title: 'Larks', maxTurns: 80 })
        .write('edge.set', { ...edge, mode: 'review' }),
    );
    expect(asTold(conversation('running'), told)).toMatchObject({
      title: 'Larks',
      maxTurns: 80,
      edges: [{ mode: 'review' }],
    });
  });

  it('[TR24] calls its agents what they were called last', () => {
    const told = facts((dialogue) =>
      dialogue
        .write('seat.renamed', { seat: 'a', name: 'Alicia', before: 'Alice' })
        .write('seat.renamed', { seat: 'a', name: 'Ali', before: 'Alicia' }),
    );
    expect(asTold(conversation('idle'), told).seats.map(({ name }) => name)).toEqual(['Ali', bob.name]);
  });

  it('[TR24] is paused, goes on and is stopped as told, and a stop is final', () => {
    const paused = facts((dialogue) => dialogue.write('conversation.changed', { state: 'paused' }));
    const goesOn = facts((dialogue) => dialogue.write('conversation.changed', { state: 'running' }));
    const stopped = facts((dialogue) =>
      dialogue
        .write('conversation.stopped', { why: 'person', reason: 'Enough.' })
        .write('conversation.changed', { title: 'Larks' }),
    );
    expect(asTold(conversation('running'), paused).state).toBe('paused');
    expect(asTold(conversation('paused'), goesOn).state).toBe('idle');
    expect(asTold(conversation('running'), stopped)).toMatchObject({ state: 'stopped', stoppedReason: 'Enough.' });
    expect(asTold(conversation('stopped'), paused).state).toBe('stopped');
  });
});
