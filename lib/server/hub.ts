import type { WireEntry } from '@/lib/protocol/entry';
import type { Delta, ViewedDraft } from '@/lib/protocol/socket';
import type { Stream } from '@/lib/protocol/stream';

export type HubListener = {
  /** A stream has entries up to `head`. `entries` are those that were committed here, contiguous; else read them. */
  moved?: (stream: Stream, head: number, entries: WireEntry[]) => void;
  delta?: (delta: Delta) => void;
  /** A session or key is no longer good: whoever came in by it must go. */
  revoked?: (credential: { kind: 'session' | 'key'; id: string }) => void;
  /** Another instance says who has which drafts open through it. */
  viewed?: (instance: string, viewed: ViewedDraft[]) => void;
  /** Whether entries can be appended changed. */
  availability?: (unavailable: string | null) => void;
};

/**
 * News within the installation: what was committed here at once, what other instances committed by their nudges. Plain
 * data only; sockets, caches and waiting requests listen. Losing a nudge costs latency, never data.
 */
export type Hub = {
  listen(listener: HubListener): () => void;
  publishDelta(delta: Delta): void;
  publishRevoked(credential: { kind: 'session' | 'key'; id: string }): Promise<void>;
  /** Tells the other instances; whoever is here knows already. */
  publishViewed(viewed: readonly ViewedDraft[]): void;
  close(): Promise<void>;
};
