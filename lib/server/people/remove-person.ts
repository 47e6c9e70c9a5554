import { KeyId, type PersonId, type WorkspaceId } from '@/lib/protocol/ids';
import type { Person } from '@/lib/protocol/person';
import { systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import { publishRevoked } from '../access/publish-revoked';
import type { Decided, IdempotencyKey, NewEntry, Queryable, Refusal } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { findHeldTasks, releaseHeldTasksEffect } from '../tasks/release-held-tasks';
import { isLastAdmin, lastAdmin } from './change-person';
import { readEveryone } from './person-row';

type State = {
  position: number;
  people: Person[];
  keys: { id: KeyId; name: string }[];
  invitations: string[];
  holdsTasks: boolean;
};
type Revoked = { sessions: string[]; keys: string[] };

/**
 * Removes a person, with their sessions, keys and open invitations; what they did stays in the ledger.
 * @throws AppError `person.not_found`, `person.last_admin`
 */
export async function removePerson(
  rt: Runtime,
  caller: Caller,
  personId: PersonId,
  idempotency?: IdempotencyKey,
): Promise<Person> {
  const { workspaceId, actor } = caller;
  const revoked: Revoked = { sessions: [], keys: [] };
  const person = await rt.ledger.append({
    workspaceId,
    actor,
    ...(idempotency && { idempotency }),
    load: (db) => loadState(db, workspaceId, personId),
    decide: (state) =>
      decideRemoval(state, personId, async (db) => {
        Object.assign(revoked, await deletePerson(db, workspaceId, personId));
      }),
  });
  await publishRevoked(rt, 'session', revoked.sessions);
  await publishRevoked(rt, 'key', revoked.keys);
  return person;
}

async function loadState(db: Queryable, workspaceId: WorkspaceId, personId: PersonId): Promise<State> {
  const position = await streamHead(db, workspaceId, systemStream);
  const people = await readEveryone(db, workspaceId);
  const values = [workspaceId, personId];
  const keys = await db.query<{ id: string; name: string }>(
    'SELECT id, name FROM api_key WHERE workspace_id = $1 AND person_id = $2',
    values,
  );
  const invitations = await db.query<{ id: string }>(
    'SELECT id FROM invitation WHERE workspace_id = $1 AND invited_by = $2',
    values,
  );
  return {
    position,
    people,
    holdsTasks: (await findHeldTasks(db, workspaceId, personId)).length > 0,
    keys: keys.rows.map((row) => ({ id: KeyId.parse(row.id), name: row.name })),
    invitations: invitations.rows.map((row) => row.id),
  };
}

function decideRemoval(
  state: State,
  personId: PersonId,
  write: (db: Queryable) => Promise<void>,
): Decided<Person> | Refusal {
  const person = state.people.find((each) => each.id === personId);
  if (!person) return { ok: false, code: 'person.not_found', message: `There is no person ${personId}.` };
  if (isLastAdmin(state.people, person)) return lastAdmin(person);
  const entries: NewEntry[] = [
    { stream: systemStream, type: 'person.removed', payload: { personId, name: person.name } },
    ...state.keys.map((key): NewEntry => {
      return {
        stream: systemStream,
        type: 'key.revoked',
        payload: { keyId: key.id, name: key.name },
        cause: { index: 0 },
      };
    }),
    ...state.invitations.map((invitationId): NewEntry => {
      return { stream: systemStream, type: 'invitation.revoked', payload: { invitationId }, cause: { index: 0 } };
    }),
  ];
  return {
    ok: true,
    entries,
    expects: [{ stream: systemStream, streamSeq: state.position }],
    effects: state.holdsTasks ? [releaseHeldTasksEffect(personId)] : [],
    write,
    answer: () => person,
  };
}

async function deletePerson(db: Queryable, workspaceId: WorkspaceId, personId: PersonId): Promise<Revoked> {
  const values = [workspaceId, personId];
  const sessions = await db.query<{ id: string }>('DELETE FROM auth_session WHERE user_id = $1 RETURNING id', [
    personId,
  ]);
  const keys = await db.query<{ id: string }>(
    'DELETE FROM api_key WHERE workspace_id = $1 AND person_id = $2 RETURNING id',
    values,
  );
  await db.query('DELETE FROM person WHERE workspace_id = $1 AND id = $2', values);
  await db.query('DELETE FROM invitation WHERE workspace_id = $1 AND invited_by = $2', values);
  await db.query('DELETE FROM sign_in_link WHERE workspace_id = $1 AND person_id = $2', values);
  await db.query('DELETE FROM auth_user WHERE id = $1', [personId]);
  return { sessions: sessions.rows.map((row) => row.id), keys: keys.rows.map((row) => row.id) };
}
