import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REPLAY_MAX } from '@/lib/protocol/socket';
import type { Follower, FollowerEffect, FollowerEvent } from './stream-follower';
import { idleFollower, stepFollower } from './stream-follower';

type Entry = { streamSeq: number; text: string };
const entries = (from: number, to: number): Entry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ streamSeq: from + index, text: `e:${from + index}` }));

function run(...events: FollowerEvent<Entry>[]) {
  let state = idleFollower;
  let effects: FollowerEffect<Entry>[] = [];
  for (const event of events) ({ state, effects } = stepFollower(state, event));
  return { state, effects };
}

const joined: FollowerEvent<Entry> = { on: 'joined', reader: 'view', at: 3 };
const opened: FollowerEvent<Entry> = { on: 'opened' };
const acked = (ask: number, head: number, limited = false): FollowerEvent<Entry> => ({
  on: 'acked',
  ask,
  epoch: 'e',
  head,
  limited,
});

describe('the stream follower', () => {
  it('[LV30] asks from its position and applies what follows, once and in order', () => {
    expect(run(joined, opened).effects).toEqual([{ do: 'watch', ask: 1, after: 3, epoch: null }]);
    const following = [joined, opened, acked(1, 5)];
    expect(run(...following, { on: 'entries', entries: entries(4, 5) }).effects).toEqual([
      { do: 'apply', reader: 'view', entries: entries(4, 5) },
    ]);
    const after = run(
      ...following,
      { on: 'entries', entries: entries(4, 5) },
      { on: 'entries', entries: entries(2, 6) },
    );
    expect(after.effects).toEqual([{ do: 'apply', reader: 'view', entries: entries(6, 6) }]);
  });

  it('[LV31] a gap asks again from the last position, with the epoch', () => {
    const gap = run(joined, opened, acked(1, 5), { on: 'entries', entries: entries(5, 5) });
    expect(gap.effects).toEqual([{ do: 'watch', ask: 2, after: 3, epoch: 'e' }]);
  });

  it('[LV31] a beacon that stays ahead for more than a second asks again; one that is caught up does not', () => {
    const ahead = [joined, opened, acked(1, 5), { on: 'head', head: 5, now: 100 }] as const;
    expect(run(...ahead, { on: 'tick', now: 1_100 }).effects).toEqual([]);
    expect(run(...ahead, { on: 'tick', now: 1_101 }).effects).toMatchObject([{ do: 'watch', after: 3 }]);
    const caughtUp = run(...ahead, { on: 'entries', entries: entries(4, 5) }, { on: 'tick', now: 9_000 });
    expect(caughtUp.effects).toEqual([]);
  });

  it('[LV32] limited asks the reader for a snapshot, and goes on from where that was taken', () => {
    const limited = [joined, opened, acked(1, 9_000, true)];
    expect(run(...limited).effects).toEqual([{ do: 'resync', reader: 'view', head: 9_000 }]);
    expect(run(...limited, { on: 'entries', entries: entries(9_001, 9_001) }).effects).toEqual([]);
    expect(run(...limited, { on: 'placed', reader: 'view', at: 8_999 }).effects).toMatchObject([
      { do: 'watch', after: 8_999, epoch: 'e' },
    ]);
    const beyond = [...limited, { on: 'placed', reader: 'view', at: 9_001 } as const];
    expect(run(...beyond).effects).toEqual([]);
    expect(run(...beyond, { on: 'entries', entries: entries(9_001, 9_002) }).effects).toEqual([
      { do: 'apply', reader: 'view', entries: entries(9_002, 9_002) },
    ]);
  });

  it('[LV32] a reader that owes a snapshot holds nobody back', () => {
    const other: FollowerEvent<Entry> = { on: 'joined', reader: 'other', at: 8_998 };
    expect(run(joined, opened, acked(1, 9_000, true), other).effects).toMatchObject([{ do: 'watch', after: 8_998 }]);
  });

  it('[LV34] an answer to an earlier watch changes nothing', () => {
    const again = [joined, opened, { on: 'closed' }, opened] as const;
    expect(run(...again, acked(1, 9_000, true))).toEqual(run(...again, acked(1, 9_000, true), acked(1, 5)));
    expect(run(...again, acked(1, 9_000, true)).state.phase).toBe('asking');
  });

  it('[LV33] a reader without a place begins at the head; one further back makes the watch begin anew', () => {
    const tail: FollowerEvent<Entry> = { on: 'joined', reader: 'tail', at: null };
    const both = [tail, opened, acked(1, 7)];
    expect(run(...both, joined).effects).toMatchObject([{ do: 'watch', after: 3 }]);
    const replayed = run(...both, joined, acked(2, 7), { on: 'entries', entries: entries(4, 8) });
    expect(replayed.effects).toEqual([
      { do: 'apply', reader: 'tail', entries: entries(8, 8) },
      { do: 'apply', reader: 'view', entries: entries(4, 8) },
    ]);
  });

  it('[LV34] a watch that fails is asked again, later and later; one that is forbidden is not', () => {
    const failed = (ask: number, now: number, code = 'ledger.unavailable'): FollowerEvent<Entry> => ({
      on: 'failed',
      ask,
      code,
      now,
    });
    const once = [joined, opened, failed(1, 0)];
    expect(run(...once, { on: 'tick', now: 999 }).effects).toEqual([]);
    expect(run(...once, { on: 'tick', now: 1_000 }).effects).toMatchObject([{ do: 'watch', ask: 2 }]);
    const twice = [...once, { on: 'tick', now: 1_000 } as const, failed(2, 1_000)];
    expect(run(...twice, { on: 'tick', now: 2_999 }).effects).toEqual([]);
    expect(run(...twice, { on: 'tick', now: 3_000 }).effects).toMatchObject([{ do: 'watch', ask: 3 }]);
    const refused = [joined, opened, failed(1, 0, 'auth.forbidden')];
    expect(run(...refused).effects).toEqual([{ do: 'refuse', code: 'auth.forbidden' }]);
    expect(run(...refused, { on: 'tick', now: 99_999 }).effects).toEqual([]);
  });
});

/** A reader of the model: what it shows, and how often it was told to begin anew. */
type Shown = { list: string[]; at: number; told: number; owes: boolean };
const GAP_MAX = 6; // instead of REPLAY_MAX, so that short runs meet it

/** A server and a connection that may lose, double and delay, with one follower at its other end. */
class World {
  ledgers = [['e0:1', 'e0:2', 'e0:3']];
  open = false;
  serverCursor: number | null = null;
  wire: FollowerEvent<Entry>[] = [];
  asks: { ask: number; after: number | null; epoch: string | null }[] = [];
  state: Follower = idleFollower;
  views = new Map<string, Shown>();
  now = 0;

  get ledger(): string[] {
    return this.ledgers.at(-1) ?? [];
  }
  get epoch(): string {
    return `e${this.ledgers.length - 1}`;
  }

  send(event: FollowerEvent<Entry>): void {
    const { state, effects } = stepFollower(this.state, event);
    this.state = state;
    for (const effect of effects) this.carryOut(effect);
  }

  carryOut(effect: FollowerEffect<Entry>): void {
    if (effect.do === 'watch') this.asks.push(effect);
    if (effect.do === 'refuse') throw new Error('nothing is refused here');
    if (effect.do === 'resync') {
      const view = this.viewOf(effect.reader);
      view.told += 1;
      view.owes = true;
    }
    if (effect.do === 'apply') {
      const view = this.viewOf(effect.reader);
      expect(view.owes).toBe(false);
      expect(effect.entries.map(({ streamSeq }) => streamSeq)).toEqual(
        effect.entries.map((_, index) => view.at + 1 + index),
      );
      view.list.push(...effect.entries.map(({ text }) => text));
      view.at += effect.entries.length;
    }
  }

  viewOf(reader: string): Shown {
    const view = this.views.get(reader);
    if (!view) throw new Error(`no reader ${reader}`);
    return view;
  }

  join(reader: string, at: number): void {
    if (this.views.has(reader)) return;
    this.views.set(reader, { list: this.ledger.slice(0, at), at, told: 0, owes: false });
    this.send({ on: 'joined', reader, at });
  }

  /** The server takes the next watch. */
  answer(lost: boolean): void {
    const asked = this.asks.shift();
    if (!asked || !this.open) return;
    const head = this.ledger.length;
    const after = asked.after ?? head;
    const foreign = asked.epoch !== null && asked.epoch !== this.epoch;
    const limited = foreign || after > head || head - after > GAP_MAX;
    this.serverCursor = limited ? head : after;
    const { ask } = asked;
    this.wire.push(
      lost
        ? { on: 'failed', ask, code: 'timeout', now: this.now }
        : { on: 'acked', ask, epoch: this.epoch, head, limited },
    );
  }

  emit(count: number, fate: 'sent' | 'lost' | 'doubled'): void {
    if (!this.open || this.serverCursor === null) return;
    const from = this.serverCursor;
    const batch = this.ledger.slice(from, from + count).map((text, index) => ({ streamSeq: from + 1 + index, text }));
    if (batch.length === 0) return;
    this.serverCursor += batch.length;
    const event: FollowerEvent<Entry> = { on: 'entries', entries: batch };
    if (fate !== 'lost') this.wire.push(event);
    if (fate === 'doubled') this.wire.push(event);
  }

  deliver(): void {
    const event = this.wire.shift();
    if (event) this.send(event);
  }

  beacon(): void {
    if (this.open && this.serverCursor !== null) this.wire.push({ on: 'head', head: this.serverCursor, now: this.now });
  }

  snapshot(reader: string, lag: number): void {
    const view = this.views.get(reader);
    if (!view) return;
    const at = Math.max(0, this.ledger.length - lag);
    this.views.set(reader, { ...view, list: this.ledger.slice(0, at), at, owes: false });
    this.send({ on: 'placed', reader, at });
  }

  setOpen(open: boolean): void {
    if (this.open === open) return;
    this.open = open;
    this.wire = [];
    this.asks = [];
    this.serverCursor = null;
    this.send(open ? { on: 'opened' } : { on: 'closed' });
  }

  restore(): void {
    if (this.state.epoch === null) return; // before the first ack nobody can tell one ledger from another
    this.setOpen(false);
    this.ledgers.push(Array.from({ length: 4 }, (_, index) => `e${this.ledgers.length}:${index + 1}`));
  }

  /** Everything works from here on: until nothing moves any more. */
  settle(): void {
    this.setOpen(true);
    for (let round = 0; round < 40; round += 1) {
      while (this.asks.length > 0) this.answer(false);
      this.emit(100, 'sent');
      this.beacon();
      while (this.wire.length > 0) this.deliver();
      for (const [reader, view] of this.views) if (view.owes) this.snapshot(reader, 0);
      this.now += 20_000;
      this.send({ on: 'tick', now: this.now });
    }
  }
}

const readerName = fc.constantFrom('a', 'b', 'c');
const move: fc.Arbitrary<(world: World) => void> = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((count) => (world: World) => {
    for (let index = 0; index < count; index += 1) world.ledger.push(`${world.epoch}:${world.ledger.length + 1}`);
  }),
  fc.tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom('sent', 'sent', 'lost', 'doubled')).map(
    ([count, fate]) =>
      (world: World) =>
        world.emit(count, fate),
  ),
  fc.constant((world: World) => world.deliver()),
  fc.constant((world: World) => world.deliver()),
  fc.constant((world: World) => world.answer(false)),
  fc.constant((world: World) => world.answer(true)),
  fc.constant((world: World) => world.beacon()),
  fc.boolean().map((open) => (world: World) => world.setOpen(open)),
  fc.integer({ min: 1, max: 3_000 }).map((ms) => (world: World) => {
    world.now += ms;
    world.send({ on: 'tick', now: world.now });
  }),
  fc.tuple(readerName, fc.integer({ min: 0, max: 3 })).map(
    ([reader, lag]) =>
      (world: World) =>
        world.snapshot(reader, lag),
  ),
  fc.tuple(readerName, fc.integer({ min: 0, max: 4 })).map(
    ([reader, lag]) =>
      (world: World) =>
        world.join(reader, Math.max(0, world.ledger.length - lag)),
  ),
  fc.constant((world: World) => world.restore()),
);

describe('whatever the connection does', () => {
  it('[LV35] every reader ends complete, each entry once and in order, or was told to begin anew', () => {
    expect(GAP_MAX).toBeLessThan(REPLAY_MAX);
    let told = 0;
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const world = new World();
        world.join('first', 0);
        for (const make of moves) make(world);
        world.settle();
        for (const view of world.views.values()) {
          expect(view.owes).toBe(false);
          expect(view.list).toEqual(world.ledger);
          told += view.told;
        }
        expect(world.state.phase).toBe('following');
      }),
      { numRuns: 2_000 },
    );
    expect(told).toBeGreaterThan(0);
  });
});
