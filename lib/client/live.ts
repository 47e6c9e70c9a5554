/**
 * The live stream in the browser: the one file that knows both the socket and the query cache.
 *
 * A screen uses the hooks of live-view.tsx:
 * - `useLiveView({ queryKey: ['live', 'conversation', id], stream, load, fold })` loads a view over HTTP as
 *   `{ state, lastStreamSeq }` and keeps it current: `fold(state, entry)` is called for each entry after lastStreamSeq,
 *   once and in order. It is an ordinary query: loading, error, refetch and `setQueryData` work as everywhere.
 * - `useWriting(stream, last)` (use-writing.ts) gives what is being written, once a frame, by message and field; a text
 *   goes with the drawing in which the view shows the entry that ends it.
 * - `useInvalidation({ streams, queryKeys, when })` has lists loaded again, at most every 250 ms.
 * - `useDraftViewing(draft)` (use-draft-viewing.ts) says that the reader looks at a draft, and who else does.
 * - `useConnection()` (live-connection.ts) tells how the connection stands; `reconnectNow()` tries at once.
 * Without React, `Live` gives the same. A stream is watched as long as anyone uses it, and once for all of them.
 */
import type { QueryClient } from '@tanstack/react-query';
import type { Socket } from 'socket.io-client';
import { io } from 'socket.io-client';
import { z } from 'zod';
import type { ClientToServer, ServerToClient } from '@/lib/protocol/socket';
import {
  ConversationSummaries,
  Delta,
  Entries,
  Goodbye,
  Head,
  SOCKET_PATH,
  TaskSummaries,
  ViewedDrafts,
  WatchAck,
} from '@/lib/protocol/socket';
import { Stream } from '@/lib/protocol/stream';
import { toldEntry } from '@/lib/protocol/told-entry';
import { takeSummaries } from './conversation-summaries';
import { takeViewed } from './draft-cache';
import { followDrafts } from './draft-follower';
import { createDraftViewing } from './draft-viewing';
import type { LiveFold, LiveInvalidation } from './live-cache';
import { foldInto, invalidateOn } from './live-cache';
import type { ConnectionStore } from './live-connection';
import { pageConnection } from './live-connection';
import type { LinkTiming } from './live-link';
import { createLink, linkTiming } from './live-link';
import type { Streams } from './live-streams';
import { createStreams } from './live-streams';
import type { WritingStore } from './live-writing-store';
import { createWritingStores } from './live-writing-store';
import { takeTasks } from './task-summaries';

export type Live = {
  read: Streams['read'];
  foldInto<State>(view: LiveFold<State>): () => void;
  invalidateOn(rule: LiveInvalidation): () => void;
  writing(stream: Stream): WritingStore;
  /** Keeps the lists of drafts current until the answer is called. */
  followDrafts(onOffered: (draftId: string) => void): () => void;
  /** The draft is open on this page until the answer is called. */
  viewing(draftId: string): () => void;
  close(): void;
};

/** A page needs none of these: it connects to where it came from, by its cookie. */
export type LiveOptions = {
  url?: string;
  token?: string;
  connection?: ConnectionStore;
  timing?: Partial<LinkTiming>;
};

type LiveSocket = Socket<ServerToClient, ClientToServer>;

const ANSWER_MS = 10_000;
const TICK_MS = 500;
const MEASURE_MS = 10_000;
const RETRY_MS = 2_000;
/** Not a stream that anything is written to: to stop watching it is a question that costs the server nothing. */
const NOWHERE = Stream.parse('task:-');
/** After these only a person can help. */
const FINAL = new Set(['auth.required', 'auth.forbidden', 'request.too_many']);
const ConnectError = z.object({ message: z.string(), data: z.object({ code: z.string() }).optional() });

/** Opens the connection and keeps it. Close it when the page's session ends. */
export function connectLive(queryClient: QueryClient, options: LiveOptions = {}): Live {
  const connection = options.connection ?? pageConnection;
  const socket = openSocket(options);
  const streams = createStreams({
    now: () => performance.now(),
    unwatch: (stream) => void socket.emit('unwatch', { stream }, () => undefined),
    watch: (watch, answer) => {
      socket.timeout(ANSWER_MS).emit('watch', watch, (error, ack) => {
        const parsed = WatchAck.safeParse(ack);
        answer(error || !parsed.success ? null : parsed.data);
      });
    },
  });
  const writing = createWritingStores(streams);
  const stopLink = keepLink(socket, connection, streams, { ...linkTiming, ...options.timing });

  socket.on(
    'entries',
    parsed(Entries, ({ stream, entries }) => streams.took({ stream, entries: entries.map(toldEntry) })),
  );
  socket.on('head', parsed(Head, streams.heard));
  const tookPiece = parsed(Delta, writing.took);
  const tookTasks = parsed(TaskSummaries, ({ tasks }) => takeTasks(queryClient, tasks));
  const tookConversations = parsed(ConversationSummaries, (told) => takeSummaries(queryClient, told));
  const tookViewed = parsed(ViewedDrafts, ({ viewed }) => takeViewed(queryClient, viewed));
  socket.on('delta', (delta) => {
    if ('tasks' in delta) tookTasks(delta);
    else if ('viewed' in delta) tookViewed(delta);
    else if ('conversations' in delta) tookConversations(delta);
    else tookPiece(delta);
  });
  const viewing = createDraftViewing((draftIds) => void socket.emit('viewing', { draftIds }, () => undefined));
  socket.on('connect', viewing.opened);
  socket.connect();

  return {
    read: streams.read,
    foldInto: (view) => foldInto(queryClient, streams, view),
    invalidateOn: (rule) => invalidateOn(queryClient, streams, rule),
    writing: writing.of,
    followDrafts: (onOffered) => followDrafts(queryClient, streams, onOffered),
    viewing: viewing.open,
    close() {
      viewing.stop();
      stopLink();
      socket.disconnect();
      streams.closed();
    },
  };
}

/** What does not parse is of a newer server and passed over; entries that are missed so are asked for again. */
const parsed =
  <Schema extends z.ZodType>(schema: Schema, take: (value: z.infer<Schema>) => void) =>
  (value: unknown) => {
    const result = schema.safeParse(value);
    if (result.success) take(result.data);
  };

function openSocket({ url, token }: LiveOptions): LiveSocket {
  const how = {
    path: SOCKET_PATH,
    forceNew: true,
    autoConnect: false,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: 1_000,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.9, // after a restart not everyone at once
    ...(token === undefined ? {} : { auth: { token } }),
  };
  return url === undefined ? io(how) : io(url, how);
}

/** Watches over the connection: tells the streams and the page how it stands, and tries again where the library does not. */
function keepLink(socket: LiveSocket, connection: ConnectionStore, streams: Streams, timing: LinkTiming): () => void {
  let farewell: Goodbye | null = null;
  let again: ReturnType<typeof setTimeout> | undefined;
  const link = createLink(connection, Date.now, () => socket.io.engine.close(), timing);

  const reconnect = () => {
    clearTimeout(again);
    socket.disconnect().connect();
  };
  const retryLater = () => {
    again = setTimeout(reconnect, RETRY_MS * (0.5 + Math.random()));
  };

  socket.on('connect', () => {
    clearTimeout(again);
    farewell = null;
    link.opened();
    streams.opened();
    measure(socket, link.measured);
  });
  socket.on(
    'goodbye',
    parsed(Goodbye, (goodbye) => {
      farewell = goodbye;
    }),
  );
  socket.on('disconnect', () => {
    streams.closed();
    if (farewell?.reason === 'revoked') return link.refused(farewell.message);
    link.lost(farewell?.message);
    if (!socket.active) retryLater();
  });
  socket.on('connect_error', (error) => {
    const { message, data } = ConnectError.parse(error);
    if (data && FINAL.has(data.code)) return link.refused(message);
    link.lost(data && message);
    if (!socket.active) retryLater();
  });
  socket.io.on('ping', link.beat);
  socket.io.on('packet', link.beat);

  const ticking = setInterval(() => {
    link.tick();
    streams.tick();
  }, TICK_MS);
  const measuring = setInterval(() => {
    if (socket.connected) measure(socket, link.measured);
  }, MEASURE_MS);
  const stopListening = onReturn(() => {
    if (!socket.connected && connection.get().state !== 'refused') reconnect();
  });
  connection.onReconnect(reconnect);

  return () => {
    connection.onReconnect(null);
    clearInterval(ticking);
    clearInterval(measuring);
    clearTimeout(again);
    stopListening();
    socket.io.off('ping', link.beat);
    socket.io.off('packet', link.beat);
  };
}

/** How long a question takes to be answered, in milliseconds. */
function measure(socket: LiveSocket, tell: (ms: number) => void): void {
  const askedAt = performance.now();
  socket.timeout(ANSWER_MS).emit('unwatch', { stream: NOWHERE }, (error) => {
    if (!error) tell(performance.now() - askedAt);
  });
}

/** The network is back, or somebody looks at the page again. */
function onReturn(work: () => void): () => void {
  if (typeof window === 'undefined') return () => undefined;
  const whenVisible = () => {
    if (document.visibilityState === 'visible') work();
  };
  window.addEventListener('online', work);
  document.addEventListener('visibilitychange', whenVisible);
  return () => {
    window.removeEventListener('online', work);
    document.removeEventListener('visibilitychange', whenVisible);
  };
}
