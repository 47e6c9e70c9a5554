import { AppError } from '@/lib/protocol/errors';
import type { InvitationOffer } from '@/lib/protocol/sign-in';
import { tokenHash } from '../access/token-hash';
import type { Runtime } from '../runtime';
import { INVITATION_COLUMNS, type InvitationRow, toInvitation } from './invitation-row';

/** What the holder of an invitation's token is offered. @throws AppError `auth.link_spent` */
export async function requireInvitationOffer(rt: Runtime, token: string): Promise<InvitationOffer> {
  const { rows } = await rt.database.pool.query<InvitationRow>(
    `SELECT ${INVITATION_COLUMNS} FROM invitation WHERE workspace_id = $1 AND token_hash = $2 AND expires_at > $3`,
    [rt.workspaceId, tokenHash(token), rt.clock.now()],
  );
  const [invitation] = rows.map(toInvitation);
  if (!invitation) throw new AppError('auth.link_spent', 'This invitation was used, was taken back, or has expired.');
  return { name: invitation.name, role: invitation.role };
}
