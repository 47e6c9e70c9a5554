/**
 * How fast are durable, acknowledged appends, beside inserting the same rows without anything that makes a ledger of
 * them? And how long does one append wait for its acknowledgement at a steady pace, beside committing one row?
 * Ours and the baseline write into the same tables of the same PostgreSQL, in turn, within one run.
 */
import { system } from '@/lib/protocol/actor';
import { Stream } from '@/lib/protocol/stream';
import { createPool } from '@/lib/server/database/pool';
import { createLog } from '@/lib/server/log';
import { atPace } from './harness/at-pace';
import { type Figure, printFigures } from './harness/figure';
import { describeMachine } from './harness/machine';
import { monotonicMs } from './harness/monotonic-ms';
import { percentile } from './harness/percentile';
import { startBenchRuntime } from './harness/start-runtime';
import { openRawInsert, type RawRow, readRows } from './ledger-raw-insert';

const WRITERS = 64;
/** Appends that a writer has under way at a time, so that a batch fills up to the ledger's 500 entries. */
const UNDER_WAY = 16;
const BATCH = 500;
const STREAMS = 64;
const ROUND_MS = 2_000;
const ROUNDS = 7;
const PACE_PER_SECOND = 100;
/** Short turns, so that whatever else the machine does falls on both sides alike. */
const PACED = 25;
const PACED_ROUNDS = 60;
const PAYLOAD_BYTES = 500;

const { rt, stop } = await startBenchRuntime();
const { pool, connectionString } = rt.database;
const connections = createPool(connectionString, createLog({ logLevel: 'error' }), 10, 'parley-bench');

const payload = { source: 'bench', raw: 'x'.repeat(PAYLOAD_BYTES) };
const streams = Array.from({ length: STREAMS }, (_, index) => Stream.parse(`task:bench-${index}`));
const streamOf = (index: number): Stream => streams[index % STREAMS] ?? Stream.parse('task:bench-0');
const appendOne = (index: number) =>
  rt.ledger.record(rt.workspaceId, system, [{ stream: streamOf(index), type: 'unknown', payload }]);

/** Entries a second, each acknowledged before its writer goes on. */
async function ourRate(writers: number): Promise<{ perSecond: number; batch: number }> {
  let acknowledged = 0;
  let commits = 0;
  const deaf = rt.ledger.onCommitted(() => {
    commits += 1;
  });
  const began = monotonicMs();
  const writer = async (index: number) => {
    while (monotonicMs() - began < ROUND_MS) {
      await appendOne(index);
      acknowledged += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, index) => writer(index)));
  deaf();
  return { perSecond: (acknowledged / (monotonicMs() - began)) * 1_000, batch: acknowledged / commits };
}

/** Rows a second of the same bytes, in batches of the same size, one after another on one connection. */
async function rawRate(rows: readonly RawRow[], batch: number): Promise<number> {
  const connection = await connections.connect();
  const insert = openRawInsert(connection);
  let inserted = 0;
  const began = monotonicMs();
  while (monotonicMs() - began < ROUND_MS) {
    await insert.batch(rows.slice(0, batch));
    inserted += batch;
  }
  const perSecond = (inserted / (monotonicMs() - began)) * 1_000;
  await insert.clear();
  connection.release();
  return perSecond;
}

async function pacedMs(work: (index: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  const all: Promise<void>[] = [];
  await atPace(PACE_PER_SECOND, PACED, (index) => {
    const since = monotonicMs();
    all.push(work(index).then(() => void samples.push(monotonicMs() - since)));
  });
  await Promise.all(all);
  return samples;
}

const median = (samples: readonly number[]): number => percentile(samples, 0.5);

async function measureRate(name: string, underWay: number, wanted: number | null): Promise<Figure> {
  const ours: number[] = [];
  const baseline: number[] = [];
  await ourRate(WRITERS * underWay); // warms up, and leaves rows to be copied
  const rows = await readRows(pool, rt.workspaceId, BATCH);
  await rawRate(rows, BATCH);
  for (let round = 0; round < ROUNDS; round += 1) {
    const { perSecond, batch } = await ourRate(WRITERS * underWay);
    ours.push(perSecond);
    baseline.push(await rawRate(rows, wanted ?? Math.round(batch)));
  }
  const [fast, bare] = [median(ours), median(baseline)];
  return {
    metric: name,
    unit: 'entries/s',
    ours: fast,
    baseline: bare,
    goal: '≥ 0.6 × the bare insert',
    holds: fast >= 0.6 * bare,
  };
}

async function measureLatency(): Promise<Figure[]> {
  const rows = await readRows(pool, rt.workspaceId, BATCH);
  const insert = openRawInsert(connections);
  const oneRow = (index: number) => insert.batch([rows[index % rows.length] ?? fail()]);
  const ours: number[] = [];
  const baseline: number[] = [];
  await pacedMs(appendOne); // warms up
  await pacedMs(oneRow);
  for (let round = 0; round < PACED_ROUNDS; round += 1) {
    ours.push(...(await pacedMs(appendOne)));
    baseline.push(...(await pacedMs(oneRow)));
  }
  await insert.clear();
  const figure = (metric: string, share: number, goal: string, bound: (bare: number) => number): Figure => {
    const [slow, bare] = [percentile(ours, share), percentile(baseline, share)];
    return { metric, unit: 'ms', ours: slow, baseline: bare, goal, holds: slow <= bound(bare) };
  };
  return [
    figure('ack p50 at 100 entries/s', 0.5, '≤ 1.5 × one row + 5 ms', (bare) => 1.5 * bare + 5),
    figure('ack p99 at 100 entries/s', 0.99, '≤ 3 × one row + 15 ms', (bare) => 3 * bare + 15),
  ];
}

function fail(): never {
  throw new Error('no row to copy');
}

try {
  console.log(await describeMachine(pool));
  printFigures('ledger', [
    await measureRate('64 writers, batches of 500', UNDER_WAY, BATCH),
    await measureRate('64 writers, one append under way each', 1, null),
    ...(await measureLatency()),
  ]);
} finally {
  await connections.end();
  await stop();
}
