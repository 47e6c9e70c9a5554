import { z } from 'zod';
import { JsonObject, JsonValue } from '@/lib/protocol/json';
import { agentNotFound } from './letta-refusal';
import { maybeRow, type Queryable, rows } from './rows';
import type { Sandbox } from './sandbox-context';

/** Rules of an agent's tools; those that the sandbox does not know are kept and have no effect. */
export const ToolRule = z.object({ type: z.string(), tool_name: z.string() }).catchall(JsonValue);
export type ToolRule = z.infer<typeof ToolRule>;

const AgentSettings = z.object({
  system: z.string(),
  description: z.string().nullable(),
  metadata: JsonObject,
  modelSettings: JsonObject.nullable(),
  /** Whether several calls of one step are kept; false drops all but the first, silently. */
  parallelToolCalls: z.boolean(),
  secrets: z.record(z.string(), z.string()),
});

const AgentRow = z
  .object({
    id: z.string(),
    name: z.string(),
    model: z.string(),
    tags: z.array(z.string()),
    hidden: z.boolean(),
    message_ids: z.array(z.string()),
    tool_rules: z.array(ToolRule),
    settings: AgentSettings,
    last_stop_reason: z.string().nullable(),
    created_at: z.date(),
    updated_at: z.date(),
  })
  .transform((row) => ({
    id: row.id,
    name: row.name,
    model: row.model,
    tags: row.tags,
    hidden: row.hidden,
    messageIds: row.message_ids,
    toolRules: row.tool_rules,
    settings: row.settings,
    lastStopReason: row.last_stop_reason,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
export type AgentRecord = z.infer<typeof AgentRow>;

const COLUMNS =
  'id, name, model, tags, hidden, message_ids, tool_rules, settings, last_stop_reason, created_at, updated_at';

export async function insertAgent(sandbox: Sandbox, db: Queryable, agent: AgentRecord): Promise<void> {
  await db.query(
    `INSERT INTO sandbox.agent (workspace_id, ${COLUMNS})
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      sandbox.workspaceId,
      agent.id,
      agent.name,
      agent.model,
      agent.tags,
      agent.hidden,
      agent.messageIds,
      JSON.stringify(agent.toolRules),
      JSON.stringify(agent.settings),
      agent.lastStopReason,
      agent.createdAt,
      agent.updatedAt,
    ],
  );
}

export const findAgent = (sandbox: Sandbox, id: string): Promise<AgentRecord | null> =>
  maybeRow(sandbox.pool, AgentRow, `SELECT ${COLUMNS} FROM sandbox.agent WHERE workspace_id = $1 AND id = $2`, [
    sandbox.workspaceId,
    id,
  ]);

/** Throws 404 `Agent not found`. */
export async function requireAgent(sandbox: Sandbox, id: string): Promise<AgentRecord> {
  const agent = await findAgent(sandbox, id);
  if (!agent) throw agentNotFound();
  return agent;
}

type AgentChanges = Partial<Omit<AgentRecord, 'id' | 'createdAt' | 'updatedAt' | 'messageIds'>>;

/** Writes the members given; null where there is no such agent. */
export async function changeAgent(
  sandbox: Sandbox,
  db: Queryable,
  id: string,
  changes: AgentChanges,
): Promise<AgentRecord | null> {
  return maybeRow(
    db,
    AgentRow,
    `UPDATE sandbox.agent SET
       name = coalesce($3, name), model = coalesce($4, model), tags = coalesce($5, tags), hidden = coalesce($6, hidden),
       tool_rules = coalesce($7, tool_rules), settings = coalesce($8, settings),
       last_stop_reason = coalesce($9, last_stop_reason), updated_at = $10
     WHERE workspace_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
    [
      sandbox.workspaceId,
      id,
      changes.name ?? null,
      changes.model ?? null,
      changes.tags ?? null,
      changes.hidden ?? null,
      changes.toolRules ? JSON.stringify(changes.toolRules) : null,
      changes.settings ? JSON.stringify(changes.settings) : null,
      changes.lastStopReason ?? null,
      sandbox.clock.now(),
    ],
  );
}

/** Makes the model forget all but the agent's own prompt; the messages stay listed. */
export async function resetContext(sandbox: Sandbox, id: string): Promise<void> {
  await sandbox.pool.query(
    'UPDATE sandbox.agent SET message_ids = message_ids[1:1] WHERE workspace_id = $1 AND id = $2',
    [sandbox.workspaceId, id],
  );
}

export async function deleteAgent(sandbox: Sandbox, id: string): Promise<boolean> {
  const result = await sandbox.pool.query('DELETE FROM sandbox.agent WHERE workspace_id = $1 AND id = $2', [
    sandbox.workspaceId,
    id,
  ]);
  return result.rowCount === 1;
}

type AgentFilter = {
  name?: string | undefined;
  queryText?: string | undefined;
  tags?: string[] | undefined;
  matchAllTags: boolean;
  showHidden: boolean;
  lastStopReason?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
  limit: number;
  ascending: boolean;
};

/** Agents in the order asked for; `after` and `before` follow that order, and an unknown cursor is ignored. */
export async function listAgents(sandbox: Sandbox, filter: AgentFilter): Promise<AgentRecord[]> {
  const [newer, older] = filter.ascending ? [filter.after, filter.before] : [filter.before, filter.after];
  const line = (parameter: string) => `(SELECT line FROM sandbox.agent WHERE workspace_id = $1 AND id = ${parameter})`;
  return rows(
    sandbox.pool,
    AgentRow,
    `SELECT ${COLUMNS} FROM sandbox.agent
     WHERE workspace_id = $1
       AND ($2::text IS NULL OR name = $2)
       AND ($3::text IS NULL OR name ILIKE '%' || $3 || '%')
       AND ($4::text[] IS NULL OR CASE WHEN $5 THEN tags @> $4 ELSE tags && $4 END)
       AND ($6 OR NOT hidden)
       AND ($7::text IS NULL OR last_stop_reason = $7)
       AND ($8::text IS NULL OR coalesce(line > ${line('$8')}, true))
       AND ($9::text IS NULL OR coalesce(line < ${line('$9')}, true))
     ORDER BY line ${filter.ascending ? 'ASC' : 'DESC'} LIMIT $10`,
    [
      sandbox.workspaceId,
      filter.name ?? null,
      filter.queryText ?? null,
      filter.tags ?? null,
      filter.matchAllTags,
      filter.showHidden,
      filter.lastStopReason ?? null,
      newer ?? null,
      older ?? null,
      filter.limit,
    ],
  );
}
