import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TurnId } from '@/lib/protocol/ids';
import { a, alice, b, bob, c, carol, conversation, ids, nobody, seat as seatOf, uuid } from './held-talk';
import { relaySpoken } from './relay-spoken';

const rootId = TurnId.parse(uuid(900));

test('[CV37] [CV39] [CV40] whatever is said, in however many seats: in order, to the next seat, up to the limit, one refusal', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('one', 'two', ' ', 'three\n'), { maxLength: 8 }),
      fc.nat({ max: 6 }),
      fc.nat({ max: 9 }),
      (texts, turns, at) => {
        const seats = [seatOf(a, alice, 'Alice'), seatOf(b, bob, 'Bob'), seatOf(c, carol, 'Carol')].slice(
          0,
          2 + (at % 2),
        );
        const state = conversation({ conveyance: 'relay', turns, maxTurns: 6, seats });
        const index = at % state.seats.length;
        const seat = state.seats[index];
        if (!seat) throw new Error('no seat');
        const next = state.seats[(index + 1) % state.seats.length];
        const spoken = texts.map((content, n) => ({ messageId: `message-${n}`, content }));
        const carried = relaySpoken(state, nobody, { seat, rootId }, spoken, ids());
        const said = spoken.filter(({ content }) => content.trim() !== '');
        const room = 6 - turns;
        const sent = carried.facts.flatMap((fact) => (fact.type === 'message.sent' ? [fact.payload] : []));
        expect(sent.map(({ messageId, content }) => ({ messageId, content }))).toEqual(said.slice(0, room + 1));
        expect(carried.turns).toBe(Math.min(said.length, room));
        expect(carried.queue.map((turn) => turn.seat)).toEqual(said.slice(0, room).map(() => next?.id));
        expect(carried.limitReached).toBe(said.length > room);
        expect(carried.facts.filter(({ type }) => type === 'message.delivery_failed')).toHaveLength(
          said.length > room ? 1 : 0,
        );
        expect(
          sent.every(({ toolCallId, mode, from }) => toolCallId === null && mode === 'none' && from === seat.id),
        ).toBe(true);
      },
    ),
  );
});

test('[CV37] a stopped conversation relays nothing, and says nothing of it', () => {
  const state = conversation({ conveyance: 'relay', phase: 'stopped' });
  const [seat] = state.seats;
  if (!seat) throw new Error('no seat');
  const spoken = [{ messageId: 'message-1', content: 'too late' }];
  expect(relaySpoken(state, nobody, { seat, rootId }, spoken, ids())).toMatchObject({ facts: [], queue: [], turns: 0 });
});
