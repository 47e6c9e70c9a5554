import { z } from 'zod';
import { JsonObject } from '@/lib/protocol/json';
import { newLettaId } from './letta-id';
import { maybeRow, type Queryable, rows } from './rows';
import type { Sandbox } from './sandbox-context';

const ToolBody = z.object({
  description: z.string().nullable(),
  sourceCode: z.string().nullable(),
  sourceType: z.string().nullable(),
  jsonSchema: JsonObject,
  tags: z.array(z.string()),
});

const ToolRow = z
  .object({
    id: z.string(),
    name: z.string(),
    tool_type: z.string(),
    default_requires_approval: z.boolean().nullable(),
    body: ToolBody,
  })
  .transform((row) => ({
    id: row.id,
    name: row.name,
    toolType: row.tool_type,
    defaultRequiresApproval: row.default_requires_approval,
    ...row.body,
  }));
export type ToolRecord = z.infer<typeof ToolRow>;

const COLUMNS = 't.id, t.name, t.tool_type, t.default_requires_approval, t.body';

/** Makes the tool or, where one of that name exists, changes it under its old id. */
export async function upsertTool(sandbox: Sandbox, tool: Omit<ToolRecord, 'id'>): Promise<ToolRecord> {
  const { name, toolType, defaultRequiresApproval, ...body } = tool;
  const [saved] = await rows(
    sandbox.pool,
    ToolRow,
    `INSERT INTO sandbox.tool AS t (workspace_id, id, name, tool_type, default_requires_approval, body)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (workspace_id, name) DO UPDATE SET
       tool_type = excluded.tool_type, body = excluded.body,
       default_requires_approval = coalesce(excluded.default_requires_approval, t.default_requires_approval)
     RETURNING ${COLUMNS}`,
    [sandbox.workspaceId, newLettaId('tool'), name, toolType, defaultRequiresApproval, JSON.stringify(body)],
  );
  if (!saved) throw new Error(`upsert of tool ${name} gave no row`);
  return saved;
}

export const findTool = (sandbox: Sandbox, id: string): Promise<ToolRecord | null> =>
  maybeRow(sandbox.pool, ToolRow, `SELECT ${COLUMNS} FROM sandbox.tool t WHERE workspace_id = $1 AND id = $2`, [
    sandbox.workspaceId,
    id,
  ]);

type ToolFilter = {
  name?: string | undefined;
  names?: string[] | undefined;
  ids?: string[] | undefined;
  search?: string | undefined;
  toolTypes?: string[] | undefined;
  after?: string | undefined;
  before?: string | undefined;
  limit: number;
  ascending: boolean;
};

export async function listTools(sandbox: Sandbox, filter: ToolFilter): Promise<ToolRecord[]> {
  const [newer, older] = filter.ascending ? [filter.after, filter.before] : [filter.before, filter.after];
  const line = (parameter: string) => `(SELECT line FROM sandbox.tool WHERE workspace_id = $1 AND id = ${parameter})`;
  return rows(
    sandbox.pool,
    ToolRow,
    `SELECT ${COLUMNS} FROM sandbox.tool t
     WHERE workspace_id = $1
       AND ($2::text IS NULL OR name = $2)
       AND ($3::text[] IS NULL OR name = ANY($3))
       AND ($4::text[] IS NULL OR id = ANY($4))
       AND ($5::text IS NULL OR name ILIKE '%' || $5 || '%')
       AND ($6::text[] IS NULL OR tool_type = ANY($6))
       AND ($7::text IS NULL OR coalesce(line > ${line('$7')}, true))
       AND ($8::text IS NULL OR coalesce(line < ${line('$8')}, true))
     ORDER BY line ${filter.ascending ? 'ASC' : 'DESC'} LIMIT $9`,
    [
      sandbox.workspaceId,
      filter.name ?? null,
      filter.names ?? null,
      filter.ids ?? null,
      filter.search ?? null,
      filter.toolTypes ?? null,
      newer ?? null,
      older ?? null,
      filter.limit,
    ],
  );
}

export async function deleteTool(sandbox: Sandbox, id: string): Promise<boolean> {
  const result = await sandbox.pool.query('DELETE FROM sandbox.tool WHERE workspace_id = $1 AND id = $2', [
    sandbox.workspaceId,
    id,
  ]);
  return result.rowCount === 1;
}

export async function attachTools(sandbox: Sandbox, db: Queryable, agentId: string, toolIds: string[]): Promise<void> {
  await db.query(
    `INSERT INTO sandbox.agent_tool (workspace_id, agent_id, tool_id)
     SELECT $1, $2, unnest($3::text[]) ON CONFLICT DO NOTHING`,
    [sandbox.workspaceId, agentId, toolIds],
  );
}

/** Detaches one tool, or all when none is named. */
export async function detachTools(sandbox: Sandbox, db: Queryable, agentId: string, toolId?: string): Promise<void> {
  await db.query(
    'DELETE FROM sandbox.agent_tool WHERE workspace_id = $1 AND agent_id = $2 AND ($3::text IS NULL OR tool_id = $3)',
    [sandbox.workspaceId, agentId, toolId ?? null],
  );
}

const AttachedRow = z.intersection(z.object({ agent_id: z.string() }), ToolRow);

/** Tools of many agents at once, by agent id, in the order in which they were attached. */
export async function toolsOf(sandbox: Sandbox, agentIds: string[]): Promise<Map<string, ToolRecord[]>> {
  const found = await rows(
    sandbox.pool,
    AttachedRow,
    `SELECT a.agent_id, ${COLUMNS} FROM sandbox.agent_tool a
     JOIN sandbox.tool t ON t.workspace_id = a.workspace_id AND t.id = a.tool_id
     WHERE a.workspace_id = $1 AND a.agent_id = ANY($2) ORDER BY a.line`,
    [sandbox.workspaceId, agentIds],
  );
  return Map.groupBy(found, (tool) => tool.agent_id);
}
