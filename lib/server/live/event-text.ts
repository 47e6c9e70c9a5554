import type { Unwatched } from '@/lib/protocol/socket';
import type { Stream } from '@/lib/protocol/stream';
import type { EncodedEntry } from './encoded-entry';

// Written by hand, so that one encoding serves every socket: "2" is an event in the namespace "/", in the Socket.IO
// protocol, version 5. Guarded by sockets.test.ts, whose clients are the official ones.
const eventText = (event: string, body: string) => `2["${event}",${body}]`;

/** The event `entries` of one stream, as it goes over the wire. Never of no entries. */
export const entriesText = (stream: Stream, entries: readonly EncodedEntry[]): string =>
  eventText('entries', `{"stream":${JSON.stringify(stream)},"entries":[${entries.map(({ text }) => text).join(',')}]}`);

export const headText = (stream: Stream, head: number): string => eventText('head', JSON.stringify({ stream, head }));

export const deltaText = (delta: object): string => eventText('delta', JSON.stringify(delta));

export const unwatchedText = (unwatched: Unwatched): string => eventText('unwatched', JSON.stringify(unwatched));
