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
  undoSeconds: z.number(),
  verdicts: z.array(StoredVerdict),
  createdAt: time,
  expiresAt: time.nullable(),
  dueAt: time.nullable(),
  withdrawnReason: StoredText.nullable(),
  dispatch: Dispatch.shape.state.nullable(),
  undoUntil: time.nullable(),
  failure: StoredText.nullable(),
  canRetry: z.boolean(),
  entry: z.number().nullable(),
});
type Row = z.infer<typeof Row>;

/** INVARIANT: looked up by its whole key. A join is planned as if few drafts waited, and takes a second where a thousand do. */
const dueAt = (kind: string) =>
  `(SELECT due_at FROM deadline WHERE workspace_id = f.workspace_id AND kind = '${kind}' AND subject = f.id::text)`;

/** Deadlines may have moved since they were armed: after a time in which Parley was not there they are given a grace. */
const SELECT = `
  SELECT f.id, f.kind, f.conversation_id AS "conversationId", f.author AS "from", f.target AS "to", f.content,
    f.tool_call AS "toolCall", f.content_hash AS "contentHash", f.why, f.held_by AS "heldBy", f.rule_id AS "ruleId",
    f.status, f.allowed, f.reviewers, f.undo_seconds AS "undoSeconds", f.verdicts, f.created_at AS "createdAt", f.expires_at AS "expiresAt",
    ${dueAt('draft.expire')} AS "dueAt", f.withdrawn_reason AS "withdrawnReason", f.dispatch,
    coalesce(${dueAt('draft.dispatch')}, f.undo_until) AS "undoUntil", f.failure, f.can_retry AS "canRetry",
    f.entry_seq::float8 AS entry
  FROM draft f`;

/** Why a verdict is not offered, in words. */
const whyNot = (row: Row, verdict: VerdictKind): string =>
  row.kind === 'tool_call' && verdict === 'edit'
    ? 'This Letta server runs a call as it was written or not at all: its arguments cannot be changed on the way.'
    : `${verdict} cannot be honoured on the way that this travels.`;

function toDraft(found: unknown): Draft {
  const row = Row.parse(found);
  const { toolCall, ruleId, verdicts, dueAt, withdrawnReason, dispatch, undoUntil, failure, canRetry, entry, ...rest } =
    row;
  const denied = verdictKinds.filter((verdict) => !row.allowed.includes(verdict));
  return {
    ...rest,
    ...(entry === null ? {} : { entry }),
    ...(toolCall ? { toolCall } : {}),
    ...(ruleId ? { ruleId } : {}),
    ...(withdrawnReason === null ? {} : { withdrawnReason }),
    notAllowed: Object.fromEntries(denied.map((verdict) => [verdict, whyNot(row, verdict)])),
    verdictsGiven: verdicts,
    viewers: [], // known from open sockets, not from rows: with-viewers.ts
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
const Position = z.union([
  z.tuple([z.literal('waiting'), Instant, Instant, z.uuid()]),
  z.tuple([z.literal('ended'), Instant, z.uuid()]),
]);
type Position = z.infer<typeof Position>;

type Listed = { workspaceId: WorkspaceId; conversationId: ConversationId | null; limit: number };

/**
 * Drafts. What waits comes first, the oldest deadline before the others; those that never expire come after, the oldest
 * first. What has ended follows, the newest first.
 */
export async function listDrafts(
  db: Queryable,
  workspaceId: WorkspaceId,
  { status, conversationId, after, limit }: DraftQuery,
): Promise<{ items: Draft[]; next: string | null }> {
  const position = decodeCursor(Position, after) ?? null;
  const listed: Listed = { workspaceId, conversationId: conversationId ?? null, limit: limit + 1 };
  const wanted = { waiting: status === undefined || status === 'pending', ended: status !== 'pending' };
  const waiting = wanted.waiting && position?.[0] !== 'ended' ? await readWaiting(db, listed, position) : [];
  const room = { ...listed, limit: listed.limit - waiting.length };
  const ended = wanted.ended && room.limit > 0 ? await readEnded(db, room, status ?? null, position) : [];
  return pageOfRows([...waiting, ...ended], limit, toDraft, positionOf);
}

async function readWaiting(db: Queryable, { workspaceId, conversationId, limit }: Listed, position: Position | null) {
  const [, expiresAt, createdAt, id] = position?.[0] === 'waiting' ? position : [];
  const { rows } = await db.query(
    `${SELECT} WHERE f.workspace_id = $1 AND f.status = 'pending' AND ($2::uuid IS NULL OR f.conversation_id = $2)
       AND ($3::timestamptz IS NULL OR (coalesce(f.expires_at, '${NEVER}'), f.created_at, f.id) > ($3, $4::timestamptz, $5::uuid))
     ORDER BY coalesce(f.expires_at, '${NEVER}'), f.created_at, f.id LIMIT $6`,
    [workspaceId, conversationId, expiresAt ?? null, createdAt ?? null, id ?? null, limit],
  );
  return rows;
}

async function readEnded(
  db: Queryable,
  { workspaceId, conversationId, limit }: Listed,
  status: DraftStatus | null,
  position: Position | null,
) {
  const [, createdAt, id] = position?.[0] === 'ended' ? position : [];
  const { rows } = await db.query(
    `${SELECT} WHERE f.workspace_id = $1 AND f.status <> 'pending' AND ($2::text IS NULL OR f.status = $2)
       AND ($3::uuid IS NULL OR f.conversation_id = $3)
       AND ($4::timestamptz IS NULL OR (f.created_at, f.id) < ($4, $5::uuid))
     ORDER BY f.created_at DESC, f.id DESC LIMIT $6`,
    [workspaceId, status, conversationId, createdAt ?? null, id ?? null, limit],
  );
  return rows;
}

const Positioned = z.object({ status: DraftStatus, expiresAt: time.nullable(), createdAt: time, id: z.string() });

function positionOf(row: unknown): Position {
  const { status, expiresAt, createdAt, id } = Positioned.parse(row);
  return status === 'pending' ? ['waiting', expiresAt ?? NEVER, createdAt, id] : ['ended', createdAt, id];
}
