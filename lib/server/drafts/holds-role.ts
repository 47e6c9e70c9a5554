import { automation } from '@/lib/protocol/person';
import { Role } from '@/lib/protocol/role';
import { roleContains } from '@/lib/protocol/roles';
import { systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import type { Queryable } from '../ledger/command';

/** `systemSeq`: where the stream stands that tells of roles; null where no role is asked for. */
export type HeldRole = { holds: boolean; systemSeq: number | null };

/**
 * Whether who decides may still do so, asked where the decision is made: a request is believed for some seconds, and a
 * role can be taken away in that time. The installation's own key is nobody's to take away.
 */
export async function holdsRole(db: Queryable, { workspaceId, actor }: Caller, needed: Role): Promise<HeldRole> {
  if (actor.id === automation.id) return { holds: true, systemSeq: null };
  const { rows } = await db.query<{ role: string | null; seq: number | null }>(
    `SELECT (SELECT role FROM person WHERE workspace_id = $1 AND id = $2) AS role,
       (SELECT stream_seq::float8 FROM stream_head WHERE workspace_id = $1 AND stream = $3) AS seq`,
    [workspaceId, actor.id, systemStream],
  );
  const role = Role.safeParse(rows[0]?.role);
  return { holds: role.success && roleContains(role.data, needed), systemSeq: rows[0]?.seq ?? 0 };
}
