import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type MakeRule, StandingRule } from '@/lib/protocol/draft';
import { AppError } from '@/lib/protocol/errors';
import { RuleId, type WorkspaceId } from '@/lib/protocol/ids';
import type { PageQuery } from '@/lib/protocol/page';
import { inboxStream } from '@/lib/protocol/stream';
import { Instant } from '@/lib/protocol/text';
import type { Caller } from '../access/caller';
import { StoredText } from '../database/stored-text';
import { decodeCursor, pageOfRows } from '../http/cursor';
import type { IdempotencyKey, Queryable } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { gateForRule, releasesOfRules } from './gate-for-rules';

const time = z.date().transform((date) => date.toISOString());

const Row = StandingRule.extend({
  tool: StoredText.nullable(),
  text: StoredText.nullable(),
  note: StoredText.nullable(),
  createdBy: StandingRule.shape.createdBy.extend({ name: StoredText }),
  createdAt: time,
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
  lastUsedAt: time.nullable(),
});

const SELECT = `SELECT id, effect, from_agent_id AS "fromAgentId", to_agent_id AS "toAgentId", tool, matching AS text, note,
  created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt", uses,
  last_used_at AS "lastUsedAt" FROM standing_rule`;

async function requireRule(db: Queryable, workspaceId: WorkspaceId, ruleId: RuleId): Promise<StandingRule> {
  const { rows } = await db.query(`${SELECT} WHERE workspace_id = $1 AND id = $2`, [workspaceId, ruleId]);
  if (!rows[0]) throw new AppError('rule.not_found', 'There is no such rule.');
  return Row.parse(rows[0]);
}

const Position = z.tuple([Instant, z.uuid()]);

/** Rules, the newest first; those that expired or were revoked stay in the list. */
export async function listRules(db: Queryable, workspaceId: WorkspaceId, { after, limit }: PageQuery) {
  const [createdAt, id] = decodeCursor(Position, after) ?? [];
  const { rows } = await db.query(
    `${SELECT} WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $4`,
    [workspaceId, createdAt ?? null, id ?? null, limit + 1],
  );
  const rules = rows.map((row) => Row.parse(row));
  return pageOfRows(
    rules,
    limit,
    (rule) => rule,
    ({ createdAt: at, id: ruleId }) => [at, ruleId],
  );
}

/** Says once for all what always passes or always asks. */
export async function makeRule(
  rt: Runtime,
  { workspaceId, actor }: Caller,
  wanted: MakeRule,
  idempotency?: IdempotencyKey,
): Promise<StandingRule> {
  const ruleId = RuleId.parse(idempotency?.intentId ?? randomUUID());
  const { effect, fromAgentId = null, toAgentId = null, tool = null, text = null, note = null } = wanted;
  const expiresInSeconds = wanted.expiresInSeconds ?? null;
  let made: StandingRule | null = null;
  await rt.ledger.append({
    workspaceId,
    actor,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [
        {
          stream: inboxStream,
          type: 'rule.made',
          payload: { ruleId, effect, fromAgentId, toAgentId, tool, text, note, expiresInSeconds },
        },
      ],
      write: async (db) => {
        made = await requireRule(db, workspaceId, ruleId);
      },
      answer: () => made,
    }),
    ...(idempotency ? { idempotency } : {}),
  });
  const rule = made ?? (await requireRule(rt.database.pool, workspaceId, ruleId));
  await gateForRule(rt, workspaceId, rule);
  return rule;
}

/** Takes a rule back; it holds for nothing that comes after. Revoking again changes nothing. */
export async function revokeRule(
  rt: Runtime,
  { workspaceId, actor }: Caller,
  ruleId: RuleId,
  idempotency?: IdempotencyKey,
): Promise<StandingRule> {
  let revoked: StandingRule | null = null;
  await rt.ledger.append({
    workspaceId,
    actor,
    load: async (db) => ({
      // First: who else revokes it in between moves the stream, and this one decides again.
      position: await streamHead(db, workspaceId, inboxStream),
      rule: await requireRule(db, workspaceId, ruleId),
      releases: await releasesOfRules(db, workspaceId, 'rule_revoked'),
    }),
    decide: ({ position, rule: { revokedAt, effect }, releases }) => ({
      ok: true,
      expects: [{ stream: inboxStream, streamSeq: position }],
      effects: revokedAt === null && effect === 'ask' ? releases : [],
      entries: revokedAt === null ? [{ stream: inboxStream, type: 'rule.revoked', payload: { ruleId } }] : [],
      write: async (db) => {
        revoked = await requireRule(db, workspaceId, ruleId);
      },
      answer: () => revoked,
    }),
    ...(idempotency ? { idempotency } : {}),
  });
  return revoked ?? requireRule(rt.database.pool, workspaceId, ruleId);
}
