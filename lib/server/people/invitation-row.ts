import { PersonId } from '@/lib/protocol/ids';
import type { Invitation } from '@/lib/protocol/invitation';
import { Role } from '@/lib/protocol/role';

export const INVITATION_COLUMNS = 'id, name, role, invited_by, invited_by_name, created_at, expires_at';
export type InvitationRow = {
  id: string;
  name: string | null;
  role: string;
  invited_by: string;
  invited_by_name: string;
  created_at: Date;
  expires_at: Date;
};

export const toInvitation = (row: InvitationRow): Invitation => ({
  id: row.id,
  name: row.name,
  role: Role.parse(row.role),
  invitedBy: { id: PersonId.parse(row.invited_by), name: row.invited_by_name },
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});
