import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ToldEntry } from '@/lib/protocol/told-entry';
import { alice, bob, carol, DialogueBuilder, mira, uuid } from './dialogue-builder';
import { applyTranscript, emptyTranscript, prependTranscript, seatNow, showSeats } from './transcript';
import { paneOf, type Transcript } from './transcript-state';

const seats = [alice, bob, carol];
const fold = (entries: readonly ToldEntry[], from = emptyTranscript(seats, [alice.id, bob.id])) =>
  entries.reduce(applyTranscript, from);

/** All that a reader of the transcript can see, without the structures that hold it. */
const plain = (state: Transcript) => ({
  panes: seats.map((seat) => [...paneOf(state, seat.id)]),
  moments: [...state.moments.list],
  channel: [...state.channel],
  crossings: [...state.crossings.values()].sort((one, other) => one.id.localeCompare(other.id)),
  turns: [...state.turns.values()].sort((one, other) => one.turnId.localeCompare(other.turnId)),
  now: seats.map((seat) => seatNow(state, seat.id)),
  facts: state.facts,
  range: [state.first, state.last],
});

/** One thing that happens in seat `s`, with `n` as a number of its own and `m` one that others may have, too. */
type Scene = (dialogue: DialogueBuilder, s: 'a' | 'b' | 'c', n: number, m: number) => unknown;
const scenes: Scene[] = [
  (dialogue, s, n) => dialogue.spoken(s, `word ${n}`, n),
  (dialogue, s, n) => dialogue.spoken(s, 'hi', n).seen({ seat: s, messageType: 'user_message', otid: `otid-${n}` }),
  (dialogue, s) => dialogue.seen({ seat: s, messageType: 'reasoning_message', reasoning: 'hm' }),
  (dialogue, s) => dialogue.seen({ seat: s, messageType: 'assistant_message', content: 'so' }),
  (dialogue, s, n) => dialogue.seen({ seat: s, messageType: 'tool_call_message', toolCalls: [call(n), call(n + 500)] }),
  (dialogue, s, _, m) => dialogue.seen({ seat: s, messageType: 'tool_return_message', toolReturn: returned(m) }),
  (dialogue, s, _, m) => dialogue.seen({ seat: s, messageType: 'approval_response_message', approvals: [approved(m)] }),
  (dialogue, s, n, m) => dialogue.conveyed(s, other(s, m), `to ${m}`, n, until(m)),
  (dialogue, s, n, m) => dialogue.conveyed(s, other(s, m), `to ${m}`, n, until(m)),
  (dialogue, s, _, m) => dialogue.write('message.received', outside(s, m)),
  (dialogue, _, __, m) =>
    dialogue.write('message.delivery_failed', { conveyanceId: uuid(m), outcome: 'failed', reason: 'no' }),
  (dialogue, _, __, m) => dialogue.write('message.delivery_retried', { conveyanceId: uuid(m), turnId: uuid(m) }),
  (dialogue, s, n) => dialogue.write('turn.started', { seat: s, turnId: turn(s, n), input: 'person', otid: null }),
  (dialogue, s, _, m) => dialogue.write('turn.ended', lost(s, m)),
  (dialogue) => dialogue.write('conversation.changed', { state: 'paused', title: 'Owls' }),
  (dialogue) => dialogue.raw('message.seen', null, { kind: 'agent', id: bob.agentId, name: 'Bob' }),
  (dialogue) => dialogue.raw('draft.parked', { draftId: 'd' }),
  (dialogue, s) => dialogue.write('seat.taken', { seat: s, ...mine, until: at, reason: null }),
  (dialogue, s) => dialogue.write('seat.expired', { seat: s, ...mine }),
  (dialogue, s, n, m) => dialogue.spokenAs(s, other(s, m), `as ${s}`, n),
  (dialogue, s, _, m) => dialogue.write('output.quarantined', { ...late(s, m), ...lateWords }),
  (dialogue, s, n, m) => {
    dialogue.seen({ seat: s, messageType: 'tool_call_message', toolCalls: [call(n + 1_000)] });
    dialogue.write('output.quarantined', { ...late(s, m), ...lateWords, toolCallId: `tool-${n + 1_000}` });
    if (m % 2) dialogue.seen({ seat: s, messageType: 'tool_return_message', toolReturn: returned(n + 1_000) });
  },
  (dialogue, s, _, m) => dialogue.write('output.dropped', { ...late(s, m), entryId: uuid(m) }),
];
const mine = { personId: mira.id, name: mira.name };
const at = '2026-11-21T12:00:00.000Z';
const late = (seat: string, m: number) => ({ seat, messageId: `message-${m}`, toolCallId: m % 2 ? `tool-${m}` : null });
const lateWords = { content: 'late', mode: 'receipt' as const, toAgentId: null };
const turn = (s: string, n: number) => uuid(n * 3 + s.charCodeAt(0));
const call = (n: number) => ({ toolCallId: `tool-${n}`, name: 'web_search', arguments: '{}' });
const returned = (m: number) => ({ toolCallId: `tool-${m}`, name: null, status: 'success' as const, text: 'owls' });
const approved = (m: number) => ({ toolCallId: `tool-${m}`, approve: true, reason: null });
const other = (s: 'a' | 'b' | 'c', m: number) => (s === 'a' ? 'b' : m % 3 === 0 && s === 'b' ? 'c' : 'a');
const ends = ['called', 'sent', 'received', 'confirmed', 'answered'] as const;
const until = (m: number) => ends[m % ends.length] ?? 'answered';
const outside = (to: string, m: number) => ({
  conveyanceId: uuid(m + 900),
  from: null,
  to,
  content: 'from outside',
  otid: `otid-${m}`,
  turnId: null,
  latencyMs: 3,
});
const lost = (seat: string, m: number) => ({
  seat,
  turnId: turn(seat, m),
  runId: null,
  stopReason: 'lost',
  usage: null,
  error: null,
});

const happening = fc.tuple(
  fc.constantFrom(...scenes),
  fc.constantFrom('a' as const, 'b' as const, 'c' as const),
  fc.nat(40),
  fc.constantFrom(0, 100, 400, 1500),
);
const tell = (happenings: readonly [Scene, 'a' | 'b' | 'c', number, number][]) => {
  const dialogue = new DialogueBuilder();
  for (const [n, [scene, seat, m, pause]] of happenings.entries()) scene(dialogue.after(pause), seat, n, m);
  return dialogue.entries;
};
const sentence: Scene = (dialogue, s) => dialogue.seen({ seat: s, messageType: 'assistant_message', content: 'so' });
/** Many rows of one second, as an import gives them, with something else among them now and then. */
const rush = fc.array(
  fc.tuple(
    fc.oneof({ weight: 12, arbitrary: fc.constant(sentence) }, { weight: 1, arbitrary: fc.constantFrom(...scenes) }),
    fc.constantFrom('a' as const, 'b' as const, 'a' as const, 'b' as const, 'c' as const),
    fc.nat(40),
    fc.constant(0),
  ),
  { minLength: 1, maxLength: 40 },
);
const story = fc.oneof(fc.array(happening, { minLength: 1, maxLength: 40 }), rush).map(tell);

describe('the fold of a transcript', () => {
  it('[TR1] tells the same whichever page was loaded first and wherever pages were cut', () => {
    fc.assert(
      fc.property(story, fc.array(fc.nat(200), { maxLength: 5 }), (entries, marks) => {
        const starts = [...new Set([0, ...marks.map((mark) => mark % entries.length)])].sort((one, two) => two - one);
        const pages = starts.map((start, index) => entries.slice(start, starts[index - 1]));
        const [newest, ...older] = pages;
        expect(plain(older.reduce(prependTranscript, fold(newest ?? [])))).toEqual(plain(fold(entries)));
      }),
      { numRuns: 400 },
    );
  });

  it('[TR2] an entry that it holds already changes nothing', () => {
    fc.assert(
      fc.property(story, (entries) => {
        const state = fold(entries);
        expect(fold(entries, state)).toBe(state);
      }),
    );
  });

  it('[TR3] leaves every earlier version as it was', () => {
    fc.assert(
      fc.property(story, (entries) => {
        const half = fold(entries.slice(0, entries.length / 2));
        const before = JSON.stringify(plain(half));
        fold(entries, half);
        expect(JSON.stringify(plain(half))).toBe(before);
      }),
    );
  });

  it('[TR4] every row of the shown seats stands in one moment, each pane in its own order', () => {
    fc.assert(
      fc.property(story, (entries) => {
        const state = fold(entries);
        const cells = [...state.moments.list].flatMap((moment) => moment.cells);
        for (const one of [alice, bob]) {
          const places = cells.filter((cell) => cell.seat === one.id).map((cell) => cell.place);
          expect(places).toEqual([...paneOf(state, one.id)].map((row) => row.place));
        }
        for (const moment of state.moments.list)
          expect(new Set(moment.cells.map((cell) => cell.seat)).size).toBe(moment.cells.length);
      }),
      { numRuns: 400 },
    );
  });

  it('[TR5] showing other seats gives the moments that a fold for them gives', () => {
    fc.assert(
      fc.property(story, (entries) => {
        const shown = [bob.id, carol.id];
        const folded = fold(entries, emptyTranscript(seats, shown));
        expect(plain(showSeats(fold(entries), shown))).toEqual(plain(folded));
      }),
    );
  });
});
