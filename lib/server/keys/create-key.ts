import type { ApiKey, CreateApiKey, CreatedApiKey } from '@/lib/protocol/api-key';
import { AppError } from '@/lib/protocol/errors';
import { PersonId } from '@/lib/protocol/ids';
import { roleContains } from '@/lib/protocol/roles';
import { systemStream } from '@/lib/protocol/stream';
import type { Access } from '../access/access';
import type { Caller } from '../access/caller';
import { makeKeyText } from '../access/key-text';
import { tokenHash } from '../access/token-hash';
import type { IdempotencyKey } from '../ledger/command';
import type { Runtime } from '../runtime';

const DAYS_365_MS = 365 * 24 * 3_600_000;

const INSERT_KEY = `
  INSERT INTO api_key (workspace_id, id, secret_hash, name, role, audience,
                       agent_ids, task_ids, person_id, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

/**
 * Makes a key that acts as the caller, or for an agent. `key` of the answer is sealed, to be opened on its way out: only
 * a hash of its secret is kept.
 * @throws AppError `auth.forbidden`: the role is more than the caller's; `request.invalid`: already expired.
 */
export async function createKey(
  rt: Pick<Runtime, 'ledger' | 'clock'> & { access: Pick<Access, 'seal'> },
  { workspaceId, actor, role }: Caller,
  input: CreateApiKey,
  idempotency?: IdempotencyKey,
): Promise<CreatedApiKey> {
  if (!roleContains(role, input.role)) {
    throw new AppError('auth.forbidden', `A key can have at most the role of whoever makes it: ${role}.`);
  }
  const now = rt.clock.now();
  const { id, secret, text } = makeKeyText();
  const key: ApiKey = {
    id,
    name: input.name,
    role: input.role,
    audience: input.audience,
    agentIds: input.agentIds,
    taskIds: input.taskIds,
    person: { id: PersonId.parse(actor.id), name: actor.name },
    createdAt: now.toISOString(),
    expiresAt: expiryOf(input, now),
    lastUsedAt: null,
  };
  const { name, audience, agentIds, taskIds, expiresAt } = key;
  const payload = { keyId: id, name, role: key.role, audience, agentIds, taskIds, expiresAt };
  const answer = { ...key, key: rt.access.seal.close(text) };
  return rt.ledger.append({
    workspaceId,
    actor,
    ...(idempotency && { idempotency }),
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [{ stream: systemStream, type: 'key.created', payload }],
      write: async (db) => {
        await db.query(INSERT_KEY, [
          ...[workspaceId, id, tokenHash(secret), name, key.role, audience],
          ...[agentIds, taskIds, key.person.id, key.createdAt, expiresAt],
        ]);
      },
      answer: () => answer,
    }),
  });
}

function expiryOf({ expiresAt }: CreateApiKey, now: Date): string | null {
  if (expiresAt === null) return null;
  const at = expiresAt === undefined ? new Date(now.getTime() + DAYS_365_MS) : new Date(expiresAt);
  if (at > now) return at.toISOString();
  throw new AppError('request.invalid', 'A key must expire in the future.', {
    fields: { expiresAt: 'must be in the future' },
  });
}
