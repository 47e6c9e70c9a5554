import { Gauge, Registry } from 'prom-client';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { TaskMetric } from '@/lib/protocol/metrics';
import type { Runtime } from '../runtime';
import { readMetric } from './read-metric';
import { readTalkSamples } from './read-talk-samples';
import { summaryText } from './summary-text';

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
  const text = `${await registry.metrics()}\n${await summaries(rt, workspaceId)}`;
  return { text, contentType: registry.contentType };
}

const gaugeOf = (registry: Registry, name: string, help: string, value: number) =>
  new Gauge({ name, help, registers: [registry] }).set(value);

/** Written here and not by the library: its quantiles are guessed between samples, ours are those of the charts. */
async function summaries(rt: Pick<Runtime, 'database' | 'clock'>, workspaceId: WorkspaceId): Promise<string> {
  const from = new Date(rt.clock.now().getTime() - WINDOW_MS).toISOString();
  const texts: string[] = [];
  for (const metric of TaskMetric.options) {
    const { question, points } = await readMetric(rt.database.pool, workspaceId, metric, { from });
    const valuesMs = points.map(({ valueMs }) => valueMs);
    const name = `parley_task_${metric.replace('-', '_')}_seconds`;
    texts.push(summaryText(name, `${question} The newest of the last hour.`, valuesMs));
  }
  const { answers } = await readTalkSamples(rt.database.pool, workspaceId, { from });
  const answeredMs = answers.flatMap(({ valueMs }) => valueMs ?? []);
  const question = 'How long do agents take to answer each other?';
  texts.push(summaryText('parley_talk_answer_seconds', `${question} The newest of the last hour.`, answeredMs));
  return texts.join('\n');
}
