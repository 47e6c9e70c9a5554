import type { PersonId } from '@/lib/protocol/ids';
import type { ChangePerson, Person } from '@/lib/protocol/person';
import { systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import type { Decided, IdempotencyKey, Refusal } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { isNameFree, nameKey, readEveryone } from './person-row';

type State = { position: number; people: Person[] };

/**
 * Gives a person another name or role.
 * @throws AppError `person.not_found`, `person.name_taken`, or `person.last_admin`: somebody must be left to let others in.
 */
export async function changePerson(
  rt: Runtime,
  caller: Caller,
  personId: PersonId,
  change: ChangePerson,
  idempotency?: IdempotencyKey,
): Promise<Person> {
  const { workspaceId, actor } = caller;
  const changed = await rt.ledger.append({
    workspaceId,
    actor,
    ...(idempotency && { idempotency }),
    load: async (db): Promise<State> => ({
      position: await streamHead(db, workspaceId, systemStream),
      people: await readEveryone(db, workspaceId),
    }),
    decide: (state) => decideChange(caller, state, personId, change),
  });
  rt.access.forget();
  return changed;
}

function decideChange(
  { workspaceId }: Caller,
  { position, people }: State,
  personId: PersonId,
  change: ChangePerson,
): Decided<Person> | Refusal {
  const person = people.find((each) => each.id === personId);
  if (!person) return { ok: false, code: 'person.not_found', message: `There is no person ${personId}.` };
  const next: Person = { ...person, name: change.name ?? person.name, role: change.role ?? person.role };
  if (!isNameFree(next.name, people, personId)) return nameTaken(next.name);
  if (next.role !== 'admin' && isLastAdmin(people, person)) return lastAdmin(person);
  const differs = {
    ...(next.name !== person.name && { name: next.name }),
    ...(next.role !== person.role && { role: next.role }),
  };
  return {
    ok: true,
    entries:
      Object.keys(differs).length === 0
        ? []
        : [{ stream: systemStream, type: 'person.changed', payload: { personId, ...differs } }],
    expects: [{ stream: systemStream, streamSeq: position }],
    write: async (db) => {
      await db.query('UPDATE person SET name = $3, name_key = $4, role = $5 WHERE workspace_id = $1 AND id = $2', [
        workspaceId,
        personId,
        next.name,
        nameKey(next.name),
        next.role,
      ]);
      await db.query('UPDATE auth_user SET name = $2 WHERE id = $1', [personId, next.name]);
    },
    answer: () => next,
  };
}

export const isLastAdmin = (people: readonly Person[], person: Person): boolean =>
  person.role === 'admin' && people.filter((each) => each.role === 'admin').length === 1;

export const lastAdmin = (person: Person): Refusal => ({
  ok: false,
  code: 'person.last_admin',
  message: `${person.name} is the last admin. Make somebody else admin first.`,
});

export const nameTaken = (name: string): Refusal => ({
  ok: false,
  code: 'person.name_taken',
  message: `Somebody else is called ${name}. People sign in with their names, so no two are the same.`,
  fields: { name: 'is taken' },
});
