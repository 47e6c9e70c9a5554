import pg from 'pg';
import { z } from 'zod';
import type { WireEntry } from '@/lib/protocol/entry';
import { Delta, ViewedDraft } from '@/lib/protocol/socket';
import { Stream } from '@/lib/protocol/stream';
import { FromJson } from './from-json';
import type { Hub, HubListener } from './hub';
import type { Ledger } from './ledger/ledger';
import type { Log } from './log';

const CHANNEL = 'parley';
const NUDGE_MS = 10;
const RECONNECT_MS = 1_000;
const HEARD_MS = 10_000;
/** PostgreSQL refuses a NOTIFY of 8,000 bytes or more. */
const NOTIFY_BYTES = 7_500;

const Credential = z.object({ kind: z.enum(['session', 'key']), id: z.string() });

/** What instances tell each other; `from` is the sender, which knows already. */
const News = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hello'), from: z.string() }),
  z.object({ kind: z.literal('moved'), from: z.string(), heads: z.array(z.tuple([Stream, z.number().int()])) }),
  z.object({ kind: z.literal('deltas'), from: z.string(), deltas: z.array(Delta) }),
  z.object({ kind: z.literal('revoked'), from: z.string(), credential: Credential }),
  z.object({ kind: z.literal('viewed'), from: z.string(), viewed: z.array(ViewedDraft) }),
]);
type News = z.infer<typeof News>;

/**
 * The hub of one instance. Local commits go to the listeners at once; other instances, as long as there are any, are
 * nudged by NOTIFY after the commit, coalesced, and read the ledger themselves.
 */
export function createHub(options: {
  pool: pg.Pool;
  connectionString: string;
  ledger: Ledger;
  instanceId: string;
  hasPeers: () => boolean;
  log: Log;
}): Hub & { tellAvailability(unavailable: string | null): void } {
  const { pool, instanceId, log } = options;
  const listeners = new Set<HubListener>();
  let heads = new Map<Stream, number>();
  let deltas: Delta[] = [];
  let viewed: ViewedDraft[] = [];
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  let client: pg.Client | null = null;
  let heardAt = Number.NEGATIVE_INFINITY;

  /** A newcomer says hello, since its first sign of life is only noticed some seconds later. */
  const hasPeers = () => options.hasPeers() || performance.now() - heardAt < HEARD_MS;

  const tell = (act: (listener: HubListener) => void) => {
    for (const listener of listeners) act(listener);
  };

  const notify = async (news: News) => {
    try {
      await pool.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(news)]);
    } catch (error) {
      log.warn({ error: String(error) }, 'other instances could not be told; they will find out by themselves');
    }
  };

  const flush = async () => {
    timer = null;
    const moved = heads;
    heads = new Map(); // what moves while the others are told is told next
    for (const part of parts([...moved])) await notify({ kind: 'moved', from: instanceId, heads: part });
    const pieces = deltas;
    deltas = [];
    for (const part of parts(pieces)) await notify({ kind: 'deltas', from: instanceId, deltas: part });
    const looks = viewed;
    viewed = [];
    for (const part of parts(looks)) await notify({ kind: 'viewed', from: instanceId, viewed: part });
  };

  const nudgeSoon = () => {
    if (hasPeers()) timer ??= setTimeout(() => void flush(), NUDGE_MS);
    else {
      heads.clear();
      deltas = [];
      viewed = [];
    }
  };

  const onNotification = (payload: string | undefined) => {
    const parsed = FromJson.pipe(News).safeParse(payload); // whoever is on this database may notify
    if (!parsed.success) return log.warn({ payload }, 'another instance said what this one does not understand');
    const news = parsed.data;
    if (news.from === instanceId) return;
    heardAt = performance.now();
    if (news.kind === 'moved') for (const [stream, head] of news.heads) tell((each) => each.moved?.(stream, head, []));
    if (news.kind === 'deltas') for (const delta of news.deltas) tell((each) => each.delta?.(delta));
    if (news.kind === 'revoked') tell((each) => each.revoked?.(news.credential));
    if (news.kind === 'viewed') tell((each) => each.viewed?.(news.from, news.viewed));
  };

  async function listenToPeers(): Promise<void> {
    const { connectionString } = options;
    const next = new pg.Client({ connectionString, application_name: 'parley-hub', keepAlive: true });
    next.on('notification', (message) => onNotification(message.payload));
    next.on('error', (error) => log.warn({ error: error.message }, 'the hub lost its connection'));
    next.on('end', () => {
      client = null;
      if (!closed) setTimeout(() => void reconnect(), RECONNECT_MS).unref();
    });
    await next.connect();
    if (closed) return next.end(); // it was closed while it connected
    await next.query(`LISTEN ${CHANNEL}`);
    client = next;
    await notify({ kind: 'hello', from: instanceId });
  }

  async function reconnect(): Promise<void> {
    if (closed) return;
    await listenToPeers().catch((error: unknown) => log.warn({ error: String(error) }, 'the hub is still away'));
  }

  void reconnect();
  const stopListening = options.ledger.onCommitted((_workspaceId, entries) => {
    const byStream = new Map<Stream, WireEntry[]>();
    for (const entry of entries) {
      const known = byStream.get(entry.stream);
      if (known) known.push(entry);
      else byStream.set(entry.stream, [entry]);
    }
    for (const [stream, own] of byStream) {
      const head = own.at(-1)?.streamSeq ?? 0;
      tell((listener) => listener.moved?.(stream, head, own));
      heads.set(stream, head);
    }
    nudgeSoon();
  });

  return {
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publishDelta: (delta) => {
      tell((listener) => listener.delta?.(delta));
      deltas.push(delta);
      nudgeSoon();
    },
    publishRevoked: async (credential) => {
      tell((listener) => listener.revoked?.(credential));
      await notify({ kind: 'revoked', from: instanceId, credential });
    },
    publishViewed: (looks) => {
      viewed.push(...looks);
      nudgeSoon();
    },
    tellAvailability: (unavailable) => tell((listener) => listener.availability?.(unavailable)),
    close: async () => {
      closed = true;
      stopListening();
      if (timer) clearTimeout(timer);
      await flush();
      await client?.end();
    },
  };
}

/** Cuts news into parts that fit into one NOTIFY each. A single piece that is too large is left out: it is volatile. */
function parts<T>(all: readonly T[]): T[][] {
  const cut: T[][] = [];
  let size = 0;
  for (const each of all) {
    const bytes = Buffer.byteLength(JSON.stringify(each)) + 1;
    if (bytes > NOTIFY_BYTES) continue;
    const last = cut.at(-1);
    if (last && size + bytes <= NOTIFY_BYTES) last.push(each);
    else cut.push([each]);
    size = last && size + bytes <= NOTIFY_BYTES ? size + bytes : bytes;
  }
  return cut;
}
