import { z } from 'zod';
import { newLettaId } from './letta-id';
import { refuse } from './letta-refusal';
import { maybeRow, type Queryable, rows } from './rows';
import type { Sandbox } from './sandbox-context';

const ConversationRow = z
  .object({
    id: z.string(),
    agent_id: z.string(),
    summary: z.string().nullable(),
    model: z.string().nullable(),
    message_ids: z.array(z.string()),
    last_message_at: z.date().nullable(),
    created_at: z.date(),
    updated_at: z.date(),
  })
  .transform((row) => ({
    id: row.id,
    agentId: row.agent_id,
    summary: row.summary,
    model: row.model,
    messageIds: row.message_ids,
    lastMessageAt: row.last_message_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
export type ConversationRecord = z.infer<typeof ConversationRow>;

const COLUMNS = 'id, agent_id, summary, model, message_ids, last_message_at, created_at, updated_at';

type NewConversation = { agentId: string; summary: string | null; model: string | null; messageIds: string[] };

export async function insertConversation(
  sandbox: Sandbox,
  db: Queryable,
  conversation: NewConversation,
  id: string = newLettaId('conv'),
): Promise<ConversationRecord> {
  const now = sandbox.clock.now();
  const [created] = await rows(
    db,
    ConversationRow,
    `INSERT INTO sandbox.conversation (workspace_id, id, agent_id, summary, model, message_ids, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7) RETURNING ${COLUMNS}`,
    [
      sandbox.workspaceId,
      id,
      conversation.agentId,
      conversation.summary,
      conversation.model,
      conversation.messageIds,
      now,
    ],
  );
  if (!created) throw new Error('insert of a conversation gave no row');
  return created;
}

/** Throws 404 for a conversation that is unknown or deleted. */
export async function requireConversation(sandbox: Sandbox, id: string): Promise<ConversationRecord> {
  const found = await maybeRow(
    sandbox.pool,
    ConversationRow,
    `SELECT ${COLUMNS} FROM sandbox.conversation WHERE workspace_id = $1 AND id = $2 AND NOT deleted`,
    [sandbox.workspaceId, id],
  );
  if (!found) throw refuse(404, `Conversation not found with id='['${id}']'`);
  return found;
}

type ConversationChanges = {
  summary?: string | undefined;
  model?: string | undefined;
  lastMessageAt?: Date | undefined;
};

export async function changeConversation(sandbox: Sandbox, id: string, changes: ConversationChanges): Promise<void> {
  await sandbox.pool.query(
    `UPDATE sandbox.conversation SET summary = coalesce($3, summary), model = coalesce($4, model),
       last_message_at = coalesce($5, last_message_at), updated_at = $6
     WHERE workspace_id = $1 AND id = $2`,
    [
      sandbox.workspaceId,
      id,
      changes.summary ?? null,
      changes.model ?? null,
      changes.lastMessageAt ?? null,
      sandbox.clock.now(),
    ],
  );
}

/** The conversation is no longer listed; its messages are. */
export async function deleteConversation(sandbox: Sandbox, id: string): Promise<void> {
  await sandbox.pool.query('UPDATE sandbox.conversation SET deleted = true WHERE workspace_id = $1 AND id = $2', [
    sandbox.workspaceId,
    id,
  ]);
}

type ConversationFilter = {
  agentId?: string | undefined;
  search?: string | undefined;
  after?: string | undefined;
  limit: number;
  ascending: boolean;
};

export const listConversations = (sandbox: Sandbox, filter: ConversationFilter): Promise<ConversationRecord[]> =>
  rows(
    sandbox.pool,
    ConversationRow,
    `SELECT ${COLUMNS} FROM sandbox.conversation
     WHERE workspace_id = $1 AND NOT deleted
       AND ($2::text IS NULL OR agent_id = $2)
       AND ($3::text IS NULL OR summary LIKE '%' || $3 || '%')
       AND ($4::text IS NULL OR line ${filter.ascending ? '>' : '<'}
         (SELECT line FROM sandbox.conversation WHERE workspace_id = $1 AND id = $4))
     ORDER BY line ${filter.ascending ? 'ASC' : 'DESC'} LIMIT $5`,
    [sandbox.workspaceId, filter.agentId ?? null, filter.search ?? null, filter.after ?? null, filter.limit],
  );
