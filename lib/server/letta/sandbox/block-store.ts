import { z } from 'zod';
import { JsonObject } from '@/lib/protocol/json';
import { newLettaId } from './letta-id';
import { maybeRow, type Queryable, rows } from './rows';
import type { Sandbox } from './sandbox-context';

const BLOCK_LIMIT = 100_000;

const BlockRow = z
  .object({
    id: z.string(),
    label: z.string(),
    value: z.string(),
    char_limit: z.number(),
    description: z.string().nullable(),
    read_only: z.boolean(),
    metadata: JsonObject,
  })
  .transform(({ char_limit, read_only, ...row }) => ({ ...row, limit: char_limit, readOnly: read_only }));
export type BlockRecord = z.infer<typeof BlockRow>;

const COLUMNS = 'b.id, b.label, b.value, b.char_limit, b.description, b.read_only, b.metadata';

// PostgreSQL's text cannot hold U+0000; the server drops it from blocks as well.
const storable = (text: string) => text.replaceAll('\u0000', '');

type NewBlock = Pick<BlockRecord, 'label' | 'value'> & Partial<Omit<BlockRecord, 'id'>>;

export async function insertBlock(sandbox: Sandbox, db: Queryable, block: NewBlock): Promise<BlockRecord> {
  const record: BlockRecord = {
    id: newLettaId('block'),
    label: block.label,
    value: storable(block.value),
    limit: block.limit ?? BLOCK_LIMIT,
    description: block.description ?? null,
    readOnly: block.readOnly ?? false,
    metadata: block.metadata ?? {},
  };
  await db.query(
    `INSERT INTO sandbox.block (workspace_id, id, label, value, char_limit, description, read_only, metadata)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      sandbox.workspaceId,
      record.id,
      record.label,
      record.value,
      record.limit,
      record.description,
      record.readOnly,
      JSON.stringify(record.metadata),
    ],
  );
  return record;
}

export const findBlock = (sandbox: Sandbox, id: string): Promise<BlockRecord | null> =>
  maybeRow(sandbox.pool, BlockRow, `SELECT ${COLUMNS} FROM sandbox.block b WHERE workspace_id = $1 AND id = $2`, [
    sandbox.workspaceId,
    id,
  ]);

export const listBlocks = (sandbox: Sandbox, label: string | undefined, limit: number): Promise<BlockRecord[]> =>
  rows(
    sandbox.pool,
    BlockRow,
    `SELECT ${COLUMNS} FROM sandbox.block b
     WHERE workspace_id = $1 AND ($2::text IS NULL OR label = $2) ORDER BY line LIMIT $3`,
    [sandbox.workspaceId, label ?? null, limit],
  );

export async function deleteBlock(sandbox: Sandbox, id: string): Promise<void> {
  await sandbox.pool.query('DELETE FROM sandbox.block WHERE workspace_id = $1 AND id = $2', [sandbox.workspaceId, id]);
}

/** Neither the limit nor read_only holds back a write through the API: the server does not look at them. */
export const changeBlock = (
  sandbox: Sandbox,
  id: string,
  changes: Partial<Omit<BlockRecord, 'id'>>,
): Promise<BlockRecord | null> =>
  maybeRow(
    sandbox.pool,
    BlockRow,
    `UPDATE sandbox.block b SET
       label = coalesce($3, label), value = coalesce($4, value), char_limit = coalesce($5, char_limit),
       description = coalesce($6, description), read_only = coalesce($7, read_only), metadata = coalesce($8, metadata)
     WHERE workspace_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
    [
      sandbox.workspaceId,
      id,
      changes.label ?? null,
      changes.value === undefined ? null : storable(changes.value),
      changes.limit ?? null,
      changes.description ?? null,
      changes.readOnly ?? null,
      changes.metadata ? JSON.stringify(changes.metadata) : null,
    ],
  );

export async function attachBlock(sandbox: Sandbox, db: Queryable, agentId: string, blockId: string): Promise<void> {
  await db.query(
    'INSERT INTO sandbox.agent_block (workspace_id, agent_id, block_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [sandbox.workspaceId, agentId, blockId],
  );
}

/** Detaches one block, or all when none is named. */
export async function detachBlocks(sandbox: Sandbox, db: Queryable, agentId: string, blockId?: string): Promise<void> {
  await db.query(
    `DELETE FROM sandbox.agent_block
     WHERE workspace_id = $1 AND agent_id = $2 AND ($3::text IS NULL OR block_id = $3)`,
    [sandbox.workspaceId, agentId, blockId ?? null],
  );
}

const AttachedRow = z.intersection(z.object({ agent_id: z.string() }), BlockRow);

/** Blocks of many agents at once, by agent id, in the order in which they were attached. */
export async function blocksOf(sandbox: Sandbox, agentIds: string[]): Promise<Map<string, BlockRecord[]>> {
  const found = await rows(
    sandbox.pool,
    AttachedRow,
    `SELECT a.agent_id, ${COLUMNS} FROM sandbox.agent_block a
     JOIN sandbox.block b ON b.workspace_id = a.workspace_id AND b.id = a.block_id
     WHERE a.workspace_id = $1 AND a.agent_id = ANY($2) ORDER BY a.line`,
    [sandbox.workspaceId, agentIds],
  );
  return Map.groupBy(found, (block) => block.agent_id);
}

/** Ids of the agents that hold the block. */
export async function agentsOfBlock(sandbox: Sandbox, blockId: string): Promise<string[]> {
  const found = await rows(
    sandbox.pool,
    z.object({ agent_id: z.string() }),
    'SELECT agent_id FROM sandbox.agent_block WHERE workspace_id = $1 AND block_id = $2 ORDER BY line',
    [sandbox.workspaceId, blockId],
  );
  return found.map((row) => row.agent_id);
}
