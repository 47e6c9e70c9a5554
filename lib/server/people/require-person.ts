import { AppError } from '@/lib/protocol/errors';
import type { PersonId } from '@/lib/protocol/ids';
import type { Person } from '@/lib/protocol/person';
import type { Caller } from '../access/caller';
import type { Runtime } from '../runtime';
import { PERSON_COLUMNS, type PersonRow, toPerson } from './person-row';

/** @throws AppError `person.not_found` */
export async function requirePerson(rt: Runtime, caller: Caller, personId: PersonId): Promise<Person> {
  const { rows } = await rt.database.pool.query<PersonRow>(
    `SELECT ${PERSON_COLUMNS} FROM person WHERE workspace_id = $1 AND id = $2`,
    [caller.workspaceId, personId],
  );
  const [row] = rows;
  if (!row) throw new AppError('person.not_found', `There is no person ${personId}.`);
  return toPerson(row);
}
