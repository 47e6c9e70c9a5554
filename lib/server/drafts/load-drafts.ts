import { z } from 'zod';
import type { DraftState, RuleState } from '@/lib/domain/draft/draft-state';
import {
  Dispatch,
  DraftAuthor,
  DraftKind,
  DraftStatus,
  DraftTarget,
  VerdictGiven,
  VerdictKind,
} from '@/lib/protocol/draft';
import {
  AgentId,
  ConversationId,
  ConveyanceId,
  DraftId,
  RuleId,
  ServerName,
  TurnId,
  type WorkspaceId,
} from '@/lib/protocol/ids';
import { ToolCall } from '@/lib/protocol/message';
import { inboxStream } from '@/lib/protocol/stream';
import { StoredText } from '../database/stored-text';
import type { Queryable } from '../ledger/command';

/** A call as a jsonb column holds it. */
export const StoredCall = ToolCall.extend({ toolCallId: StoredText, name: StoredText, arguments: StoredText });
export const StoredVerdict = VerdictGiven.extend({
  name: StoredText,
  content: StoredText.optional(),
  reason: StoredText.optional(),
});
export const StoredAuthor = DraftAuthor.extend({ name: StoredText });
export const StoredTarget = DraftTarget.extend({ name: StoredText });

const DraftStateRow = z.object({
  id: DraftId,
  kind: DraftKind,
  conversationId: ConversationId.nullable(),
  conveyanceId: ConveyanceId.nullable(),
  server: ServerName,
  threadId: z.string().transform((key) => (key === '' ? null : key)),
  from: StoredAuthor,
  to: StoredTarget,
  content: StoredText,
  contentHash: z.string(),
  messageId: z.string().nullable(),
  fromTurnId: TurnId.nullable(),
  runId: z.string().nullable(),
  toolCall: StoredCall.nullable(),
  allowed: z.array(VerdictKind),
  reviewers: z.number(),
  undoSeconds: z.number(),
  status: DraftStatus,
  verdicts: z.array(StoredVerdict),
  dispatch: Dispatch.shape.state.nullable(),
});

/** Members of a draft as JSON, as DraftStateRow reads them. */
const DRAFT_JSON = `json_build_object('id', d.id, 'kind', d.kind, 'conversationId', d.conversation_id,
  'conveyanceId', d.conveyance_id, 'server', d.server, 'threadId', d.thread_key, 'from', d.author, 'to', d.target,
  'content', d.content, 'contentHash', d.content_hash, 'messageId', d.message_id, 'fromTurnId', d.from_turn_id, 'runId', d.run_id,
  'toolCall', d.tool_call, 'allowed', d.allowed, 'reviewers', d.reviewers, 'undoSeconds', d.undo_seconds,
  'status', d.status, 'verdicts', d.verdicts, 'dispatch', d.dispatch)`;

/** Whether something can still happen to it. */
const IS_OPEN = `(d.status = 'pending' OR d.dispatch IN ('undoable', 'dispatching') OR d.dispatch = 'failed' AND d.can_retry)`;

const RuleRow = z.object({
  id: RuleId,
  effect: z.enum(['pass', 'ask']),
  fromAgentId: AgentId.nullable(),
  toAgentId: AgentId.nullable(),
  tool: StoredText.nullable(),
  text: StoredText.nullable(),
});

const RULES = `SELECT json_agg(json_build_object('id', r.id, 'effect', r.effect, 'fromAgentId', r.from_agent_id,
    'toAgentId', r.to_agent_id, 'tool', r.tool, 'text', r.matching) ORDER BY r.created_at)
  FROM standing_rule r WHERE r.workspace_id = $1 AND r.revoked_at IS NULL
    AND (r.expires_at IS NULL OR r.expires_at > clock_timestamp())`;

const INBOX_HEAD = `SELECT stream_seq::float8 FROM stream_head WHERE workspace_id = $1 AND stream = '${inboxStream}'`;

const Reviewing = z.object({
  drafts: z.array(DraftStateRow).nullable(),
  rules: z.array(RuleRow).nullable(),
  inboxSeq: z.number().nullable(),
});

export type Reviewed = { drafts: DraftState[]; rules: RuleState[]; inboxSeq: number };

const toReviewed = (row: unknown): Reviewed => {
  const { drafts, rules, inboxSeq } = Reviewing.parse(row);
  return { drafts: drafts ?? [], rules: rules ?? [], inboxSeq: inboxSeq ?? 0 };
};

/**
 * What decisions about a conversation need of the inbox: its drafts that are not over, or at whose call an agent stands,
 * the rules in force, and where the inbox stands.
 */
export async function loadReviewed(
  db: Queryable,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
): Promise<Reviewed> {
  const { rows } = await db.query(
    `SELECT (SELECT json_agg(${DRAFT_JSON} ORDER BY d.created_at, d.id) FROM draft d
             WHERE d.workspace_id = $1 AND d.conversation_id = $2 AND (${IS_OPEN} OR d.message_id IN (
               SELECT pending_id FROM seat s WHERE s.workspace_id = $1 AND s.conversation_id = $2
                 AND s.pending_id IS NOT NULL))) AS drafts,
       (${RULES}) AS rules, (${INBOX_HEAD}) AS "inboxSeq"`,
    [workspaceId, conversationId],
  );
  return toReviewed(rows[0]);
}

/** The draft with this id, over or not, and where the inbox stands. */
export async function loadDraft(
  db: Queryable,
  workspaceId: WorkspaceId,
  draftId: DraftId,
): Promise<{ draft: DraftState | null; inboxSeq: number }> {
  const { rows } = await db.query(
    `SELECT (SELECT json_agg(${DRAFT_JSON}) FROM draft d WHERE d.workspace_id = $1 AND d.id = $2) AS drafts,
       NULL::json AS rules, (${INBOX_HEAD}) AS "inboxSeq"`,
    [workspaceId, draftId],
  );
  const { drafts, inboxSeq } = toReviewed(rows[0]);
  return { draft: drafts[0] ?? null, inboxSeq };
}

/** Drafts of the calls of one request, outside any conversation. */
export async function loadDraftsOfCall(
  db: Queryable,
  call: { workspaceId: WorkspaceId; server: ServerName; agentId: AgentId; messageId: string },
): Promise<{ drafts: DraftState[]; inboxSeq: number }> {
  const { rows } = await db.query(
    `SELECT (SELECT json_agg(${DRAFT_JSON}) FROM draft d WHERE d.workspace_id = $1 AND d.server = $2 AND d.agent_id = $3
             AND d.message_id = $4 AND d.conversation_id IS NULL) AS drafts,
       NULL::json AS rules, (${INBOX_HEAD}) AS "inboxSeq"`,
    [call.workspaceId, call.server, call.agentId, call.messageId],
  );
  return toReviewed(rows[0]);
}

/** Decided, and its answer goes out with those of its step; outside conversations a job looks after that. */
const IS_UNANSWERED = `(d.dispatch = 'dispatching' AND d.conversation_id IS NOT NULL
  AND (d.conveyance_id IS NULL OR d.status NOT IN ('approved', 'edited')))`;

/** Drafts of a server's agents that wait at a call, in a conversation or outside one, and the rules in force. */
export async function loadLoose(db: Queryable, workspaceId: WorkspaceId, server: ServerName): Promise<Reviewed> {
  const { rows } = await db.query(
    `SELECT (SELECT json_agg(${DRAFT_JSON} ORDER BY d.created_at, d.id) FROM draft d
             WHERE d.workspace_id = $1 AND d.server = $2 AND d.tool_call IS NOT NULL
               AND (d.status = 'pending' OR d.dispatch = 'undoable' OR ${IS_UNANSWERED})) AS drafts,
       (${RULES}) AS rules, (${INBOX_HEAD}) AS "inboxSeq"`,
    [workspaceId, server],
  );
  return toReviewed(rows[0]);
}
