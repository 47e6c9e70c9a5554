import { Gauge, Registry, Summary } from 'prom-client';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { TaskMetric } from '@/lib/protocol/metrics';
import type { Runtime } from '../runtime';
import { readMetric } from './read-metric';

/** What a scrape sees is measured over this time. */
const WINDOW_MS = 3_600_000;

type Counted = { name: string; help: string; label: string; sql: string };

/** What is counted in the database, by one label each. */
const counted: readonly Counted[] = [
  {
    name: 'parley_tasks',
    help: 'Tasks by state',
    label: 'state',
    sql: 'SELECT state AS label, count(*)::float8 AS count FROM task WHERE workspace_id = $1 GROUP BY state',
  },
  {
    name: 'parley_conversations',
    help: 'Conversations by phase',
    label: 'phase',
    sql: 'SELECT phase AS label, count(*)::float8 AS count FROM conversation WHERE workspace_id = $1 GROUP BY phase',
  },
  {
    name: 'parley_drafts',
    help: 'Drafts by status',
    label: 'status',
    sql: 'SELECT status AS label, count(*)::float8 AS count FROM draft WHERE workspace_id = $1 GROUP BY status',
  },
];

/** The same figures as the charts, and how much there is of what, in the text format of Prometheus. */
export async function prometheusText(
  rt: Pick<Runtime, 'database' | 'clock' | 'letta' | 'ledger'>,
  workspaceId: WorkspaceId,
): Promise<{ text: string; contentType: string }> {
  const registry = new Registry();
  const { pool } = rt.database;
  for (const { name, help, label, sql } of counted) {
    const gauge = new Gauge({ name, help, labelNames: [label], registers: [registry] });
    const { rows } = await pool.query<{ label: string; count: number }>(sql, [workspaceId]);
    for (const row of rows) gauge.set({ [label]: row.label }, row.count);
  }
  const { rows } = await pool.query<{ size: number }>(
    'SELECT size::float8 AS size FROM ledger_head WHERE workspace_id = $1',
    [workspaceId],
  );
  gaugeOf(registry, 'parley_ledger_entries', 'Entries in the ledger', rows[0]?.size ?? 0);
  gaugeOf(
    registry,
    'parley_ledger_available',
    'Whether entries can be appended',
    rt.ledger.unavailable() === null ? 1 : 0,
  );
  const letta = new Gauge({
    name: 'parley_letta_connected',
    help: 'Whether a Letta server is connected',
    labelNames: ['server'],
    registers: [registry],
  });
  for (const { name, state } of rt.letta.list()) letta.set({ server: name }, state === 'connected' ? 1 : 0);
  await addSummaries(registry, rt, workspaceId);
  return { text: await registry.metrics(), contentType: registry.contentType };
}

const gaugeOf = (registry: Registry, name: string, help: string, value: number) =>
  new Gauge({ name, help, registers: [registry] }).set(value);

async function addSummaries(
  registry: Registry,
  rt: Pick<Runtime, 'database' | 'clock'>,
  workspaceId: WorkspaceId,
): Promise<void> {
  const from = new Date(rt.clock.now().getTime() - WINDOW_MS).toISOString();
  for (const metric of TaskMetric.options) {
    const series = await readMetric(rt.database.pool, workspaceId, metric, { from });
    const summary = new Summary({
      name: `parley_task_${metric.replace('-', '_')}_seconds`,
      help: `${series.question} The newest of the last hour.`,
      percentiles: [0.5, 0.95],
      registers: [registry],
    });
    for (const { valueMs } of series.points) summary.observe(valueMs / 1_000);
  }
}
