import type { WireEntry } from '@/lib/protocol/entry';
import type { Stream } from '@/lib/protocol/stream';
import type { Clock } from '../clock';
import type { EncodedEntry } from './encoded-entry';
import { encodeEntry } from './encoded-entry';
import type { EntryCache } from './entry-cache';
import { PAGE_ENTRIES, pageOf } from './entry-cache';
import { entriesText, headText } from './event-text';
import type { LiveLimits } from './live-limits';
import { createPace } from './pace';

/** One socket that follows one stream: it has been sent everything up to `cursor`. */
export type Follower = {
  cursor: number;
  /** Whether it may be given what is new as it comes: it has credit, and nothing older is still to be sent. */
  ready(): boolean;
  send(text: string): void;
  /** Sends unless too much is unsent; what is dropped is superseded later. */
  sendVolatile(text: string): void;
  /** Hands it to its socket's pump, which brings it up to the head as credit allows. */
  fallBehind(): void;
};

/** The wire text of contiguous entries that bring a follower's cursor to `to`. */
export type Piece = { text: string; to: number };

/**
 * One stream as this instance follows it, for all sockets that watch it: the head, the entries that were committed, and
 * who is to be told. INVARIANT: a follower is only ever given the piece that begins at its cursor + 1, and its cursor
 * moves with it; hence no gap, no overlap of replay and live, whatever is lost, doubled or late between instances.
 */
export type Channel = {
  readonly stream: Stream;
  readonly followers: Set<Follower>;
  head(): number;
  /** The stream is known to reach `head`; `entries` are some of its last, if they are at hand. */
  advance(head: number, entries: readonly WireEntry[]): void;
  /** What follows `after`, if it is in memory. */
  take(after: number): Piece | null;
  /** What follows `after`, from the database; null where it shows nothing new. */
  load(after: number): Promise<Piece | null>;
  /** Something volatile, for all who have credit for it. */
  whisper(text: string): void;
  /** Tells each follower where it stands. */
  beat(): void;
  stop(): void;
};

type ChannelNeeds = {
  key: string;
  stream: Stream;
  cache: EntryCache;
  clock: Clock;
  limits: LiveLimits;
  read: (range: { after: number; limit: number }) => Promise<readonly WireEntry[]>;
};

export function createChannel({ key, stream, cache, clock, limits, read }: ChannelNeeds): Channel {
  let head = 0;
  const followers = new Set<Follower>();
  const reading = new Map<number, Promise<readonly EncodedEntry[]>>();
  const pace = createPace(clock, limits.tickMs, flush);

  const take = (after: number): Piece | null => pieceOf(stream, cache.from(key, after), limits);

  function flush(): void {
    const pieces = new Map<number, Piece | null>(); // most followers stand at one cursor and share one text
    for (const follower of followers) {
      const after = follower.cursor;
      if (after >= head) continue;
      if (!follower.ready()) {
        follower.fallBehind();
        continue;
      }
      if (!pieces.has(after)) pieces.set(after, take(after));
      const piece = pieces.get(after);
      if (piece) {
        follower.cursor = piece.to;
        follower.send(piece.text);
      }
      if (follower.cursor < head) follower.fallBehind();
    }
  }

  /** Reads one page, from its beginning, so that all who wait for any part of it share the reading. */
  async function readPage(page: number): Promise<readonly EncodedEntry[]> {
    const generation = cache.generation();
    const entries = await read({ after: page * PAGE_ENTRIES, limit: PAGE_ENTRIES });
    const run = entries.map(encodeEntry);
    const hole = run.findIndex((entry, index) => entry.streamSeq !== page * PAGE_ENTRIES + 1 + index);
    if (hole >= 0) throw new Error(`stream ${stream} has a hole at ${page * PAGE_ENTRIES + 1 + hole}`);
    cache.put(key, run, generation);
    return run;
  }

  function sharedPage(page: number): Promise<readonly EncodedEntry[]> {
    const shared = reading.get(page) ?? readPage(page).finally(() => reading.delete(page));
    reading.set(page, shared);
    return shared;
  }

  return {
    stream,
    followers,
    head: () => head,
    advance(to, entries) {
      if (followers.size > 0) cache.put(key, entries.map(encodeEntry));
      const reached = Math.max(to, entries.at(-1)?.streamSeq ?? 0);
      if (reached <= head) return;
      head = reached;
      if (followers.size > 0) pace.ask();
    },
    take,
    async load(after) {
      const run = await sharedPage(pageOf(after + 1));
      return pieceOf(
        stream,
        run.filter((entry) => entry.streamSeq > after),
        limits,
      );
    },
    whisper(text) {
      for (const follower of followers) follower.sendVolatile(text);
    },
    beat() {
      for (const follower of followers) if (follower.ready()) follower.send(headText(stream, follower.cursor));
    },
    stop: pace.stop,
  };
}

/** As many of these entries as one event carries, at least one; null where there are none. */
function pieceOf(stream: Stream, entries: readonly EncodedEntry[], limits: LiveLimits): Piece | null {
  let bytes = 0;
  const upTo = entries.findIndex((entry, index) => {
    bytes += entry.bytes;
    return index > 0 && (bytes > limits.pieceBytes || index >= limits.pieceEntries);
  });
  const some = upTo < 0 ? entries : entries.slice(0, upTo);
  const last = some.at(-1);
  return last ? { text: entriesText(stream, some), to: last.streamSeq } : null;
}
