import type { Follower, FollowerEffect, FollowerEvent } from '@/lib/domain/stream-follower';
import { idleFollower, stepFollower } from '@/lib/domain/stream-follower';
import type { Head, Watch, WatchAck } from '@/lib/protocol/socket';
import type { Stream } from '@/lib/protocol/stream';
import type { ToldEntry } from '@/lib/protocol/told-entry';

/** Who wants the entries of a stream. Callbacks are called one after another, never within each other. */
export type StreamReader = {
  /** The position up to which it has everything; null: it wants only what happens from now on. */
  at: number | null;
  /** Contiguous and ascending from its position on; each entry once. */
  onEntries(entries: readonly ToldEntry[]): void;
  /** What it misses will not come. It takes a snapshot and then says `placed`; until then it is given nothing. */
  onResync(head: number): void;
  /** The stream is watched for the first time since it reads. What happened before, and is no part of it, is not told. */
  onBegin?(): void;
  /** The server does not give this stream to this person. */
  onRefused?(code: string): void;
};

/** A reader's hold on its stream. `placed`: it has taken a snapshot of the stream at this position. */
export type Reading = { placed(at: number): void; leave(): void };

/** All streams that the page follows, over a connection that somebody else looks after. */
export type Streams = {
  /** Watches the stream as long as anyone reads it. */
  read(stream: Stream, reader: StreamReader): Reading;
  opened(): void;
  closed(): void;
  took(came: { stream: Stream; entries: ToldEntry[] }): void;
  heard(head: Head): void;
  /** To be called about twice a second. */
  tick(): void;
  watches(stream: Stream): boolean;
};

type Room = {
  stream: Stream;
  state: Follower;
  readers: Map<string, StreamReader>;
  /** Readers that have been told of the beginning. */
  begun: Set<string>;
  waiting: FollowerEvent<ToldEntry>[];
  busy: boolean;
};

type StreamsNeeds = {
  /**
   * Sends a watch. `answer` must be called before anything that arrives after the answer is passed on, so not by way of
   * a promise; null: no answer came in time.
   */
  watch: (watch: Watch, answer: (ack: WatchAck | null) => void) => void;
  unwatch: (stream: Stream) => void;
  now: () => number;
};

export function createStreams({ watch, unwatch, now }: StreamsNeeds): Streams {
  const rooms = new Map<Stream, Room>();
  let open = false;
  let names = 0;

  /** Callbacks may lead to further events; those wait until the effects of this one are carried out. */
  function send(room: Room, event: FollowerEvent<ToldEntry>): void {
    room.waiting.push(event);
    if (room.busy) return;
    room.busy = true;
    try {
      for (let next = room.waiting.shift(); next; next = room.waiting.shift()) {
        const { state, effects } = stepFollower(room.state, next);
        room.state = state;
        for (const effect of effects) carryOut(room, effect);
      }
    } finally {
      room.busy = false;
    }
  }

  function carryOut(room: Room, effect: FollowerEffect<ToldEntry>): void {
    if (effect.do === 'watch') ask(room, effect);
    if (effect.do === 'apply') room.readers.get(effect.reader)?.onEntries(effect.entries);
    if (effect.do === 'resync') room.readers.get(effect.reader)?.onResync(effect.head);
    if (effect.do === 'refuse') for (const reader of room.readers.values()) reader.onRefused?.(effect.code);
  }

  function ask(room: Room, { ask: number, after, epoch }: FollowerEffect<ToldEntry> & { do: 'watch' }): void {
    const request = { stream: room.stream, ...(after !== null && { after }), ...(epoch !== null && { epoch }) };
    watch(request, (ack) => {
      if (!ack?.ok) return send(room, { on: 'failed', ask: number, code: ack?.error.code ?? 'timeout', now: now() });
      send(room, { on: 'acked', ask: number, epoch: ack.epoch, head: ack.head, limited: ack.limited ?? false });
      begin(room);
    });
  }

  function begin(room: Room): void {
    for (const [name, reader] of room.readers) {
      if (room.begun.has(name)) continue;
      room.begun.add(name);
      reader.onBegin?.();
    }
  }

  function enter(stream: Stream): Room {
    const known = rooms.get(stream);
    if (known) return known;
    const room: Room = { stream, state: idleFollower, readers: new Map(), begun: new Set(), waiting: [], busy: false };
    rooms.set(stream, room);
    return room;
  }

  function leave(room: Room, name: string): void {
    if (!room.readers.delete(name)) return;
    room.begun.delete(name);
    send(room, { on: 'left', reader: name });
    if (room.readers.size > 0) return;
    if (rooms.get(room.stream) === room) rooms.delete(room.stream);
    if (open) unwatch(room.stream);
  }

  return {
    read(stream, reader) {
      const room = enter(stream);
      names += 1;
      const name = String(names);
      room.readers.set(name, reader);
      send(room, { on: 'joined', reader: name, at: reader.at });
      if (open && room.state.phase === 'closed') send(room, { on: 'opened' });
      return {
        placed: (at) => send(room, { on: 'placed', reader: name, at }),
        leave: () => leave(room, name),
      };
    },
    opened() {
      open = true;
      for (const room of rooms.values()) send(room, { on: 'opened' });
    },
    closed() {
      open = false;
      for (const room of rooms.values()) send(room, { on: 'closed' });
    },
    took({ stream, entries }) {
      const room = rooms.get(stream);
      if (room) send(room, { on: 'entries', entries });
    },
    heard({ stream, head }) {
      const room = rooms.get(stream);
      if (room) send(room, { on: 'head', head, now: now() });
    },
    tick() {
      for (const room of rooms.values()) send(room, { on: 'tick', now: now() });
    },
    watches: (stream) => rooms.has(stream),
  };
}
