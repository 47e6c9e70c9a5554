import { randomUUID } from 'node:crypto';
import { Conversation } from '@/lib/protocol/conversation';
import type { WireEntry } from '@/lib/protocol/entry';
import { EntryId, WorkspaceId } from '@/lib/protocol/ids';
import type { JsonObject } from '@/lib/protocol/json';
import type { Delta } from '@/lib/protocol/socket';
import { conversationStream, type Stream } from '@/lib/protocol/stream';
import type { HubListener } from '@/lib/server/hub';
import type { LiveReader } from '@/lib/server/live/live-reader';

export const testWorkspace = WorkspaceId.parse('00000000-0000-4000-8000-000000000001');

/** A conversation of which nothing matters but how many messages it has. */
const standing = (id: string, turns: number): Conversation =>
  Conversation.parse({
    id,
    title: `Conversation ${id.slice(-4)}`,
    server: 'home',
    seats: [],
    conveyance: 'tool',
    observed: false,
    maxTurns: 50,
    turns,
    edges: [],
    state: 'idle',
    stoppedReason: null,
    sandbox: true,
    createdAt: '2026-11-21T11:40:52.000Z',
    lastActivityAt: new Date().toISOString(),
  });

/** Entries in an array, as the data source of tests of the live stream: it commits, tells, forgets to tell, and fails. */
export function createLiveLedger(epoch: string = randomUUID()) {
  const streams = new Map<Stream, WireEntry[]>();
  const listeners = new Set<HubListener>();
  const reads = { entries: 0, heads: 0, conversations: 0 };
  const archived = new Set<string>();
  let seq = 0;
  let failing = false;
  let named = epoch;
  const of = (stream: Stream) => streams.get(stream) ?? [];

  function makeEntry(stream: Stream, streamSeq: number, { type, payload }: Content): WireEntry {
    seq += 1;
    const at = new Date().toISOString();
    return {
      seq,
      stream,
      streamSeq,
      id: EntryId.parse(randomUUID()),
      type,
      actor: { kind: 'system', id: 'parley', name: 'Parley' },
      occurredAt: at,
      receivedAt: at,
      cause: null,
      payload,
    };
  }

  async function answer<T>(value: T): Promise<T> {
    await new Promise((resolve) => setImmediate(resolve));
    if (failing) throw new Error('the database is away');
    return value;
  }

  const reader: LiveReader = {
    epoch: () => answer(named),
    head: (_workspace, stream) => {
      reads.heads += 1;
      return answer(of(stream).length);
    },
    entries: (_workspace, stream, { after, limit }) => {
      reads.entries += 1;
      return answer(of(stream).slice(after, after + limit));
    },
    tasks: () => answer([]),
    isOwnTask: () => answer(false),
    conversations: (_workspace, ids) => {
      reads.conversations += 1;
      return answer(ids.filter((id) => !archived.has(id)).map((id) => standing(id, of(conversationStream(id)).length)));
    },
  };

  return {
    reader,
    reads,
    hub: {
      listen(listener: HubListener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    entries: of,
    /** Commits `count` entries. `told` says how the others learn: with the entries, by a bare nudge, or not at all. */
    append(
      stream: Stream,
      count = 1,
      { told = 'entries', text = 'x', as = changedTo(text) }: Append = {},
    ): WireEntry[] {
      const known = of(stream);
      const fresh = Array.from({ length: count }, (_, index) => makeEntry(stream, known.length + 1 + index, as));
      streams.set(stream, [...known, ...fresh]);
      if (told === 'nothing') return fresh;
      const head = known.length + count;
      for (const listener of listeners) listener.moved?.(stream, head, told === 'entries' ? fresh : []);
      return fresh;
    },
    delta(delta: Delta) {
      for (const listener of listeners) listener.delta?.(delta);
    },
    revoke(credential: { kind: 'session' | 'key'; id: string }) {
      for (const listener of listeners) listener.revoked?.(credential);
    },
    /** Empties the payload of one entry, and says so as a redaction does. */
    redact(stream: Stream, streamSeq: number, system: Stream) {
      streams.set(
        stream,
        of(stream).map((entry) => (entry.streamSeq === streamSeq ? { ...entry, payload: null } : entry)),
      );
      const [told] = this.append(system, 1, { told: 'nothing' });
      const notice = told ? [{ ...told, type: 'payload.redacted' }] : [];
      for (const listener of listeners) listener.moved?.(system, of(system).length, notice);
    },
    /** Takes a conversation out of the lists. */
    archive(conversationId: string) {
      archived.add(conversationId);
    },
    fail(value: boolean) {
      failing = value;
    },
    restoreAs(epochNow: string) {
      named = epochNow;
    },
  };
}

type Content = { type: string; payload: JsonObject };
type Append = { told?: 'entries' | 'nudge' | 'nothing'; text?: string; as?: Content };
const changedTo = (title: string): Content => ({ type: 'conversation.changed', payload: { title } });

export type LiveLedger = ReturnType<typeof createLiveLedger>;
