import { z } from 'zod';
import type { ConversationState } from '@/lib/domain/conversation/conversation-state';
import { Conveyance, Edge } from '@/lib/protocol/conversation';
import { CallMode } from '@/lib/protocol/entries/conversation-entries';
import { AppError } from '@/lib/protocol/errors';
import {
  AgentId,
  ConversationId,
  ConveyanceId,
  DraftId,
  EntryId,
  PersonId,
  SeatId,
  ServerName,
  TurnId,
  type WorkspaceId,
} from '@/lib/protocol/ids';
import { StoredText } from '../database/stored-text';
import { loadReviewed, StoredCall } from '../drafts/load-drafts';
import type { Queryable } from '../ledger/command';

const threadId = z.string().transform((key) => (key === '' ? null : key));

const Result = z.object({
  leave: z.enum(['approve', 'deny']).optional(),
  toolCallId: StoredText,
  status: z.enum(['success', 'error']),
  text: StoredText,
});

/** What a turn row holds of its input. */
export const TurnInput = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('user'),
    text: StoredText,
    otid: z.string(),
    senderName: StoredText,
    isNext: z.boolean().optional(),
    isNote: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('agent'),
    text: StoredText,
    otid: z.string(),
    senderId: AgentId,
    senderName: StoredText,
    conveyanceId: ConveyanceId,
  }),
  z.object({
    kind: z.literal('answers'),
    messageId: z.string(),
    results: z.array(Result),
    joined: z.object({ text: StoredText, otid: z.string(), senderName: StoredText, turnId: TurnId }).optional(),
  }),
]);

const ConversationRow = z.object({
  id: ConversationId,
  streamSeq: z.number(),
  title: z.string(),
  server: ServerName,
  conveyance: Conveyance,
  phase: z.enum(['open', 'paused', 'stopped']),
  isArchived: z.boolean(),
  turns: z.number(),
  maxTurns: z.number(),
  edges: z.array(Edge),
});

const SeatRow = z
  .object({
    id: SeatId,
    agentId: AgentId,
    name: z.string(),
    threadId,
    pendingId: z.string().nullable(),
    pendingCalls: z.array(StoredCall).nullable(),
    holderId: PersonId.nullable(),
    holderName: z.string().nullable(),
    heldUntil: z.date().nullable(),
    gates: z.array(z.string()),
  })
  .transform(({ pendingId, pendingCalls, holderId, holderName, heldUntil, ...seat }) => ({
    ...seat,
    pending: pendingId === null ? null : { messageId: pendingId, calls: pendingCalls ?? [] },
    holder:
      holderId && heldUntil ? { personId: holderId, name: holderName ?? '', until: heldUntil.toISOString() } : null,
  }));

export const TurnRow = z
  .object({
    id: TurnId,
    rootId: TurnId,
    seat: SeatId.nullable(),
    server: ServerName,
    agentId: AgentId,
    threadId,
    state: z.enum(['queued', 'started']),
    input: TurnInput,
    runId: z.string().nullable(),
    isAccepted: z.boolean(),
  })
  .transform(({ server, agentId, threadId: id, ...turn }) => ({ ...turn, thread: { server, agentId, threadId: id } }));

/** Columns of a turn row as TurnRow reads them. */
export const TURN_COLUMNS = `id, root_id AS "rootId", seat, server, agent_id AS "agentId", thread_key AS "threadId", state,
  input, run_id AS "runId", accepted_at IS NOT NULL AS "isAccepted"`;

const ConveyanceRow = z
  .object({
    id: ConveyanceId,
    from: SeatId,
    fromTurnId: TurnId,
    to: SeatId.nullable(),
    toAgentId: AgentId.nullable(),
    toName: StoredText,
    messageId: z.string().nullable(),
    toolCallId: z.string().nullable(),
    mode: CallMode,
    content: StoredText,
    state: z.enum(['parked', 'sent', 'received', 'answered', 'failed', 'outcome_unknown']),
    turnId: TurnId.nullable(),
    answerStatus: z.enum(['success', 'error']).nullable(),
    answerText: StoredText.nullable(),
    isWithPerson: z.boolean(),
    draftId: DraftId.nullable(),
    edited: z.object({ content: StoredText, by: StoredText }).nullable(),
  })
  .transform(({ answerStatus, answerText, ...row }) => ({
    ...row,
    answer: answerStatus === null ? null : { status: answerStatus, text: answerText ?? '' },
  }));

const QuarantineRow = z.object({
  entryId: EntryId,
  seq: z.number(),
  seat: SeatId,
  messageId: z.string(),
  toolCallId: StoredText.nullable(),
  content: StoredText,
  mode: CallMode,
  toAgentId: AgentId.nullable(),
  state: z.enum(['kept', 'released', 'dropped']),
});

const RefusalRow = z.object({ seat: SeatId, rootId: TurnId, count: z.number() });

/** What decisions about a conversation are made from. Throws `conversation.not_found`. */
export async function loadConversation(
  db: Queryable,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
): Promise<ConversationState> {
  const key = [workspaceId, conversationId];
  const { rows } = await db.query(
    `SELECT id, stream_seq::float8 AS "streamSeq", title, server, conveyance, phase, turns, max_turns AS "maxTurns",
       edges, archived AS "isArchived"
     FROM conversation WHERE workspace_id = $1 AND id = $2`,
    key,
  );
  if (!rows[0]) throw new AppError('conversation.not_found', 'There is no such conversation.');
  const seats = await db.query(
    `SELECT seat AS id, agent_id AS "agentId", name, thread_key AS "threadId", pending_id AS "pendingId",
       pending_calls AS "pendingCalls", holder_id AS "holderId", holder_name AS "holderName", held_until AS "heldUntil",
       ARRAY(SELECT g.tool FROM gate g WHERE s.gated AND g.workspace_id = $1 AND g.server = s.server
         AND g.agent_id = s.agent_id) AS gates
     FROM seat s WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY seat`,
    key,
  );
  const turns = await db.query(
    `SELECT ${TURN_COLUMNS} FROM turn WHERE workspace_id = $1 AND conversation_id = $2 AND state <> 'ended'
     ORDER BY position`,
    key,
  );
  const conveyances = await db.query(
    `SELECT id, from_seat AS "from", from_turn_id AS "fromTurnId", to_seat AS "to", to_agent_id AS "toAgentId",
       to_name AS "toName", message_id AS "messageId", tool_call_id AS "toolCallId", mode, content, state,
       turn_id AS "turnId", answer_status AS "answerStatus", answer_text AS "answerText", with_person AS "isWithPerson",
       draft_id AS "draftId", edited
     FROM conveyance c WHERE workspace_id = $1 AND conversation_id = $2
       AND (state <> 'answered' AND NOT (mode = 'none' AND state = 'received') OR message_id IN (
         SELECT pending_id FROM seat s WHERE s.workspace_id = $1 AND s.conversation_id = $2 AND pending_id IS NOT NULL))
     ORDER BY sent_at, id`,
    key,
  );
  const refusals = await db.query(
    `SELECT from_seat AS seat, from_turn_id AS "rootId", count(*)::int AS count FROM conveyance c
     WHERE workspace_id = $1 AND conversation_id = $2 AND turn_id IS NULL AND draft_id IS NULL AND EXISTS (
       SELECT 1 FROM conversation WHERE workspace_id = $1 AND id = $2 AND phase = 'stopped')
     GROUP BY from_seat, from_turn_id`,
    key,
  );
  const quarantine = await db.query(
    `SELECT id AS "entryId", seq::float8 AS seq, seat, message_id AS "messageId", tool_call_id AS "toolCallId", mode,
       to_agent_id AS "toAgentId", state, CASE WHEN state = 'kept' THEN content ELSE '' END AS content
     FROM quarantine WHERE workspace_id = $1 AND conversation_id = $2 ORDER BY seq`,
    key,
  );
  return {
    ...ConversationRow.parse(rows[0]),
    seats: seats.rows.map((row) => SeatRow.parse(row)),
    openTurns: turns.rows.map((row) => TurnRow.parse(row)),
    openConveyances: conveyances.rows.map((row) => ConveyanceRow.parse(row)),
    refusals: refusals.rows.map((row) => RefusalRow.parse(row)),
    quarantine: quarantine.rows.map((row) => QuarantineRow.parse(row)),
    ...(await loadReviewed(db, workspaceId, conversationId)),
  };
}
