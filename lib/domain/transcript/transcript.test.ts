import { describe, expect, it } from 'vitest';
import type { Actor } from '@/lib/protocol/actor';
import { TurnId } from '@/lib/protocol/ids';
import { everyEntry } from '@/lib/testing/every-entry';
import { crossingReason, crossingState } from './crossing';
import { alice, bob, carol, DialogueBuilder, mira, uuid } from './dialogue-builder';
import { type Row, rowKind } from './row';
import { applyTranscript, emptyTranscript, prependTranscript, seatNow } from './transcript';
import { paneOf, type Transcript } from './transcript-state';

const told = (write: (dialogue: DialogueBuilder) => unknown): Transcript => {
  const dialogue = new DialogueBuilder();
  write(dialogue);
  return dialogue.entries.reduce(applyTranscript, emptyTranscript([alice, bob, carol], [alice.id, bob.id]));
};
const rows = (state: Transcript, seat = alice) => [...paneOf(state, seat.id)];
const kinds = (state: Transcript, seat = alice) => rows(state, seat).map(rowKind);
function only<T>(items: readonly T[]): T {
  const [first] = items;
  expect(items).toHaveLength(1);
  if (first === undefined) throw new Error('There is none.');
  return first;
}
const ofConversations = /^(conversation|turn|message|seat|output|edge)\./;
const crossing = (state: Transcript) => only([...state.crossings.values()]);
const ticks = (state: Transcript) =>
  [...state.channel].flatMap((item) => (item.kind === 'tick' ? [item.tick.told] : []));

/** The grid as text: for each moment what kinds of rows stand level, by seat. */
const grid = (state: Transcript) =>
  [...state.moments.list].map((moment) =>
    moment.cells
      .map(({ seat, place }) => {
        const row: Row | undefined = seat ? paneOf(state, seat).get(place) : undefined;
        return seat ? `${seat}:${row && rowKind(row)}` : 'channel';
      })
      .join(' '),
  );

describe('rows that several entries tell', () => {
  it('[TR6] words of a person and the engine’s confirmation are one row, at the first one’s place', () => {
    const state = told((dialogue) =>
      dialogue
        .spoken('a', 'Hello', 1)
        .after(900)
        .seen({ seat: 'a', messageType: 'reasoning_message', reasoning: 'Someone speaks.' })
        .seen({ seat: 'a', messageType: 'user_message', otid: 'otid-1', content: 'Hello' }),
    );
    expect(kinds(state)).toEqual(['spoken', 'reasoning']);
    expect(rows(state)[0]).toMatchObject({ seq: 1003, seqs: [1003, 1009], at: '2026-11-21T11:40:52.000Z' });
    expect(rows(state)[0]?.parts).toMatchObject({ spoken: { name: 'Mira Okafor' }, seen: { text: 'Hello' } });
  });

  it('[TR7] an arrival and the engine’s confirmation are one row', () => {
    const state = told((dialogue) => dialogue.conveyed('a', 'b', 'Hi Bob', 1, 'confirmed'));
    expect(kinds(state, bob)).toEqual(['received']);
    expect(only(rows(state, bob)).parts).toMatchObject({
      received: { content: 'Hi Bob', latencyMs: 198 },
      seen: { text: '[Incoming message] Hi Bob' },
    });
  });

  it('[TR8] the call that carries a message is its author’s end', () => {
    const state = told((dialogue) => dialogue.conveyed('a', 'b', 'Hi Bob', 1, 'sent'));
    expect(kinds(state)).toEqual(['call']);
    expect(only(rows(state)).parts.sent).toMatchObject([{ conveyanceId: uuid(1), content: 'Hi Bob' }]);
    expect(crossing(state).authorRow).toBe(only(rows(state)).id);
  });

  it('[TR8] an assistant message that Parley relays is its author’s end', () => {
    const state = told((dialogue) =>
      dialogue
        .seen({ seat: 'a', messageType: 'assistant_message', messageId: 'm-1', content: 'Well?' })
        .write('message.sent', {
          conveyanceId: uuid(1),
          from: 'a',
          to: 'b',
          content: 'Well?',
          mode: 'none',
          messageId: 'm-1',
          toolCallId: null,
          toName: 'Bob',
          toAgentId: bob.agentId,
          fromTurnId: uuid(3),
          turnId: uuid(4),
        }),
    );
    expect(kinds(state)).toEqual(['assistant']);
    expect(only(rows(state)).parts.sent).toHaveLength(1);
  });

  it('[TR9] a call and its return are one row, each call of a step with its own', () => {
    const calls = ['x', 'y'].map((id) => ({ toolCallId: id, name: 'search', arguments: `{"q":"${id}"}` }));
    const returns = ['y', 'x'].map((id) => ({ toolCallId: id, name: 'search', status: 'success' as const, text: id }));
    const state = told((dialogue) =>
      dialogue
        .seen({ seat: 'a', messageType: 'tool_call_message', toolCalls: calls })
        .after(31)
        .seen({ seat: 'a', messageType: 'tool_return_message', toolReturns: returns }),
    );
    expect(rows(state).map(({ parts }) => [parts.call?.toolCallId, parts.returned?.text])).toEqual([
      ['x', 'x'],
      ['y', 'y'],
    ]);
  });

  it('[TR10] a return whose call is not loaded stands by itself', () => {
    const toolReturn = { toolCallId: 'x', name: 'search', status: 'error' as const, text: 'no' };
    const state = told((dialogue) => dialogue.seen({ seat: 'a', messageType: 'tool_return_message', toolReturn }));
    expect(kinds(state)).toEqual(['return']);
  });

  it('[TR10] so does the return of a call that carries a message: it tells what came of it, when it came', () => {
    const state = told((dialogue) => dialogue.conveyed('a', 'b', 'Hi Bob', 1));
    expect(kinds(state)).toEqual(['call', 'return']);
    expect(rows(state)[1]?.parts.cameBack?.text).toBe('Successfully sent message');
  });

  it('[TR29] the author without a seat is named by whatever entry tells the name', () => {
    const ends = { conveyanceId: uuid(5), from: null, to: 'b', content: 'From afar' };
    const dora: Actor = { kind: 'agent', id: 'agent-dora', name: 'Dora' };
    const received = told((dialogue) =>
      dialogue.write('message.received', { ...ends, otid: null, turnId: null, latencyMs: 5, fromName: 'Dora' }, dora),
    );
    expect(received.crossings.get(uuid(5))?.fromName).toBe('Dora');
    const sent = told((dialogue) =>
      dialogue.write(
        'message.sent',
        {
          ...ends,
          mode: 'receipt',
          messageId: null,
          toolCallId: 'call-1',
          toName: 'Bob',
          toAgentId: 'agent-bob',
          fromTurnId: uuid(1),
          turnId: uuid(2),
        },
        dora,
      ),
    );
    expect(sent.crossings.get(uuid(5))?.fromName).toBe('Dora');
  });

  it('[TR30] what is not understood is counted, wherever it is shown', () => {
    const state = told((dialogue) =>
      dialogue
        .seen({ seat: 'a', messageType: 'unknown', raw: { odd: 1 } })
        .raw('message.spoken', { content: 7 })
        .raw('of.a.newer.version', { content: 7 }, { kind: 'agent', id: bob.agentId, name: 'Bob' })
        .spoken('a', 'Hello', 1),
    );
    expect(state.notUnderstood.size).toBe(3);
    expect([...state.notUnderstood].map(({ seq }) => seq)).toEqual([1003, 1006, 1009]);
  });

  it('[TR11] the agent’s own instructions are a prompt, told from messages by having no run', () => {
    const state = told((dialogue) =>
      dialogue
        .seen({ seat: 'a', messageType: 'system_message', runId: null, content: 'You are Alice.' })
        .seen({ seat: 'a', messageType: 'system_message', content: 'An alert.' }),
    );
    expect(kinds(state)).toEqual(['prompt', 'system']);
  });

  it('[TR12] Parley’s answer to a call is a part of the call’s row, and no row without it', () => {
    const approvals = [{ toolCallId: 'call-1', approve: null, reason: null }];
    const answer = { seat: 'a', messageType: 'approval_response_message', approvals } as const;
    expect(kinds(told((dialogue) => dialogue.seen(answer)))).toEqual([]);
    const state = told((dialogue) => dialogue.conveyed('a', 'b', 'Hi', 1, 'called').seen(answer));
    expect(only(rows(state)).parts.answered).toEqual(approvals[0]);
  });
});

describe('rows that nobody can read', () => {
  it('[TR13] what an engine sent and Parley does not understand is a row with the raw data', () => {
    const state = told((dialogue) =>
      dialogue.seen({ seat: 'a', messageType: 'unknown', raw: { message_type: 'new' } }),
    );
    expect(kinds(state)).toEqual(['unknown']);
    expect(only(rows(state)).parts.seen?.raw).toEqual({ message_type: 'new' });
  });

  it('[TR13] an entry of an unknown type, or of a shape that its type has not, is told raw', () => {
    const agent = { kind: 'agent' as const, id: bob.agentId, name: 'Bob' };
    const state = told((dialogue) =>
      dialogue.raw('memory.changed', { block: 'human' }, agent).raw('message.spoken', { content: 7 }),
    );
    expect(only(rows(state, bob)).parts.strange).toEqual({ type: 'memory.changed', raw: { block: 'human' } });
    expect(ticks(state)).toEqual([{ kind: 'strange', type: 'message.spoken', raw: { content: 7 } }]);
  });

  it('[TR14] a redacted entry says so, in its agent’s pane or in the channel', () => {
    const state = told((dialogue) =>
      dialogue.raw('message.seen', null, { kind: 'agent', id: bob.agentId, name: 'Bob' }).raw('message.spoken', null),
    );
    expect(kinds(state, bob)).toEqual(['redacted']);
    expect(ticks(state)).toEqual([{ kind: 'redacted', type: 'message.spoken' }]);
  });
});

describe('entries of a conversation', () => {
  it('[TR28] are understood, whatever their type', () => {
    for (const [type, payload] of Object.entries(everyEntry)) {
      if (!ofConversations.test(type)) continue;
      const state = told((dialogue) => dialogue.raw(type, JSON.parse(JSON.stringify(payload))));
      expect(ticks(state).map(({ kind }) => kind)).not.toContain('strange');
      expect([...kinds(state), ...kinds(state, bob)]).not.toContain('unknown');
    }
  });
});

describe('moments', () => {
  it('[TR15] a message and its arrival stand level, with the moment to themselves', () => {
    const state = told((dialogue) =>
      dialogue
        .seen({ seat: 'b', messageType: 'reasoning_message' })
        .conveyed('a', 'b', 'Hi', 1)
        .seen({ seat: 'b', messageType: 'reasoning_message' }),
    );
    expect(grid(state)).toEqual(['b:reasoning', 'a:call b:received', 'a:return b:reasoning']);
  });

  it('[TR16] an arrival after other rows of its pane stands by itself, in that pane’s order', () => {
    const state = told((dialogue) =>
      dialogue
        .conveyed('a', 'b', 'Hi', 1, 'sent')
        .after(2000)
        .seen({ seat: 'b', messageType: 'reasoning_message' })
        .write('message.received', {
          conveyanceId: uuid(1),
          from: 'a',
          to: 'b',
          content: 'Hi',
          otid: 'otid-1',
          turnId: uuid(2),
          latencyMs: 2000,
        }),
    );
    expect(grid(state)).toEqual(['a:call', 'b:reasoning', 'b:received']);
  });

  it('[TR17] rows of different seats within the same second stand level, others follow each other', () => {
    const state = told((dialogue) =>
      dialogue
        .seen({ seat: 'a', messageType: 'reasoning_message' })
        .seen({ seat: 'b', messageType: 'reasoning_message' })
        .seen({ seat: 'a', messageType: 'assistant_message' })
        .seen({ seat: 'a', messageType: 'assistant_message' })
        .after(1000)
        .seen({ seat: 'b', messageType: 'assistant_message' }),
    );
    expect(grid(state)).toEqual(['a:reasoning b:reasoning', 'a:assistant', 'a:assistant', 'b:assistant']);
  });

  it('[TR17] of many rows in one second a moment goes on from left to right, and one more moves no other', () => {
    const lines = (count: number) =>
      Array.from({ length: count }).reduce<DialogueBuilder>(
        (dialogue, _, at) => dialogue.seen({ seat: at % 2 ? 'a' : 'b', messageType: 'assistant_message' }),
        new DialogueBuilder(),
      ).entries;
    const fresh = emptyTranscript([alice, bob], [alice.id, bob.id]);
    const [oldest, ...rest] = lines(2_001);
    const later = rest.reduce(applyTranscript, fresh);
    const whole = oldest ? prependTranscript(later, [oldest]) : later;
    expect(grid(whole).slice(0, 3)).toEqual(['b:assistant', 'a:assistant b:assistant', 'a:assistant b:assistant']);
    const before = new Set(later.moments.list);
    expect([...whole.moments.list].filter((moment) => !before.has(moment)).length).toBeLessThan(10);
  });

  it('[TR18] rows of seats that are not shown take no room', () => {
    const state = told((dialogue) =>
      dialogue.conveyed('c', 'b', 'Hi', 1, 'received').seen({ seat: 'c', messageType: 'reasoning_message' }),
    );
    expect(grid(state)).toEqual(['b:received']);
  });
});

describe('a message on its way', () => {
  const failed = (outcome: 'failed' | 'outcome_unknown' | 'refused' | 'dropped') => ({
    conveyanceId: uuid(1),
    outcome,
    reason: 'Bob’s server did not answer',
  });

  it('[TR19] is sent, then received with its latency, then answered', () => {
    const at = (until: 'sent' | 'received' | 'answered') =>
      crossing(told((dialogue) => dialogue.conveyed('a', 'b', 'Hi', 1, until)));
    expect(crossingState(at('sent'))).toBe('sent');
    expect([crossingState(at('received')), at('received').latencyMs]).toEqual(['received', 198]);
    expect([crossingState(at('answered')), at('answered').answer?.text]).toEqual([
      'answered',
      'Successfully sent message',
    ]);
  });

  it('[TR20] that was not delivered says why, until it is tried again', () => {
    const state = told((dialogue) =>
      dialogue.conveyed('a', 'b', 'Hi', 1, 'sent').write('message.delivery_failed', failed('outcome_unknown')),
    );
    expect(crossingState(crossing(state))).toBe('outcome_unknown');
    expect(crossingReason(crossing(state))).toBe('Bob’s server did not answer');
    const again = told((dialogue) =>
      dialogue
        .conveyed('a', 'b', 'Hi', 1, 'sent')
        .write('message.delivery_failed', failed('failed'))
        .write('message.delivery_retried', { conveyanceId: uuid(1), turnId: uuid(9) }),
    );
    expect([crossingState(crossing(again)), crossingReason(crossing(again))]).toEqual(['sent', null]);
    const turn = { seat: bob.id, turnId: TurnId.parse(uuid(9)), started: { place: 9, at: '' }, ended: null };
    expect(crossingState(crossing(again), turn)).toBe('delivering');
  });

  it('[TR20] stays failed when its author has been told so', () => {
    const state = told((dialogue) =>
      dialogue
        .conveyed('a', 'b', 'Hi', 1, 'sent')
        .write('message.delivery_failed', failed('refused'))
        .write('message.answered', {
          conveyanceId: uuid(1),
          toolCallId: 'call-1',
          status: 'error',
          text: 'Not delivered',
        }),
    );
    expect(crossingState(crossing(state))).toBe('refused');
  });
});

describe('what a seat is doing', () => {
  const started = { seat: 'a', turnId: uuid(7), input: 'person' as const, otid: null };
  const ended = { seat: 'a', turnId: uuid(7), runId: null, usage: null, error: null };

  it('[TR21] it runs while its turn has not ended', () => {
    const state = told((dialogue) => dialogue.write('turn.started', started));
    expect(seatNow(state, alice.id)).toMatchObject({ kind: 'running', turnId: uuid(7) });
    expect(seatNow(state, bob.id)).toEqual({ kind: 'idle' });
    const rested = told((dialogue) =>
      dialogue.write('turn.started', started).write('turn.ended', { ...ended, stopReason: 'end_turn' }),
    );
    expect(seatNow(rested, alice.id)).toEqual({ kind: 'idle' });
  });

  it('[TR22] it waits for those to whom it wrote until its call has an answer', () => {
    const write = (until: 'received' | 'answered') =>
      told((dialogue) =>
        dialogue
          .write('turn.started', started)
          .conveyed('a', 'b', 'Hi', 1, until)
          .write('turn.ended', { ...ended, stopReason: until === 'answered' ? 'end_turn' : 'requires_approval' }),
      );
    expect(seatNow(write('received'), alice.id)).toEqual({ kind: 'waiting', for: ['Bob'] });
    expect(seatNow(write('answered'), alice.id)).toEqual({ kind: 'idle' });
  });

  it('[TR22] it waits for review while a person has what it wrote, and the other has nothing', () => {
    const parked = { draftId: uuid(3000), seat: 'a', conveyanceId: uuid(1) };
    const write = (more: (dialogue: DialogueBuilder) => DialogueBuilder) =>
      told((dialogue) => more(dialogue.conveyed('a', 'b', 'Hi', 1, 'sent').write('draft.parked', parked)));
    expect(
      seatNow(
        write((dialogue) => dialogue),
        alice.id,
      ),
    ).toEqual({ kind: 'waiting', for: ['Bob'], atReview: true });
    const alsoOut = write((dialogue) => dialogue.conveyed('a', 'c', 'Hello', 2, 'received'));
    expect(seatNow(alsoOut, alice.id)).toEqual({ kind: 'waiting', for: ['Carol'] });
  });

  it('[TR23] a turn that came to no good end is a row; one that rested or waits is not', () => {
    const end = (stopReason: string, error: string | null = null) =>
      kinds(told((dialogue) => dialogue.write('turn.ended', { ...ended, stopReason, error })));
    expect(end('end_turn')).toEqual([]);
    expect(end('requires_approval')).toEqual([]);
    expect(end('lost')).toEqual(['ended']);
    expect(end('end_turn', 'The model refused.')).toEqual(['ended']);
  });
});

describe('the conversation itself', () => {
  it('[TR24] its latest title, bound, pause, stop and edges are known, and each change is told in the channel', () => {
    const edge = { from: 'a', to: 'b', mode: 'pass' as const, reviewers: 1, expirySeconds: 900, undoSeconds: 5 };
    const state = told((dialogue) =>
      dialogue
        .write('conversation.changed', { title: 'Owls' })
        .write('conversation.changed', { title: 'Larks', maxTurns: 9, state: 'paused' })
        .write('edge.set', edge)
        .write('conversation.stopped', { why: 'person', reason: 'Stopped by Mira Okafor' }, mira),
    );
    expect(state.facts).toMatchObject({
      title: { value: 'Larks' },
      maxTurns: { value: 9 },
      paused: { value: true },
      stopped: { value: 'Stopped by Mira Okafor' },
      edges: { ab: { value: edge } },
    });
    expect(ticks(state).map(({ kind }) => kind)).toEqual(['changed', 'changed', 'edge', 'stopped']);
    expect(grid(state)).toEqual(['channel', 'channel', 'channel', 'channel']);
  });
});
