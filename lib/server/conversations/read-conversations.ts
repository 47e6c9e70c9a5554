import { z } from 'zod';
import { type Conversation, Conveyance, Edge } from '@/lib/protocol/conversation';
import { AppError } from '@/lib/protocol/errors';
import { AgentId, ConversationId, PersonId, SeatId, type WorkspaceId } from '@/lib/protocol/ids';
import type { Page, PageQuery } from '@/lib/protocol/page';
import { Instant } from '@/lib/protocol/text';
import { decodeCursor, pageOfRows } from '../http/cursor';
import type { Queryable } from '../ledger/command';

const Row = z
  .object({
    id: ConversationId,
    title: z.string(),
    server: z.string(),
    conveyance: Conveyance,
    observed: z.boolean(),
    sandbox: z.boolean(),
    maxTurns: z.number(),
    turns: z.number(),
    phase: z.enum(['open', 'paused', 'stopped']),
    stoppedReason: z.string().nullable(),
    edges: z.array(Edge),
    createdAt: z.date(),
    lastActivityAt: z.date(),
    isRunning: z.boolean(),
    hasDrafts: z.boolean(),
    seats: z.array(
      z.object({
        id: SeatId,
        agentId: AgentId,
        name: z.string(),
        dialect: z.enum(['rest', 'app-server']),
        threadKey: z.string(),
        holderId: PersonId.nullable(),
        holderName: z.string().nullable(),
        heldUntil: z.string().nullable(),
        isAtCall: z.boolean(),
      }),
    ),
  })
  .transform(({ phase, isRunning, hasDrafts, seats, ...row }): Conversation => {
    const isWaiting = hasDrafts || seats.some(({ isAtCall }) => isAtCall);
    return {
      ...row,
      state: phase !== 'open' ? phase : isRunning ? 'running' : isWaiting ? 'waiting' : 'idle',
      seats: seats.map(({ threadKey, holderId, holderName, heldUntil, isAtCall: _isAtCall, ...seat }) => ({
        ...seat,
        threadId: threadKey === '' ? null : threadKey,
        holder:
          holderId && heldUntil
            ? { personId: holderId, name: holderName ?? '', until: new Date(heldUntil).toISOString() }
            : null,
      })),
      createdAt: row.createdAt.toISOString(),
      lastActivityAt: row.lastActivityAt.toISOString(),
    };
  });

/** HAZARD: whether a seat stands at a call is told with the seats. As an EXISTS the planner reads the seats of all time for it. */
const SELECT = `
  SELECT c.id, c.title, c.server, c.conveyance, c.observed, c.sandbox, c.max_turns AS "maxTurns", c.turns, c.phase,
    c.stopped_reason AS "stoppedReason", c.edges, c.created_at AS "createdAt", c.last_activity_at AS "lastActivityAt",
    EXISTS (SELECT 1 FROM turn t WHERE t.workspace_id = c.workspace_id AND t.conversation_id = c.id AND (t.state = 'started'
      OR t.state = 'queued' AND NOT EXISTS (SELECT 1 FROM seat h WHERE h.workspace_id = t.workspace_id
        AND h.conversation_id = t.conversation_id AND h.seat = t.seat AND h.holder_id IS NOT NULL))) AS "isRunning",
    EXISTS (SELECT 1 FROM draft f WHERE f.workspace_id = c.workspace_id AND f.conversation_id = c.id AND f.status = 'pending')
      AS "hasDrafts",
    (SELECT json_agg(json_build_object('id', s.seat, 'agentId', s.agent_id, 'name', s.name, 'dialect', s.dialect,
       'threadKey', s.thread_key, 'holderId', s.holder_id, 'holderName', s.holder_name,
       'heldUntil', coalesce(d.due_at, s.held_until), 'isAtCall', s.pending_id IS NOT NULL) ORDER BY s.seat)
     FROM seat s LEFT JOIN deadline d ON d.workspace_id = s.workspace_id AND d.kind = 'seat.lease'
       AND s.holder_id IS NOT NULL AND d.subject = s.conversation_id || '/' || s.seat
     WHERE s.workspace_id = c.workspace_id AND s.conversation_id = c.id) AS seats
  FROM conversation c`;

/** One conversation. Throws `conversation.not_found`. */
export async function requireConversation(
  db: Queryable,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
): Promise<Conversation> {
  const { rows } = await db.query(`${SELECT} WHERE c.workspace_id = $1 AND c.id = $2`, [workspaceId, conversationId]);
  if (!rows[0]) throw new AppError('conversation.not_found', 'There is no such conversation.');
  return Row.parse(rows[0]);
}

const Position = z.tuple([Instant, z.uuid()]);

/** Conversations with the newest activity first; archived ones are left out. */
export async function listConversations(
  db: Queryable,
  workspaceId: WorkspaceId,
  { after, limit }: PageQuery,
): Promise<Page<Conversation>> {
  const [lastActivityAt, id] = decodeCursor(Position, after) ?? [null, null];
  const { rows } = await db.query(
    `${SELECT} WHERE c.workspace_id = $1 AND NOT c.archived
       AND ($2::timestamptz IS NULL OR (c.last_activity_at, c.id) < ($2, $3::uuid))
     ORDER BY c.last_activity_at DESC, c.id DESC LIMIT $4`,
    [workspaceId, lastActivityAt, id, limit + 1],
  );
  const found = rows.map((row) => Row.parse(row));
  return pageOfRows(
    found,
    limit,
    (conversation) => conversation,
    (conversation) => [conversation.lastActivityAt, conversation.id],
  );
}

/** Those of `ids` that stand in the lists, in no order that means anything. */
export async function readConversations(
  db: Queryable,
  workspaceId: WorkspaceId,
  ids: readonly string[],
): Promise<Conversation[]> {
  const { rows } = await db.query(
    `${SELECT} WHERE c.workspace_id = $1 AND c.id = ANY ($2::uuid[]) AND NOT c.archived`,
    [workspaceId, ids],
  );
  return rows.map((row) => Row.parse(row));
}
