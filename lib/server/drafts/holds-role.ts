import { automation } from '@/lib/protocol/person';
import { Role, roleContains } from '@/lib/protocol/role';
import type { Caller } from '../access/caller';
import type { Queryable } from '../ledger/command';

/**
 * Whether who decides may still do so, asked where the decision is made: a request is believed for some seconds, and a
 * role can be taken away in that time. The installation's own key is nobody's to take away.
 */
export async function holdsRole(db: Queryable, { workspaceId, actor }: Caller, needed: Role): Promise<boolean> {
  if (actor.id === automation.id) return true;
  const { rows } = await db.query<{ role: string }>('SELECT role FROM person WHERE workspace_id = $1 AND id = $2', [
    workspaceId,
    actor.id,
  ]);
  const role = Role.safeParse(rows[0]?.role);
  return role.success && roleContains(role.data, needed);
}
