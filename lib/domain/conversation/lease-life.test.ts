import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ErrorCode } from '@/lib/protocol/errors';
import { PersonId } from '@/lib/protocol/ids';
import type { ConversationDecision, SeatState } from './conversation-state';
import { decideSpeakAs } from './decide-speak-as';
import { decideExpireSeat, decideHandBack, decideTakeSeat } from './decide-takeover';
import { a, alice, b, bob, conversation, ids, seat } from './held-talk';

const people = ['ana', 'ben', 'cyd'].map((id) => ({ personId: PersonId.parse(id), name: id, isAdmin: id === 'cyd' }));

const steps = fc.array(
  fc.record({
    do: fc.constantFrom('take' as const, 'take' as const, 'back' as const, 'speak' as const, 'wait' as const),
    by: fc.constantFrom(...people),
    seconds: fc.constantFrom(5, 60, 600),
  }),
  { maxLength: 30 },
);

/** One seat, its lease and a clock that is moved. A lease that was renewed has another epoch: the old end means nothing. */
class Chair {
  holder: SeatState['holder'] = null;
  now = 0;
  lease: { dueAt: number; epoch: number } | null = null;
  epoch = 0;
  readonly told: string[] = [];

  decide(decision: ConversationDecision): ErrorCode | null {
    if (!decision.ok) return decision.code;
    for (const { type, payload } of decision.facts) {
      if (type === 'seat.taken' || type === 'seat.renewed') {
        this.holder = { personId: payload.personId, name: payload.name, until: payload.until };
      } else if (type === 'seat.handed_back' || type === 'seat.expired') this.holder = null;
      if (type.startsWith('seat.')) this.told.push(type);
    }
    for (const deadline of decision.deadlines ?? []) {
      this.epoch += 1;
      this.lease = 'dueAt' in deadline ? { dueAt: deadline.dueAt.getTime(), epoch: this.epoch } : null;
    }
    return null;
  }

  state() {
    return conversation({ seats: [seat(a, alice, 'Alice'), seat(b, bob, 'Bob', { holder: this.holder })] });
  }

  wait(seconds: number): void {
    this.now += seconds * 1_000;
    if (this.lease && this.lease.dueAt <= this.now) {
      this.lease = null; // consumed by exactly this command
      this.decide(decideExpireSeat(this.state(), b, ids()));
    }
  }
}

test('[SE1] [SE2] [SE6] [SE8] [SE10] whoever comes when, one person at a time sits in a seat, and every hold ends once', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const chair = new Chair();
      for (const { do: what, by, seconds } of taken) {
        const before = chair.holder;
        const isFree = before === null;
        const isMine = before?.personId === by.personId;
        if (what === 'wait') chair.wait(seconds);
        else if (what === 'take') {
          const lease = { until: new Date(chair.now + seconds * 1_000), reason: null, latencies: new Map() };
          const code = chair.decide(decideTakeSeat(chair.state(), b, by, lease, ids()));
          expect(code).toBe(isFree || isMine ? null : 'seat.taken');
          if (code === null) expect(chair.lease?.dueAt).toBe(chair.now + seconds * 1_000);
        } else if (what === 'back') {
          const code = chair.decide(decideHandBack(chair.state(), b, by, null, ids()));
          expect(code).toBe(isFree ? 'seat.not_held' : isMine || by.isAdmin ? null : 'auth.forbidden');
        } else {
          const words = { as: b, content: 'Hello', personId: by.personId };
          const code = chair.decide(decideSpeakAs(chair.state(), words, ids()));
          expect(code).toBe(isMine ? null : isFree ? 'seat.not_held' : 'seat.taken');
        }
        expect(chair.lease === null).toBe(chair.holder === null);
      }
      chair.wait(100_000);
      expect(chair.holder).toBeNull();
      const ends = chair.told.filter((type) => type !== 'seat.renewed');
      ends.forEach((type, index) => {
        expect(type === 'seat.taken').toBe(index % 2 === 0);
      });
      expect(ends.length % 2).toBe(0);
    }),
    { numRuns: 500 },
  );
});
