import { randomUUID } from 'node:crypto';
import { PersonId } from '@/lib/protocol/ids';
import type { CreatedInvitation, CreateInvitation, Invitation } from '@/lib/protocol/invitation';
import { systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import { makeToken, tokenHash } from '../access/token-hash';
import type { IdempotencyKey } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { nameTaken } from './change-person';
import { isNameFree, readEveryone } from './person-row';

const DAYS_7_MS = 7 * 24 * 3_600_000;

const INSERT_INVITATION = `
  INSERT INTO invitation (workspace_id, id, token_hash, name, role, invited_by, invited_by_name, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/**
 * Keeps a place for someone, for 7 days. `link` of the answer is sealed, to be opened on its way out: only a hash of its
 * token is kept.
 * @throws AppError `person.name_taken`
 */
export async function invitePerson(
  rt: Runtime,
  { workspaceId, actor }: Caller,
  { name, role }: CreateInvitation,
  idempotency?: IdempotencyKey,
): Promise<CreatedInvitation> {
  const token = makeToken();
  const now = rt.clock.now();
  const invitation: Invitation = {
    id: randomUUID(),
    name: name ?? null,
    role,
    invitedBy: { id: PersonId.parse(actor.id), name: actor.name },
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + DAYS_7_MS).toISOString(),
  };
  const answer = { ...invitation, link: rt.access.seal.close(`${rt.url}/sign-in?invitation=${token}`) };
  return rt.ledger.append({
    workspaceId,
    actor,
    ...(idempotency && { idempotency }),
    load: async (db) => ({
      position: await streamHead(db, workspaceId, systemStream),
      people: await readEveryone(db, workspaceId),
    }),
    decide: ({ position, people }) => {
      if (name !== undefined && !isNameFree(name, people)) return nameTaken(name);
      const payload = { invitationId: invitation.id, name: invitation.name, role };
      return {
        ok: true,
        entries: [{ stream: systemStream, type: 'person.invited', payload }],
        expects: [{ stream: systemStream, streamSeq: position }],
        write: async (db) => {
          await db.query('DELETE FROM invitation WHERE workspace_id = $1 AND expires_at < $2', [workspaceId, now]);
          const { id, invitedBy, createdAt, expiresAt } = invitation;
          await db.query(INSERT_INVITATION, [
            ...[workspaceId, id, tokenHash(token), invitation.name, role],
            ...[invitedBy.id, invitedBy.name, createdAt, expiresAt],
          ]);
        },
        answer: () => answer,
      };
    },
  });
}
