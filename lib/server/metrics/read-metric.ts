import { z } from 'zod';
import { percentile } from '@/lib/domain/percentile';
import { TaskId, type WorkspaceId } from '@/lib/protocol/ids';
import {
  METRIC_POINTS_MAX,
  type MetricPoint,
  type MetricQuery,
  type MetricSeries,
  type TaskMetric,
  taskMetrics,
} from '@/lib/protocol/metrics';
import { jsonOfText } from '../database/json-of-text';
import type { Queryable } from '../ledger/command';

const Row = z.object({ seq: z.number(), stream: z.string(), at: z.date(), ms: z.number() }).transform(
  ({ seq, stream, at, ms }): MetricPoint => ({
    at: at.toISOString(),
    valueMs: Math.max(0, ms),
    entry: seq,
    taskId: TaskId.parse(stream.slice('task:'.length)),
  }),
);

/** Entries of one type within the query, newest first; `$1`–`$7` are those of `valuesOf`. */
const newest = (type: string) => `
  SELECT e.seq, e.stream, e.stream_seq, e.received_at, e.leaf FROM entry e
  WHERE e.workspace_id = $1 AND e.type = '${type}'
    AND ($2::timestamptz IS NULL OR e.received_at >= $2) AND ($3::timestamptz IS NULL OR e.received_at < $3)
    AND ($4::text IS NULL OR e.stream = $4)
    AND (($5::text IS NULL AND $6::text IS NULL) OR EXISTS (
      SELECT 1 FROM task t WHERE t.workspace_id = $1 AND t.id = substr(e.stream, 6)::uuid
        AND ($5::text IS NULL OR t.agent_id = $5) AND ($6::text IS NULL OR t.principal_id = $6)))
  ORDER BY e.seq DESC LIMIT $7`;

const msBetween = (later: string, earlier: string) => `(extract(epoch FROM ${later} - ${earlier}) * 1000)::float8`;
const occurredAt = (entry: string) => `(${entry}.leaf::json->>'occurredAt')::timestamptz`;

/**
 * What lay between two reports and makes their pause none. HAZARD: as NOT EXISTS the planner reads the payloads of the whole
 * ledger for the first two; a scalar is looked up for each pause. The OFFSET 0 below is there for the same reason.
 */
const between = {
  /** The report before was an error that its agent waits with. */
  blockingError: `
    SELECT ${jsonOfText('p.payload')}->'message'->>'type' = 'ERROR_REPORT'
      AND ${jsonOfText('p.payload')}->'message'->>'blocking' = 'true'
    FROM entry_payload p WHERE p.workspace_id = $1 AND p.seq = g.before_seq`,
  /** It was answered so that its agent waits: in a pause, or for a decision about its handoff. */
  toldToWait: `
    SELECT bool_or(${jsonOfText('p.payload')}->'answer'->>'continue_execution' = 'false')
    FROM entry a JOIN entry_payload p ON p.workspace_id = $1 AND p.seq = a.seq
    WHERE a.workspace_id = $1 AND a.stream = g.stream AND a.stream_seq > g.before_stream_seq AND a.stream_seq < g.stream_seq
      AND a.type = 'task.answered'`,
  /** Somebody decided about the task. */
  decision: `
    SELECT true FROM entry d WHERE d.workspace_id = $1 AND d.stream = g.stream
      AND d.stream_seq > g.before_stream_seq AND d.stream_seq < g.stream_seq
      AND d.type IN ('task.controlled', 'task.taken_over', 'task.handed_back') LIMIT 1`,
};

/** Both reports are of whoever held the task: it was taken over before them, and not handed back or ended since. */
const inOtherHands = `
  SELECT 1 FROM entry t WHERE t.workspace_id = $1 AND t.type = 'task.taken_over' AND t.stream = g.stream
    AND t.stream_seq < g.before_stream_seq AND NOT EXISTS (
      SELECT 1 FROM entry b WHERE b.workspace_id = $1 AND b.type IN ('task.handed_back', 'task.ended') AND b.stream = g.stream
        AND b.stream_seq > t.stream_seq AND b.stream_seq < g.before_stream_seq)`;

/** By metric: seq, stream, when, and how many milliseconds. */
const statements: Record<TaskMetric, string> = {
  acknowledgement: `
    SELECT a.seq::float8 AS seq, a.stream, a.received_at AS at, ${msBetween('a.received_at', occurredAt('r'))} AS ms
    FROM (${newest('task.answered')}) a
    JOIN entry r ON r.workspace_id = $1 AND r.seq = (a.leaf::json->>'cause')::int8 AND r.type = 'task.report_accepted'`,
  'update-gap': `
    SELECT g.seq::float8 AS seq, g.stream, g.received_at AS at, ${msBetween('g.received_at', 'g.before_at')} AS ms FROM (
      SELECT seq, stream, stream_seq, received_at, lag(received_at) OVER task AS before_at, lag(seq) OVER task AS before_seq,
        lag(stream_seq) OVER task AS before_stream_seq
      FROM (${newest('task.report_accepted')}) newest WINDOW task AS (PARTITION BY stream ORDER BY stream_seq)) g
    WHERE g.before_seq IS NOT NULL AND (${between.decision}) IS NOT TRUE AND (${between.blockingError}) IS NOT TRUE
      AND (${between.toldToWait}) IS NOT TRUE AND NOT EXISTS (${inOtherHands})`,
  handoff: `
    SELECT e.seq::float8 AS seq, e.stream, e.received_at AS at,
      greatest(${msBetween('e.received_at', occurredAt('r'))}, (p.ended->>'waitedMs')::float8) AS ms
    FROM (${newest('task.ended')}) e
    JOIN LATERAL (
      SELECT ${jsonOfText('ep.payload')} AS ended FROM entry_payload ep WHERE ep.workspace_id = $1 AND ep.seq = e.seq
      OFFSET 0) p ON p.ended->>'why' = 'handoff_accepted'
    JOIN LATERAL (
      SELECT q.leaf FROM entry q JOIN entry_payload qp ON qp.workspace_id = $1 AND qp.seq = q.seq
      WHERE q.workspace_id = $1 AND q.stream = e.stream AND q.stream_seq < e.stream_seq AND q.type = 'task.report_accepted'
        AND ${jsonOfText('qp.payload')}->'message'->>'type' = 'HANDOFF_REQUEST'
        AND ${jsonOfText('qp.payload')}->'message'->>'ready_for_handoff' = 'true'
      ORDER BY q.stream_seq DESC LIMIT 1) r ON true`,
  recovery: `
    SELECT e.seq::float8 AS seq, e.stream, e.received_at AS at, (${jsonOfText('p.payload')}->>'afterMs')::float8 AS ms
    FROM (${newest('task.recovered')}) e
    JOIN entry_payload p ON p.workspace_id = $1 AND p.seq = e.seq AND p.payload IS NOT NULL`,
};

/** How one thing went, from the entries that prove it. */
export async function readMetric(
  db: Queryable,
  workspaceId: WorkspaceId,
  metric: TaskMetric,
  { task, agent, principal, from, to, points: wanted = METRIC_POINTS_MAX }: Partial<MetricQuery>,
): Promise<MetricSeries> {
  const { rows } = await db.query(`${statements[metric]} ORDER BY seq`, [
    workspaceId,
    from ?? null,
    to ?? null,
    task === undefined ? null : `task:${task}`,
    agent ?? null,
    principal ?? null,
    METRIC_POINTS_MAX,
  ]);
  const points = rows.map((row) => Row.parse(row));
  const values = points.map(({ valueMs }) => valueMs);
  const { question, about, targetMs } = taskMetrics[metric];
  return {
    metric,
    question,
    about,
    targetMs,
    p50Ms: percentile(values, 0.5),
    p95Ms: percentile(values, 0.95),
    count: values.length,
    over: values.filter((value) => value > targetMs).length,
    points: wanted === 0 ? [] : points.slice(-wanted),
  };
}
