import { z } from 'zod';
import { JsonValue } from '@/lib/protocol/json';
import { isLettaId, newLettaId } from './letta-id';
import { refuse } from './letta-refusal';
import { maybeRow, rows } from './rows';
import type { Sandbox } from './sandbox-context';

const runStatuses = ['created', 'running', 'completed', 'failed', 'cancelled'] as const;

const RunRow = z
  .object({
    id: z.string(),
    agent_id: z.string(),
    conversation_id: z.string().nullable(),
    background: z.boolean(),
    status: z.enum(runStatuses),
    stop_reason: z.string().nullable(),
    run_type: z.string(),
    error: JsonValue,
    created_at: z.date(),
    completed_at: z.date().nullable(),
  })
  .transform((row) => ({
    id: row.id,
    agentId: row.agent_id,
    conversationId: row.conversation_id,
    background: row.background,
    status: row.status,
    stopReason: row.stop_reason,
    runType: row.run_type,
    error: row.error,
    createdAt: row.created_at,
    completedAt: row.completed_at,
  }));
export type RunRecord = z.infer<typeof RunRow>;

const COLUMNS =
  'id, agent_id, conversation_id, background, status, stop_reason, run_type, error, created_at, completed_at';

type NewRun = { agentId: string; conversationId: string | null; background: boolean; runType: string };

/** Records a run in status `created`. */
export async function createRun(sandbox: Sandbox, run: NewRun): Promise<RunRecord> {
  const [created] = await rows(
    sandbox.pool,
    RunRow,
    `INSERT INTO sandbox.run (workspace_id, id, agent_id, conversation_id, background, status, run_type, created_at)
     VALUES ($1, $2, $3, $4, $5, 'created', $6, $7) RETURNING ${COLUMNS}`,
    [
      sandbox.workspaceId,
      newLettaId('run'),
      run.agentId,
      run.conversationId,
      run.background,
      run.runType,
      sandbox.clock.now(),
    ],
  );
  if (!created) throw new Error('insert of a run gave no row');
  return created;
}

export const findRun = (sandbox: Sandbox, id: string): Promise<RunRecord | null> =>
  maybeRow(sandbox.pool, RunRow, `SELECT ${COLUMNS} FROM sandbox.run WHERE workspace_id = $1 AND id = $2`, [
    sandbox.workspaceId,
    id,
  ]);

export async function requireRun(sandbox: Sandbox, id: string): Promise<RunRecord> {
  const run = await findRun(sandbox, id);
  if (!isLettaId('run', id))
    throw refuse(400, `INVALID_ARGUMENT: Invalid run ID format: ${id}. Expected format: 'run-<uuid4>'`);
  if (!run) throw refuse(404, `Run not found with id='['${id}']'`);
  return run;
}

/** Notes that a run has begun a step: what has one is not refused any more, long before the model says a word. */
export async function noteStep(sandbox: Sandbox, runId: string, stepId: string): Promise<void> {
  await sandbox.pool.query(
    'UPDATE sandbox.run SET step_ids = step_ids || $3::text WHERE workspace_id = $1 AND id = $2',
    [sandbox.workspaceId, runId, stepId],
  );
}

/** Ids of the steps of a run, in their order. */
export async function stepsOf(sandbox: Sandbox, runId: string): Promise<string[]> {
  const { rows } = await sandbox.pool.query<{ step_ids: string[] }>(
    'SELECT step_ids FROM sandbox.run WHERE workspace_id = $1 AND id = $2',
    [sandbox.workspaceId, runId],
  );
  return rows[0]?.step_ids ?? [];
}

/** Notes that a stream has begun; a run that was cancelled in the meantime stays cancelled. */
export async function startRun(sandbox: Sandbox, id: string): Promise<void> {
  await sandbox.pool.query(
    `UPDATE sandbox.run SET status = 'running' WHERE workspace_id = $1 AND id = $2 AND status = 'created'`,
    [sandbox.workspaceId, id],
  );
}

type RunEnd = { status: 'completed' | 'failed' | 'cancelled'; stopReason: string | null; error?: JsonValue };

/** Ends a run, whatever it was before, and tells its agent the stop reason. The first end's time is kept. */
export async function endRun(sandbox: Sandbox, id: string, end: RunEnd): Promise<void> {
  await sandbox.pool.query(
    `WITH ended AS (
       UPDATE sandbox.run SET
         status = $3, stop_reason = coalesce($4, stop_reason), completed_at = coalesce(completed_at, $5),
         error = coalesce($6, error)
       WHERE workspace_id = $1 AND id = $2 RETURNING agent_id
     )
     UPDATE sandbox.agent a SET last_stop_reason = $4 FROM ended
     WHERE a.workspace_id = $1 AND a.id = ended.agent_id AND $4::text IS NOT NULL`,
    [
      sandbox.workspaceId,
      id,
      end.status,
      end.stopReason,
      sandbox.clock.now(),
      end.error === undefined ? null : JSON.stringify(end.error),
    ],
  );
}

type RunFilter = {
  agentIds?: string[] | undefined;
  conversationId?: string | undefined;
  background?: boolean | undefined;
  statuses?: string[] | undefined;
  stopReason?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
  limit: number;
  ascending: boolean;
};

/**
 * Runs, newest first unless ascending. Unlike those of messages, the cursors turn round with the order: `after` means
 * newer when descending and OLDER when ascending. An unknown cursor is ignored.
 */
export async function listRuns(sandbox: Sandbox, filter: RunFilter): Promise<RunRecord[]> {
  const [newerThan, olderThan] = filter.ascending ? [filter.before, filter.after] : [filter.after, filter.before];
  const line = (parameter: string) => `(SELECT line FROM sandbox.run WHERE workspace_id = $1 AND id = ${parameter})`;
  return rows(
    sandbox.pool,
    RunRow,
    `SELECT ${COLUMNS} FROM sandbox.run
     WHERE workspace_id = $1
       AND ($2::text[] IS NULL OR agent_id = ANY($2))
       AND ($3::text IS NULL OR conversation_id = $3)
       AND ($4::boolean IS NULL OR background = $4)
       AND ($5::text[] IS NULL OR status = ANY($5))
       AND ($6::text IS NULL OR stop_reason = $6)
       AND ($7::text IS NULL OR coalesce(line > ${line('$7')}, true))
       AND ($8::text IS NULL OR coalesce(line < ${line('$8')}, true))
     ORDER BY line ${filter.ascending ? 'ASC' : 'DESC'} LIMIT $9`,
    [
      sandbox.workspaceId,
      filter.agentIds ?? null,
      filter.conversationId ?? null,
      filter.background ?? null,
      filter.statuses ?? null,
      filter.stopReason ?? null,
      newerThan ?? null,
      olderThan ?? null,
      filter.limit,
    ],
  );
}
