import { createHash } from 'node:crypto';
import type { EntryOf, EntryType, PayloadOf } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { toStoredJson, toStoredText } from '../database/stored-text';
import type { DeadlineChange, Queryable } from '../ledger/command';
import type { Projection } from '../ledger/projection';
import { writeDeadlines } from '../ledger/write-entries';

type Write<T extends EntryType> = (db: Queryable, workspaceId: WorkspaceId, entry: EntryOf<T>) => Promise<unknown>;
type VerdictType = 'draft.approved' | 'draft.edited' | 'draft.responded' | 'draft.rejected' | 'draft.ignored';

/** After a time in which Parley was not there, people get this long before anything expires, and to take back. */
const EXPIRY_GRACE_MS = 60_000;
const UNDO_GRACE_MS = 5_000;

export const EXPIRE = 'draft.expire';
export const DISPATCH = 'draft.dispatch';
export const RULE_EXPIRE = 'rule.expire';

const after = (receivedAt: string, seconds: number) => new Date(Date.parse(receivedAt) + seconds * 1_000);
const expiry = (draftId: string, dueAt: Date | null): DeadlineChange =>
  dueAt === null
    ? { kind: EXPIRE, subject: draftId, disarm: true }
    : { kind: EXPIRE, subject: draftId, dueAt, graceMs: EXPIRY_GRACE_MS };
const undoing = (draftId: string, dueAt: Date | null): DeadlineChange =>
  dueAt === null
    ? { kind: DISPATCH, subject: draftId, disarm: true }
    : { kind: DISPATCH, subject: draftId, dueAt, graceMs: UNDO_GRACE_MS };

const sha256Hex = (text: string) => createHash('sha256').update(text.toWellFormed(), 'utf8').digest('hex');

const insertDraft: Write<'draft.offered'> = async (db, workspaceId, { seq, payload, receivedAt }) => {
  const expiresAt = payload.expirySeconds === null ? null : after(receivedAt, payload.expirySeconds);
  await db.query(
    `INSERT INTO draft (workspace_id, id, kind, conversation_id, conveyance_id, server, agent_id, thread_key, author, target,
       content, content_hash, message_id, from_turn_id, run_id, tool_call, why, held_by, rule_id, allowed, reviewers, expiry_seconds,
       undo_seconds, status, verdicts, can_retry, created_at, expires_at, entry_seq)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, 'pending',
       '[]', false, $24, $25, $26)`,
    [
      workspaceId,
      payload.draftId,
      payload.kind,
      payload.conversationId,
      payload.conveyanceId,
      payload.server,
      payload.from.agentId,
      payload.threadId ?? '',
      toStoredJson(payload.from),
      toStoredJson(payload.to),
      toStoredText(payload.content),
      sha256Hex(payload.content),
      payload.messageId,
      payload.fromTurnId,
      payload.runId,
      payload.toolCall ? toStoredJson(payload.toolCall) : null,
      toStoredText(payload.why),
      payload.heldBy,
      payload.ruleId ?? null,
      payload.allowed,
      payload.reviewers,
      payload.expirySeconds,
      payload.undoSeconds,
      receivedAt,
      expiresAt,
      seq,
    ],
  );
  if (payload.conveyanceId !== null) {
    await db.query('UPDATE conveyance SET draft_id = $3 WHERE workspace_id = $1 AND id = $2', [
      workspaceId,
      payload.conveyanceId,
      payload.draftId,
    ]);
  }
  if (expiresAt) await writeDeadlines(db, workspaceId, [expiry(payload.draftId, expiresAt)]);
};

const statuses = {
  'draft.approved': ['approve', 'approved'],
  'draft.edited': ['edit', 'edited'],
  'draft.responded': ['respond', 'responded'],
  'draft.rejected': ['reject', 'rejected'],
  'draft.ignored': ['ignore', 'ignored'],
} as const satisfies Record<VerdictType, [string, string]>;

const recordVerdict = async (
  db: Queryable,
  workspaceId: WorkspaceId,
  { type, payload, actor, receivedAt }: EntryOf<VerdictType>,
): Promise<void> => {
  const { draftId, isFinal, undoSeconds, reason } = payload;
  const [verdict, status] = statuses[type];
  const content = 'content' in payload ? payload.content : undefined;
  const given = { personId: actor.id, name: actor.name, verdict, content, reason, at: receivedAt };
  const undoUntil = isFinal && undoSeconds > 0 ? after(receivedAt, undoSeconds) : null;
  await db.query(
    `UPDATE draft SET verdicts = verdicts || $3::jsonb, status = coalesce($4, status), dispatch = $5, undo_until = $6
     WHERE workspace_id = $1 AND id = $2`,
    [workspaceId, draftId, toStoredJson([given]), isFinal ? status : null, undoUntil ? 'undoable' : null, undoUntil],
  );
  if (isFinal) await writeDeadlines(db, workspaceId, [expiry(draftId, null), undoing(draftId, undoUntil)]);
};

const recordUndone: Write<'draft.undone'> = async (db, workspaceId, { payload: { draftId }, receivedAt }) => {
  const { rows } = await db.query<{ expires_at: Date | null }>(
    `UPDATE draft SET status = 'pending', verdicts = '[]', dispatch = NULL, undo_until = NULL,
       expires_at = $3::timestamptz + expiry_seconds * interval '1 s'
     WHERE workspace_id = $1 AND id = $2 RETURNING expires_at`,
    [workspaceId, draftId, receivedAt],
  );
  const expiresAt = rows[0]?.expires_at ?? null;
  await writeDeadlines(db, workspaceId, [undoing(draftId, null), expiry(draftId, expiresAt)]);
};

const close = async (
  db: Queryable,
  workspaceId: WorkspaceId,
  draftId: string,
  status: 'expired' | 'withdrawn',
  reason: string | null,
): Promise<void> => {
  await db.query(
    `UPDATE draft SET status = $3, withdrawn_reason = $4, dispatch = NULL, undo_until = NULL
     WHERE workspace_id = $1 AND id = $2`,
    [workspaceId, draftId, status, reason === null ? null : toStoredText(reason)],
  );
  await writeDeadlines(db, workspaceId, [expiry(draftId, null), undoing(draftId, null)]);
};

/** What goes out stands with the message, too: whoever delivers it knows nothing of drafts. */
const recordDispatch: Write<'draft.dispatched'> = async (db, workspaceId, { payload, receivedAt }) => {
  const { draftId, way, turnId } = payload;
  await db.query(
    `UPDATE draft SET dispatch = 'dispatching', undo_until = NULL, failure = NULL, can_retry = false,
       conveyance_id = coalesce($3, conveyance_id) WHERE workspace_id = $1 AND id = $2`,
    [workspaceId, draftId, payload.conveyanceId ?? null],
  );
  await writeDeadlines(db, workspaceId, [undoing(draftId, null)]);
  if (way !== 'deliver') return;
  // How long it took to arrive is counted from here: the time that people took is not the engine's.
  await db.query(
    `UPDATE conveyance c SET turn_id = $3, sent_at = $4, state = CASE WHEN c.state = 'parked' THEN 'sent' ELSE c.state END,
       edited = CASE WHEN d.status = 'edited'
         THEN jsonb_build_object('content', d.verdicts->-1->'content', 'by', d.verdicts->-1->'name') END
     FROM draft d WHERE d.workspace_id = $1 AND d.id = $2 AND c.workspace_id = $1 AND c.id = d.conveyance_id`,
    [workspaceId, draftId, turnId, receivedAt],
  );
};

const setDispatch = (
  db: Queryable,
  workspaceId: WorkspaceId,
  draftId: string,
  state: 'delivered' | 'failed',
  failure: PayloadOf<'draft.delivery_failed'> | null,
) =>
  db.query(
    `UPDATE draft SET dispatch = $3, failure = $4, can_retry = $5 AND conveyance_id IS NOT NULL
       AND status IN ('approved', 'edited') WHERE workspace_id = $1 AND id = $2`,
    [workspaceId, draftId, state, failureText(failure), failure !== null && failure.outcome !== 'dropped'],
  );

const failureText = (failure: PayloadOf<'draft.delivery_failed'> | null): string | null => {
  if (!failure) return null;
  return toStoredText(failure.outcome === 'outcome_unknown' ? `Outcome unknown: ${failure.reason}` : failure.reason);
};

const insertRule: Write<'rule.made'> = async (db, workspaceId, { payload, actor, receivedAt }) => {
  const expiresAt = payload.expiresInSeconds === null ? null : after(receivedAt, payload.expiresInSeconds);
  await db.query(
    `INSERT INTO standing_rule (workspace_id, id, effect, from_agent_id, to_agent_id, tool, matching, note, created_by,
       created_at, expires_at, uses)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)`,
    [
      workspaceId,
      payload.ruleId,
      payload.effect,
      payload.fromAgentId,
      payload.toAgentId,
      payload.tool === null ? null : toStoredText(payload.tool),
      payload.text === null ? null : toStoredText(payload.text),
      payload.note === null ? null : toStoredText(payload.note),
      toStoredJson({ personId: actor.id, name: actor.name }),
      receivedAt,
      expiresAt,
    ],
  );
  // It holds for nothing after its time, whenever this is handled: no grace.
  if (expiresAt && payload.effect === 'ask') {
    await writeDeadlines(db, workspaceId, [
      { kind: RULE_EXPIRE, subject: payload.ruleId, dueAt: expiresAt, graceMs: 0 },
    ]);
  }
};

const writes: { [T in EntryType]?: Write<T> } = {
  'draft.offered': insertDraft,
  'draft.approved': recordVerdict,
  'draft.edited': recordVerdict,
  'draft.responded': recordVerdict,
  'draft.rejected': recordVerdict,
  'draft.ignored': recordVerdict,
  'draft.expired': (db, workspaceId, { payload }) => close(db, workspaceId, payload.draftId, 'expired', null),
  'draft.withdrawn': (db, workspaceId, { payload }) =>
    close(db, workspaceId, payload.draftId, 'withdrawn', payload.reason),
  'draft.undone': recordUndone,
  'draft.dispatched': recordDispatch,
  'draft.delivered': (db, workspaceId, { payload }) => setDispatch(db, workspaceId, payload.draftId, 'delivered', null),
  'draft.delivery_failed': (db, workspaceId, { payload }) =>
    setDispatch(db, workspaceId, payload.draftId, 'failed', payload),
  'rule.made': insertRule,
  'rule.revoked': (db, workspaceId, { payload, receivedAt }) =>
    db.query('UPDATE standing_rule SET revoked_at = $3 WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL', [
      workspaceId,
      payload.ruleId,
      receivedAt,
    ]),
  'rule.used': (db, workspaceId, { payload, receivedAt }) =>
    db.query('UPDATE standing_rule SET uses = uses + 1, last_used_at = $3 WHERE workspace_id = $1 AND id = $2', [
      workspaceId,
      payload.ruleId,
      receivedAt,
    ]),
};

async function projectOne<T extends EntryType>(
  db: Queryable,
  workspaceId: WorkspaceId,
  entry: EntryOf<T>,
): Promise<void> {
  const write: Write<T> | undefined = writes[entry.type];
  await write?.(db, workspaceId, entry);
}

/** Drafts with their deadlines, and standing rules, as the entries of the inbox tell them. */
export const draftProjection: Projection = {
  types: new Set(Object.keys(writes) as EntryType[]),
  project: async (db, workspaceId, entries) => {
    for (const entry of entries) await projectOne(db, workspaceId, entry);
  },
};
