import { PersonId, type WorkspaceId } from '@/lib/protocol/ids';
import { automation, type Person } from '@/lib/protocol/person';
import { Role } from '@/lib/protocol/role';
import type { Queryable } from '../ledger/command';

/** Columns of `person`, to be selected by this name. */
export const PERSON_COLUMNS = 'id, name, role, created_at';
export type PersonRow = { id: string; name: string; role: string; created_at: Date };

export const toPerson = (row: PersonRow): Person => ({
  id: PersonId.parse(row.id),
  name: row.name,
  role: Role.parse(row.role),
  createdAt: row.created_at.toISOString(),
});

/** Everyone, oldest first: the first admin is the one who set Parley up. */
export async function readEveryone(db: Queryable, workspaceId: WorkspaceId): Promise<Person[]> {
  const { rows } = await db.query<PersonRow>(
    `SELECT ${PERSON_COLUMNS} FROM person WHERE workspace_id = $1 ORDER BY created_at, id`,
    [workspaceId],
  );
  return rows.map(toPerson);
}

/** A name as it is compared: `Ada` and `ADA` are one. */
export const nameKey = (name: string): string => name.normalize('NFKC').toLowerCase();

const RESERVED = new Set([nameKey(automation.name), 'parley']);

/** Whether nobody else, and nothing of Parley's own, has this name. */
export const isNameFree = (name: string, people: readonly Person[], own?: PersonId): boolean =>
  !RESERVED.has(nameKey(name)) && !people.some((each) => each.id !== own && nameKey(each.name) === nameKey(name));

/** Makes a person, with the row that better-auth hangs sessions, passwords and passkeys on. */
export async function insertPerson(db: Queryable, workspaceId: WorkspaceId, person: Person): Promise<void> {
  const { id, name, role, createdAt } = person;
  await db.query(
    'INSERT INTO person (workspace_id, id, name, name_key, role, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [workspaceId, id, name, nameKey(name), role, createdAt],
  );
  await db.query(
    `INSERT INTO auth_user (id, name, email, email_verified, created_at, updated_at)
     VALUES ($1, $2, $3, false, $4, $4)`,
    [id, name, `${id}@people.parley.invalid`, createdAt],
  );
}
