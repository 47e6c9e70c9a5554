/**
 * How long does a committed entry take to reach a watcher, beside what a bare Socket.IO needs for the same bytes to the
 * same number of sockets? How long until 200 watchers that come back at once have what they missed? And how long until it
 * stands painted in a browser?
 * The watchers live in a process of their own; both sides run in turn within one run.
 */
import { fileURLToPath } from 'node:url';
import { Server } from 'socket.io';
import { z } from 'zod';
import { system } from '@/lib/protocol/actor';
import type { WireEntry } from '@/lib/protocol/entry';
import { Stream } from '@/lib/protocol/stream';
import { ledgerReader } from '@/lib/server/live/live-reader';
import { openSockets } from '@/lib/server/sockets';
import { atPace } from './harness/at-pace';
import type { Figure } from './harness/figure';
import { printFigures } from './harness/figure';
import { monotonicMs } from './harness/monotonic-ms';
import { percentile } from './harness/percentile';
import { listenSomewhere, startBenchRuntime } from './harness/start-runtime';
import type { Worker } from './harness/worker';
import { startWorker } from './harness/worker';
import { comparePainted } from './live-painted';

const WATCHERS = 50;
const PER_SECOND = 100;
const ROUND = 200;
const ROUNDS = 10;
const ENTRY_BYTES = 500;
const STORM_WATCHERS = 200;
const STORM_MISSED = 4_900;
const STORMS = 3;
const PIECE = 100;

const Report = z.object({ arrivals: z.array(z.array(z.tuple([z.number(), z.number()]))), gaps: z.number() });
const program = fileURLToPath(new URL('./live-clients.ts', import.meta.url));
const stream = Stream.parse('task:bench');
const stormStream = Stream.parse('task:storm');
const calmStream = Stream.parse('task:calm');
/** An entry of about ENTRY_BYTES on the wire: the envelope takes some 330 of them. */
const payload = { source: 'bench', raw: 'x'.repeat(ENTRY_BYTES - 330) };

type Told = { committed: Map<number, number>; asked: Map<number, number> };
type Latencies = { echo: number[]; commit: number[]; append: number[] };

const { rt, adminKey, stop } = await startBenchRuntime();
const commitTimes = new Map<number, number>();
// Before the sockets listen, so that it is called before them: at the commit, not after the sending.
rt.hub.listen({ moved: (moved, head) => moved === stream && commitTimes.set(head, monotonicMs()) });
const ours = await listenSomewhere();
const fromLedger = ledgerReader(rt.database.pool);
let reads = 0;
const sockets = openSockets(ours.server, rt, {
  ...fromLedger,
  entries: (...asked) => {
    reads += 1;
    return fromLedger.entries(...asked);
  },
});
const bare = await listenSomewhere();
const echo = new Server(bare.server);
const workers: Worker[] = [];

function startClients(): Worker {
  const worker = startWorker(program);
  workers.push(worker);
  return worker;
}

const append = (to: Stream, count: number) =>
  rt.ledger.record(
    rt.workspaceId,
    system,
    Array.from({ length: count }, () => ({ stream: to, type: 'unknown' as const, payload })),
  );

/** Milliseconds from `since` to each arrival of that entry at each socket. Throws when anything is missing. */
async function latencies(clients: Worker, since: ReadonlyMap<number, number>): Promise<number[]> {
  const { arrivals, gaps } = await clients.ask({ do: 'report' }, Report);
  const all = arrivals.flat().flatMap(([streamSeq, at]) => {
    const from = since.get(streamSeq);
    return from === undefined ? [] : [at - from];
  });
  if (gaps > 0 || all.length !== since.size * arrivals.length) {
    throw new Error(`${all.length} of ${since.size * arrivals.length} arrived, ${gaps} gaps`);
  }
  return all;
}

/** Appends entries at the pace of the benchmark; when each was asked for and committed, by streamSeq. */
async function appendAtPace(): Promise<Told> {
  commitTimes.clear();
  const asked = new Map<number, number>();
  const appending: Promise<void>[] = [];
  await atPace(PER_SECOND, ROUND, () => {
    const askedAt = monotonicMs();
    const noted = append(stream, 1).then(([entry]) => void (entry && asked.set(entry.streamSeq, askedAt)));
    appending.push(noted);
  });
  await Promise.all(appending);
  // One commit may hold several entries: the last one's time is that of all.
  const committed = new Map<number, number>();
  let at = 0;
  for (const streamSeq of [...asked.keys()].sort((one, other) => other - one)) {
    at = commitTimes.get(streamSeq) ?? at;
    committed.set(streamSeq, at);
  }
  return { committed, asked };
}

async function measureOurs(clients: Worker, into: Latencies): Promise<void> {
  await clients.ask({ do: 'forget' }, z.null());
  const { committed, asked } = await appendAtPace();
  await clients.ask({ do: 'await', streamSeq: Math.max(...asked.keys()) }, z.number());
  into.commit.push(...(await latencies(clients, committed)));
  into.append.push(...(await latencies(clients, asked)));
}

/** The same bytes to the same number of sockets, without a ledger: emitted, not committed. */
async function measureEcho(clients: Worker, like: WireEntry, into: Latencies): Promise<void> {
  await clients.ask({ do: 'forget' }, z.null());
  const emitted = new Map<number, number>();
  await atPace(PER_SECOND, ROUND, (index) => {
    const streamSeq = index + 1;
    emitted.set(streamSeq, monotonicMs());
    echo.emit('entries', { stream, entries: [{ ...like, streamSeq }] });
  });
  await clients.ask({ do: 'await', streamSeq: ROUND }, z.number());
  into.echo.push(...(await latencies(clients, emitted)));
}

async function compareLatency(): Promise<Figure[]> {
  const [like] = await append(stream, 1);
  if (!like) throw new Error('nothing was appended');
  const [watching, bareClients] = [startClients(), startClients()];
  const connect = { do: 'connect', count: WATCHERS, token: adminKey };
  await watching.ask({ ...connect, url: ours.url, stream }, z.number());
  await bareClients.ask({ ...connect, url: bare.url }, z.number());
  const warm: Latencies = { echo: [], commit: [], append: [] };
  const measured: Latencies = { echo: [], commit: [], append: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const into = round === 0 ? warm : measured;
    await measureEcho(bareClients, like, into);
    await measureOurs(watching, into);
  }
  for (const clients of [watching, bareClients]) await clients.ask({ do: 'disconnect' }, z.null());
  return latencyFigures(measured);
}

function latencyFigures({ echo: baseline, commit, append: appended }: Latencies): Figure[] {
  const [p50, p99] = [percentile(baseline, 0.5), percentile(baseline, 0.99)];
  const figure = (metric: string, value: number, compared: number, goal: string, limit: number): Figure => ({
    ...{ metric, unit: 'ms', ours: value, baseline: compared, goal },
    holds: value <= limit,
  });
  return [
    figure('commit_to_received_p50', percentile(commit, 0.5), p50, 'p50 ≤ echo + 10 ms', p50 + 10),
    figure('commit_to_received_p99', percentile(commit, 0.99), p99, 'p99 ≤ 2 × echo + 30 ms', 2 * p99 + 30),
    figure('append_to_received_p50', percentile(appended, 0.5), p50, 'p50 ≤ 60 ms', 60),
    figure('append_to_received_p99', percentile(appended, 0.99), p99, 'p99 ≤ 200 ms', 200),
  ];
}

async function fill(to: Stream): Promise<WireEntry[]> {
  const entries: WireEntry[] = [];
  while (entries.length < STORM_MISSED)
    entries.push(...(await append(to, Math.min(500, STORM_MISSED - entries.length))));
  return entries;
}

/** So many watchers come back at once and ask for all of a stream. */
async function comeBack(count: number, to: Stream) {
  const clients = startClients();
  await clients.ask({ do: 'forget' }, z.null()); // it has started
  reads = 0;
  const ms = await timed(async () => {
    await clients.ask({ do: 'connect', count, token: adminKey, url: ours.url, stream: to, after: 0 }, z.number());
    await clients.ask({ do: 'await', streamSeq: STORM_MISSED }, z.number());
  });
  const { gaps } = await clients.ask({ do: 'gaps' }, z.object({ gaps: z.number() }));
  await clients.ask({ do: 'disconnect' }, z.null());
  return { ms, gaps, reads };
}

/** The same bytes to the same number of bare sockets. */
async function bareStorm(entries: readonly WireEntry[]): Promise<number> {
  const clients = startClients();
  await clients.ask({ do: 'forget' }, z.null());
  return timed(async () => {
    await clients.ask({ do: 'connect', count: STORM_WATCHERS, token: adminKey, url: bare.url }, z.number());
    for (let from = 0; from < STORM_MISSED; from += PIECE) {
      echo.emit('entries', { stream: stormStream, entries: entries.slice(from, from + PIECE) });
    }
    await clients.ask({ do: 'await', streamSeq: STORM_MISSED }, z.number());
  });
}

async function compareStorm(): Promise<Figure[]> {
  const entries = await fill(stormStream);
  await fill(calmStream);
  const [bareMs, oursMs, stormReads]: [number[], number[], number[]] = [[], [], []];
  let gaps = 0;
  for (let round = 0; round < STORMS; round += 1) {
    bareMs.push(await bareStorm(entries));
    const storm = await comeBack(STORM_WATCHERS, stormStream);
    oursMs.push(storm.ms);
    stormReads.push(storm.reads);
    gaps += storm.gaps;
  }
  const calm = await comeBack(1, calmStream);
  const [storm, alone, read] = [percentile(oursMs, 0.5), percentile(bareMs, 0.5), Math.max(...stormReads)];
  return [
    {
      ...{ metric: 'storm_until_complete', unit: 'ms', ours: storm, baseline: alone },
      ...{ goal: '≤ 2 × the bytes alone, no gap', holds: storm <= 2 * alone && gaps === 0 },
    },
    {
      ...{ metric: 'storm_page_reads', unit: 'reads', ours: read, baseline: calm.reads },
      ...{ goal: '≤ 1.2 × one watcher', holds: read <= 1.2 * calm.reads },
    },
  ];
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = monotonicMs();
  await work();
  return monotonicMs() - began;
}

try {
  const figures = [...(await compareLatency()), ...(await compareStorm()), ...(await comparePainted())];
  printFigures('live', figures);
} finally {
  await Promise.all(workers.map((worker) => worker.stop()));
  await sockets.close();
  await echo.close();
  ours.server.closeAllConnections();
  ours.server.close();
  await stop();
}
