import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { hashKey } from '@tanstack/react-query';
import type { Stream } from '@/lib/protocol/stream';
import type { ToldEntry } from '@/lib/protocol/told-entry';
import type { Reading, Streams } from './live-streams';

/** What a stream adds up to, up to and with `lastStreamSeq`. Loaded over HTTP, kept current by the stream. */
export type LiveView<State> = { state: State; lastStreamSeq: number };

export type LiveFold<State> = {
  /** Of a query whose data is a LiveView. */
  queryKey: QueryKey;
  stream: Stream;
  /** Pure, and total: an entry that it does not understand changes nothing. */
  fold: (state: State, entry: ToldEntry) => State;
};

export type LiveInvalidation = {
  streams: readonly Stream[];
  queryKeys: readonly QueryKey[];
  /** Which entries matter; all when not given. */
  when?: (entry: ToldEntry) => boolean;
};

const INVALIDATE_AFTER_MS = 250;
const RESYNC_AGAIN_MS = 2_000;
/** Two updates of a view are at least this far apart, so that a flood costs no more than a frame each. */
const FRAME_MS = 16;

/**
 * Keeps the view under `queryKey` current with its stream until the returned function is called. Whatever is loaded
 * again over HTTP meanwhile, older or newer, is taken as the new beginning.
 */
export function foldInto<State>(queryClient: QueryClient, streams: Streams, view: LiveFold<State>): () => void {
  const { queryKey, stream, fold } = view;
  const cache = queryClient.getQueryCache();
  const hash = hashKey(queryKey);
  let reading: Reading | null = null;
  let waiting: ToldEntry[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let appliedAt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let owesSnapshot = false;
  let stopped = false;

  const lastOf = () => queryClient.getQueryData<LiveView<State>>(queryKey)?.lastStreamSeq;

  function apply(): void {
    timer = undefined;
    appliedAt = performance.now();
    const entries = waiting;
    waiting = [];
    queryClient.setQueryData<LiveView<State>>(queryKey, (known) => known && folded(known, entries, fold));
  }

  function onEntries(entries: readonly ToldEntry[]): void {
    waiting.push(...entries);
    const dueMs = FRAME_MS - (performance.now() - appliedAt);
    if (dueMs <= 0 && !timer) apply();
    else timer ??= setTimeout(apply, dueMs);
  }

  async function resync(): Promise<void> {
    owesSnapshot = true;
    await queryClient.refetchQueries({ queryKey, exact: true });
    if (owesSnapshot && !stopped) retry = setTimeout(resync, RESYNC_AGAIN_MS);
  }

  function onLoaded(): void {
    const at = lastOf();
    if (at === undefined) return;
    owesSnapshot = false;
    clearTimeout(retry);
    clearTimeout(timer);
    timer = undefined;
    waiting = [];
    if (reading) reading.placed(at);
    else reading = streams.read(stream, { at, onEntries, onResync: resync });
  }

  const unsubscribe = cache.subscribe((event) => {
    if (event.query.queryHash !== hash || event.type !== 'updated') return;
    if (event.action.type === 'success' && !event.action.manual) onLoaded();
  });
  onLoaded();
  return () => {
    stopped = true;
    unsubscribe();
    clearTimeout(timer);
    clearTimeout(retry);
    if (waiting.length > 0) apply();
    reading?.leave();
  };
}

function folded<State>(
  known: LiveView<State>,
  entries: readonly ToldEntry[],
  fold: LiveFold<State>['fold'],
): LiveView<State> {
  const fresh = entries.filter(({ streamSeq }) => streamSeq > known.lastStreamSeq);
  const last = fresh.at(-1);
  return last ? { state: fresh.reduce(fold, known.state), lastStreamSeq: last.streamSeq } : known;
}

/**
 * Marks queries as old when one of the streams brings something that matters to them, a moment later and all at once. And
 * once when a stream begins: nobody tells what happened between that and the moment of which the queries were read.
 */
export function invalidateOn(queryClient: QueryClient, streams: Streams, rule: LiveInvalidation): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function invalidate(): void {
    timer = undefined;
    for (const queryKey of rule.queryKeys) void readAgain(queryClient, queryKey);
  }
  const soon = () => {
    timer ??= setTimeout(invalidate, INVALIDATE_AFTER_MS);
  };

  const readings = rule.streams.map((stream) => {
    const reading = streams.read(stream, {
      at: null,
      onBegin: soon,
      onEntries: (entries) => {
        if (!rule.when || entries.some(rule.when)) soon();
      },
      onResync: (head) => {
        soon();
        reading.placed(head);
      },
    });
    return reading;
  });
  return () => {
    clearTimeout(timer);
    for (const reading of readings) reading.leave();
  };
}

/** A first load that is under way may have been read before: asked now, the library would wait for it and be content. */
export async function readAgain(queryClient: QueryClient, queryKey: QueryKey): Promise<void> {
  const queries = queryClient.getQueryCache().findAll({ queryKey });
  const loading = queries.flatMap((query) => (query.state.data === undefined ? (query.promise ?? []) : []));
  await Promise.allSettled(loading);
  await queryClient.invalidateQueries({ queryKey });
}
