import { z } from 'zod';
import { inTransaction } from './in-transaction';
import { refuse } from './letta-refusal';
import { type Queryable, rows } from './rows';
import type { Sandbox } from './sandbox-context';
import { type DraftMessage, MessageBody, type StoredMessage } from './stored-message';

const MessageRow = z
  .object({
    id: z.string(),
    agent_id: z.string(),
    conversation_id: z.string().nullable(),
    run_id: z.string().nullable(),
    step_id: z.string().nullable(),
    created_at: z.date(),
    body: MessageBody,
  })
  .transform(
    (row): StoredMessage => ({
      id: row.id,
      agentId: row.agent_id,
      conversationId: row.conversation_id,
      runId: row.run_id,
      stepId: row.step_id,
      createdAt: row.created_at,
      body: row.body,
    }),
  );

const COLUMNS = 'id, agent_id, conversation_id, run_id, step_id, created_at, body';
const LISTING_LOCK = 'sandbox.message';

type Place = { agentId: string; conversationId: string | null; runId: string | null; stepId: string | null };

/** Gives drafts the place and the date that they are stored with. */
export const placed = (drafts: DraftMessage[], place: Place, createdAt: Date): StoredMessage[] =>
  drafts.map((draft) => ({ ...draft, ...place, createdAt }));

/**
 * Stores messages of a step and sets what the model sees from now on, both or neither.
 *
 * `context` OVERWRITES what the thread had: of two turns at once the one that ends later wins, and the messages of the
 * other stay listed but are no longer in any context. That is the real server's behaviour, not an oversight.
 * The lock makes the order of the listing the order of commits, so that whoever tails it misses nothing.
 */
export async function checkpoint(sandbox: Sandbox, added: StoredMessage[], context: StoredMessage[]): Promise<void> {
  const [first] = context;
  if (!first) return;
  await inTransaction(sandbox.pool, async (db) => {
    await db.query('SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))', [LISTING_LOCK, sandbox.workspaceId]);
    await insertMessages(sandbox, db, added);
    await setContext(sandbox, db, first, context);
  });
}

export async function insertMessages(sandbox: Sandbox, db: Queryable, messages: StoredMessage[]): Promise<void> {
  for (const message of messages) {
    await db.query(`INSERT INTO sandbox.message (workspace_id, ${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, [
      sandbox.workspaceId,
      message.id,
      message.agentId,
      message.conversationId,
      message.runId,
      message.stepId,
      message.createdAt,
      JSON.stringify(message.body),
    ]);
  }
}

async function setContext(
  sandbox: Sandbox,
  db: Queryable,
  thread: Pick<StoredMessage, 'agentId' | 'conversationId'>,
  context: StoredMessage[],
): Promise<void> {
  const ids = context.map((message) => message.id);
  const [table, id] = thread.conversationId
    ? ['sandbox.conversation', thread.conversationId]
    : ['sandbox.agent', thread.agentId];
  await db.query(`UPDATE ${table} SET message_ids = $3 WHERE workspace_id = $1 AND id = $2`, [
    sandbox.workspaceId,
    id,
    ids,
  ]);
}

/** Messages of the ids given, in the order of the ids; ids without a message are left out. */
export const messagesById = (sandbox: Sandbox, ids: string[]): Promise<StoredMessage[]> =>
  rows(
    sandbox.pool,
    MessageRow,
    `SELECT ${COLUMNS.split(', ')
      .map((column) => `m.${column}`)
      .join(', ')}
     FROM unnest($2::text[]) WITH ORDINALITY AS wanted (id, place)
     JOIN sandbox.message m ON m.workspace_id = $1 AND m.id = wanted.id ORDER BY wanted.place`,
    [sandbox.workspaceId, ids],
  );

export type MessageFilter = {
  agentId?: string | undefined;
  /** `default` for messages outside of every conversation; absent for all. */
  conversationId?: string | undefined;
  runId?: string | undefined;
  after?: string | undefined;
  before?: string | undefined;
  limit: number;
  /** From which end `limit` cuts; the result is oldest first in either case. */
  order: 'asc' | 'desc';
};

/** A page of the listing, oldest first. Throws 404 for a cursor that is no message. */
export async function listMessages(sandbox: Sandbox, filter: MessageFilter): Promise<StoredMessage[]> {
  const after = await lineOf(sandbox, filter.after, filter.agentId);
  const before = await lineOf(sandbox, filter.before, filter.agentId);
  const page = await rows(
    sandbox.pool,
    MessageRow,
    `SELECT ${COLUMNS} FROM sandbox.message
     WHERE workspace_id = $1
       AND ($2::text IS NULL OR agent_id = $2)
       AND ($3::text IS NULL OR CASE WHEN $3 = 'default' THEN conversation_id IS NULL ELSE conversation_id = $3 END)
       AND ($4::text IS NULL OR run_id = $4)
       AND ($5::bigint IS NULL OR line > $5)
       AND ($6::bigint IS NULL OR line < $6)
     ORDER BY line ${filter.order === 'asc' ? 'ASC' : 'DESC'} LIMIT $7`,
    [
      sandbox.workspaceId,
      filter.agentId ?? null,
      filter.conversationId ?? null,
      filter.runId ?? null,
      after,
      before,
      filter.limit,
    ],
  );
  return filter.order === 'asc' ? page : page.reverse();
}

async function lineOf(sandbox: Sandbox, id: string | undefined, agentId: string | undefined): Promise<string | null> {
  if (id === undefined) return null;
  const [found] = await rows(
    sandbox.pool,
    z.object({ line: z.string() }),
    'SELECT line::text FROM sandbox.message WHERE workspace_id = $1 AND id = $2',
    [sandbox.workspaceId, id],
  );
  if (!found) throw refuse(404, `No message found with id '${id}' for agent '${agentId ?? 'None'}'.`);
  return found.line;
}

const SEARCHED_MAX = 1000;

/** The newest messages of an agent for searching, newest first. */
export const newestMessages = (sandbox: Sandbox, agentId: string): Promise<StoredMessage[]> =>
  rows(
    sandbox.pool,
    MessageRow,
    `SELECT ${COLUMNS} FROM sandbox.message WHERE workspace_id = $1 AND agent_id = $2 ORDER BY line DESC LIMIT $3`,
    [sandbox.workspaceId, agentId, SEARCHED_MAX],
  );
