import type { Invitation } from '@/lib/protocol/invitation';
import { systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import type { IdempotencyKey } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { INVITATION_COLUMNS, type InvitationRow, toInvitation } from './invitation-row';

/** Takes an invitation back. @throws AppError `invitation.not_found`: revoked, expired, or its holder has joined. */
export async function revokeInvitation(
  rt: Runtime,
  { workspaceId, actor }: Caller,
  invitationId: string,
  idempotency?: IdempotencyKey,
): Promise<Invitation> {
  const now = rt.clock.now();
  return rt.ledger.append({
    workspaceId,
    actor,
    ...(idempotency && { idempotency }),
    load: async (db) => {
      const position = await streamHead(db, workspaceId, systemStream);
      const { rows } = await db.query<InvitationRow>(
        `SELECT ${INVITATION_COLUMNS} FROM invitation WHERE workspace_id = $1 AND id = $2 AND expires_at > $3`,
        [workspaceId, invitationId, now],
      );
      return { position, invitation: rows[0] && toInvitation(rows[0]) };
    },
    decide: ({ position, invitation }) => {
      if (!invitation) {
        return { ok: false, code: 'invitation.not_found', message: `There is no open invitation ${invitationId}.` };
      }
      return {
        ok: true,
        entries: [{ stream: systemStream, type: 'invitation.revoked', payload: { invitationId } }],
        expects: [{ stream: systemStream, streamSeq: position }],
        write: async (db) => {
          await db.query('DELETE FROM invitation WHERE workspace_id = $1 AND id = $2', [workspaceId, invitationId]);
        },
        answer: () => invitation,
      };
    },
  });
}
