/**
 * How a client follows one stream over a connection that may lose, double or delay anything: every reader is given each
 * entry once and in order, or is told that it must take a snapshot. Pure: events in, next state and effects out; sockets
 * and clocks belong to whoever runs it. Times are milliseconds of any monotonic clock.
 */
export type Follower = {
  /** `asking`: a watch is on its way. `refused`: the server will not give this stream to us. */
  phase: 'closed' | 'asking' | 'following' | 'refused';
  /** The ledger that positions belong to, once the server has named it. */
  epoch: string | null;
  /** Number of the last watch; answers to earlier ones are stale. */
  ask: number;
  /** From where it was asked; null: from the head. */
  askedAfter: number | null;
  /** Up to where the server has sent this watch. INVARIANT while following: no placed reader stands below. */
  sent: number;
  /** A beacon said that the stream reaches further than what came. */
  missing: { head: number; since: number } | null;
  /** Failed watches in a row, and when to ask again. */
  failures: number;
  retryAt: number | null;
  readers: ReadonlyMap<string, Reader>;
};

/** `last` is the position up to which it has everything; null: it begins at the head. `behind`: it owes a snapshot. */
type Reader = { last: number | null; behind: boolean };

export type FollowerEvent<Entry extends Sequenced> =
  | { on: 'opened' }
  | { on: 'closed' }
  | { on: 'acked'; ask: number; epoch: string; head: number; limited: boolean }
  /** The watch was refused, or no answer came (`timeout`). */
  | { on: 'failed'; ask: number; code: string; now: number }
  | { on: 'entries'; entries: readonly Entry[] }
  | { on: 'head'; head: number; now: number }
  | { on: 'tick'; now: number }
  | { on: 'joined'; reader: string; at: number | null }
  /** The reader has taken a snapshot of the stream at `at`. */
  | { on: 'placed'; reader: string; at: number }
  | { on: 'left'; reader: string };

export type FollowerEffect<Entry extends Sequenced> =
  | { do: 'watch'; ask: number; after: number | null; epoch: string | null }
  /** Contiguous entries from the reader's position on. */
  | { do: 'apply'; reader: string; entries: readonly Entry[] }
  /** What the reader misses will not come: it takes a snapshot and says `placed`. The stream stands at `head`. */
  | { do: 'resync'; reader: string; head: number }
  | { do: 'refuse'; code: string };

type Sequenced = { streamSeq: number };
type Step<Entry extends Sequenced> = { state: Follower; effects: FollowerEffect<Entry>[] };

/** How long a beacon may be ahead of the entries before the watch is taken for broken. */
const PATIENCE_MS = 1_000;
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 15_000;
/** What asking again cannot mend. */
const FINAL = new Set(['auth.forbidden', 'request.invalid', 'stream.not_found']);

export const idleFollower: Follower = {
  phase: 'closed',
  epoch: null,
  ask: 0,
  askedAfter: null,
  sent: 0,
  missing: null,
  failures: 0,
  retryAt: null,
  readers: new Map(),
};

/** The next state, and what is to be done, in this order. */
export function stepFollower<Entry extends Sequenced>(state: Follower, event: FollowerEvent<Entry>): Step<Entry> {
  switch (event.on) {
    // A reader is there before the connection is told to be open: a follower without readers is thrown away.
    case 'opened':
      return watch({ ...state, failures: 0 });
    case 'closed':
      return same({ ...state, phase: 'closed', missing: null, retryAt: null });
    case 'acked':
      return onAcked(state, event);
    case 'failed':
      return onFailed(state, event);
    case 'entries':
      return onEntries(state, event.entries);
    case 'head':
      return onHead(state, event.head, event.now);
    case 'tick':
      return onTick(state, event.now);
    case 'joined':
      return onPlaced(state, event.reader, event.at);
    case 'placed':
      return state.readers.has(event.reader) ? onPlaced(state, event.reader, event.at) : same(state);
    case 'left':
      return same({ ...state, readers: new Map([...state.readers].filter(([reader]) => reader !== event.reader)) });
  }
}

const same = <Entry extends Sequenced>(state: Follower): Step<Entry> => ({ state, effects: [] });

/** Asks for the stream from where the reader stands that is furthest back. */
function watch<Entry extends Sequenced>(state: Follower): Step<Entry> {
  const places = [...state.readers.values()].flatMap(({ last, behind }) => (last === null || behind ? [] : [last]));
  const after = places.length > 0 ? Math.min(...places) : null;
  const ask = state.ask + 1;
  return {
    state: { ...state, phase: 'asking', ask, askedAfter: after, missing: null, retryAt: null },
    effects: [{ do: 'watch', ask, after, epoch: state.epoch }],
  };
}

/** Asks again where the watch begins above a reader: what lies between would never come. */
function coverAll<Entry extends Sequenced>(state: Follower): Step<Entry> {
  const uncovered = [...state.readers.values()].some(
    ({ last, behind }) => last !== null && !behind && last < state.sent,
  );
  return state.phase === 'following' && uncovered ? watch(state) : same(state);
}

function onAcked<Entry extends Sequenced>(
  state: Follower,
  { ask, epoch, head, limited }: { ask: number; epoch: string; head: number; limited: boolean },
): Step<Entry> {
  if (state.phase !== 'asking' || ask !== state.ask) return same(state);
  const effects: FollowerEffect<Entry>[] = [];
  const readers = new Map<string, Reader>();
  for (const [name, reader] of state.readers) {
    const owes = limited && !reader.behind && reader.last !== null && (reader.last !== head || epoch !== state.epoch);
    if (owes) effects.push({ do: 'resync', reader: name, head });
    readers.set(name, { last: reader.last ?? head, behind: reader.behind || owes });
  }
  const sent = limited || state.askedAfter === null ? head : state.askedAfter;
  const covered = coverAll<Entry>({ ...state, phase: 'following', epoch, sent, failures: 0, readers });
  return { state: covered.state, effects: [...effects, ...covered.effects] };
}

function onFailed<Entry extends Sequenced>(
  state: Follower,
  { ask, code, now }: { ask: number; code: string; now: number },
): Step<Entry> {
  if (state.phase !== 'asking' || ask !== state.ask) return same(state);
  if (FINAL.has(code)) return { state: { ...state, phase: 'refused' }, effects: [{ do: 'refuse', code }] };
  const waitMs = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** state.failures);
  return same({ ...state, failures: state.failures + 1, retryAt: now + waitMs });
}

function onEntries<Entry extends Sequenced>(state: Follower, entries: readonly Entry[]): Step<Entry> {
  const [first, last] = [entries[0]?.streamSeq, entries.at(-1)?.streamSeq];
  if (first === undefined || last === undefined || state.phase === 'closed' || state.phase === 'refused')
    return same(state);
  if (state.phase === 'following' && first > state.sent + 1) return watch(state);
  const effects: FollowerEffect<Entry>[] = [];
  const readers = new Map(state.readers);
  for (const [name, reader] of state.readers) {
    if (reader.behind || reader.last === null) continue;
    const position = reader.last;
    const fresh = entries.filter(({ streamSeq }) => streamSeq > position);
    if (fresh[0]?.streamSeq !== position + 1) continue; // old, or of a former watch: the coming one brings it
    effects.push({ do: 'apply', reader: name, entries: fresh });
    readers.set(name, { ...reader, last });
  }
  const sent = state.phase === 'following' ? Math.max(state.sent, last) : state.sent;
  const missing = state.missing && sent < state.missing.head ? state.missing : null;
  return { state: { ...state, readers, sent, missing }, effects };
}

function onHead<Entry extends Sequenced>(state: Follower, head: number, now: number): Step<Entry> {
  if (state.phase !== 'following' || head <= state.sent) return same(state);
  return same({ ...state, missing: { head, since: state.missing?.since ?? now } });
}

function onTick<Entry extends Sequenced>(state: Follower, now: number): Step<Entry> {
  const due = state.phase === 'asking' && state.retryAt !== null && now >= state.retryAt;
  const broken = state.phase === 'following' && state.missing && now - state.missing.since > PATIENCE_MS;
  return due || broken ? watch(state) : same(state);
}

function onPlaced<Entry extends Sequenced>(state: Follower, reader: string, at: number | null): Step<Entry> {
  // Whoever has no place yet stands where the watch stands, or will stand.
  const last = at ?? (state.phase === 'following' ? state.sent : null);
  const next = { ...state, readers: new Map(state.readers).set(reader, { last, behind: false }) };
  return state.phase === 'refused' ? watch(next) : coverAll(next);
}
