import { z } from 'zod';
import type { Invitation } from '@/lib/protocol/invitation';
import type { Page, PageQuery } from '@/lib/protocol/page';
import { Instant } from '@/lib/protocol/text';
import type { Caller } from '../access/caller';
import { decodeCursor, pageOfRows } from '../http/cursor';
import type { Runtime } from '../runtime';
import { INVITATION_COLUMNS, type InvitationRow, toInvitation } from './invitation-row';

const Position = z.tuple([Instant, z.uuid()]);

/** Invitations that can still be taken, newest first. */
export async function listInvitations(
  rt: Runtime,
  caller: Caller,
  { after, limit }: PageQuery,
): Promise<Page<Invitation>> {
  const [createdAt, id] = decodeCursor(Position, after) ?? [null, null];
  const { rows } = await rt.database.pool.query<InvitationRow>(
    `SELECT ${INVITATION_COLUMNS} FROM invitation
     WHERE workspace_id = $1 AND expires_at > $5 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $4`,
    [caller.workspaceId, createdAt, id, limit + 1, rt.clock.now()],
  );
  return pageOfRows(rows, limit, toInvitation, (row) => [row.created_at.toISOString(), row.id]);
}
