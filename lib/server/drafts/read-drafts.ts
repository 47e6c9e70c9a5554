import { z } from 'zod';
import {
  Dispatch,
  type Draft,
  DraftKind,
  type DraftQuery,
  DraftStatus,
  HeldBy,
  VerdictKind,
  verdictKinds,
} from '@/lib/protocol/draft';
import { AppError } from '@/lib/protocol/errors';
import { ConversationId, DraftId, RuleId, type WorkspaceId } from '@/lib/protocol/ids';
import { Instant } from '@/lib/protocol/text';
import { StoredText } from '../database/stored-text';
import { decodeCursor, pageOfRows } from '../http/cursor';
import type { Queryable } from '../ledger/command';
import { StoredAuthor, StoredCall, StoredTarget, StoredVerdict } from './load-drafts';

const time = z.date().transform((date) => date.toISOString());

const Row = z.object({
  id: DraftId,
  kind: DraftKind,
  conversationId: ConversationId.nullable(),
  from: StoredAuthor,
  to: StoredTarget,
  content: StoredText,
  toolCall: StoredCall.nullable(),
  contentHash: z.string(),
  why: StoredText,
  heldBy: HeldBy,
  ruleId: RuleId.nullable(),
  status: DraftStatus,
  allowed: z.array(VerdictKind),
  reviewers: z.number(),
  verdicts: z.array(StoredVerdict),
  createdAt: time,
  expiresAt: time.nullable(),
  dueAt: time.nullable(),
  withdrawnReason: StoredText.nullable(),
  dispatch: Dispatch.shape.state.nullable(),
  undoUntil: time.nullable(),
  failure: StoredText.nullable(),
  canRetry: z.boolean(),
});
type Row = z.infer<typeof Row>;

/** Deadlines may have moved since they were armed: after a time in which Parley was not there they are given a grace. */
const SELECT = `
  SELECT f.id, f.kind, f.conversation_id AS "conversationId", f.author AS "from", f.target AS "to", f.content,
    f.tool_call AS "toolCall", f.content_hash AS "contentHash", f.why, f.held_by AS "heldBy", f.rule_id AS "ruleId",
    f.status, f.allowed, f.reviewers, f.verdicts, f.created_at AS "createdAt", f.expires_at AS "expiresAt",
    e.due_at AS "dueAt", f.withdrawn_reason AS "withdrawnReason", f.dispatch,
    coalesce(u.due_at, f.undo_until) AS "undoUntil", f.failure, f.can_retry AS "canRetry"
  FROM draft f
  LEFT JOIN deadline e ON e.workspace_id = f.workspace_id AND e.kind = 'draft.expire' AND e.subject = f.id::text
  LEFT JOIN deadline u ON u.workspace_id = f.workspace_id AND u.kind = 'draft.dispatch' AND u.subject = f.id::text`;

/** Why a verdict is not offered, in words. */
const whyNot = (row: Row, verdict: VerdictKind): string =>
  row.kind === 'tool_call' && verdict === 'edit'
    ? 'This Letta server runs a call as it was written or not at all: its arguments cannot be changed on the way.'
    : `${verdict} cannot be honoured on the way that this travels.`;

function toDraft(found: unknown): Draft {
  const row = Row.parse(found);
  const { toolCall, ruleId, verdicts, dueAt, withdrawnReason, dispatch, undoUntil, failure, canRetry, ...rest } = row;
  const denied = verdictKinds.filter((verdict) => !row.allowed.includes(verdict));
  return {
    ...rest,
    ...(toolCall ? { toolCall } : {}),
    ...(ruleId ? { ruleId } : {}),
    ...(withdrawnReason === null ? {} : { withdrawnReason }),
    notAllowed: Object.fromEntries(denied.map((verdict) => [verdict, whyNot(row, verdict)])),
    verdictsGiven: verdicts,
    viewers: [],
    expiresAt: dueAt ?? row.expiresAt,
    dispatch: dispatch && { state: dispatch, undoUntil, ...(failure === null ? {} : { error: failure }), canRetry },
  };
}

/** One draft. Throws `draft.not_found`. */
export async function requireDraft(db: Queryable, workspaceId: WorkspaceId, draftId: DraftId): Promise<Draft> {
  const { rows } = await db.query(`${SELECT} WHERE f.workspace_id = $1 AND f.id = $2`, [workspaceId, draftId]);
  if (!rows[0]) throw new AppError('draft.not_found', 'There is no such draft.');
  return toDraft(rows[0]);
}

/** After every time: what never expires comes last. */
const NEVER = '9999-12-31T23:59:59.999Z';
const Position = z.tuple([Instant, Instant, z.uuid()]);

/** Drafts, the oldest deadline first; those that never expire come last, the oldest first. */
export async function listDrafts(
  db: Queryable,
  workspaceId: WorkspaceId,
  { status, conversationId, after, limit }: DraftQuery,
): Promise<{ items: Draft[]; next: string | null }> {
  const [expiresAt, createdAt, id] = decodeCursor(Position, after) ?? [];
  const { rows } = await db.query(
    `${SELECT} WHERE f.workspace_id = $1 AND ($2::text IS NULL OR f.status = $2)
       AND ($3::uuid IS NULL OR f.conversation_id = $3)
       AND ($4::timestamptz IS NULL OR (coalesce(f.expires_at, '${NEVER}'), f.created_at, f.id) > ($4, $5::timestamptz, $6::uuid))
     ORDER BY coalesce(f.expires_at, '${NEVER}'), f.created_at, f.id LIMIT $7`,
    [workspaceId, status ?? null, conversationId ?? null, expiresAt ?? null, createdAt ?? null, id ?? null, limit + 1],
  );
  const positioned = z.object({ expiresAt: time.nullable(), createdAt: time, id: z.string() });
  return pageOfRows(rows, limit, toDraft, (row) => {
    const position = positioned.parse(row);
    return [position.expiresAt ?? NEVER, position.createdAt, position.id];
  });
}
