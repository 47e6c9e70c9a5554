import type { PersonId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';

/** Whether a person can come back without a link: by a password or a passkey. */
export async function hasCredential(db: Queryable, personId: PersonId): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT 1 FROM auth_account WHERE user_id = $1 AND password IS NOT NULL
     UNION ALL SELECT 1 FROM auth_passkey WHERE user_id = $1 LIMIT 1`,
    [personId],
  );
  return rowCount === 1;
}
