import { randomUUID } from 'node:crypto';
import { system } from '@/lib/protocol/actor';
import { PersonId, type WorkspaceId } from '@/lib/protocol/ids';
import type { Invitation } from '@/lib/protocol/invitation';
import type { Me, Person } from '@/lib/protocol/person';
import type { JoinByInvitation } from '@/lib/protocol/sign-in';
import { systemStream } from '@/lib/protocol/stream';
import type { Cookies } from '../access/browser-sign-in';
import { tokenHash } from '../access/token-hash';
import type { Decided, Queryable, Refusal } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { nameTaken } from './change-person';
import { INVITATION_COLUMNS, type InvitationRow, toInvitation } from './invitation-row';
import { insertPerson, isNameFree, readEveryone } from './person-row';

type State = { position: number; people: Person[]; invitation: Invitation | undefined };

/**
 * Takes the place that an invitation keeps, and signs in.
 * @throws AppError `auth.link_spent`, `person.name_taken`, or `request.invalid` where a name is missing.
 */
export async function joinByInvitation(
  rt: Runtime,
  headers: Headers,
  { token, name }: JoinByInvitation,
): Promise<{ me: Me; cookies: Cookies }> {
  const { workspaceId } = rt;
  const now = rt.clock.now();
  const personId = PersonId.parse(randomUUID());
  const person = await rt.ledger.append({
    workspaceId,
    actor: system,
    load: async (db): Promise<State> => ({
      position: await streamHead(db, workspaceId, systemStream),
      people: await readEveryone(db, workspaceId),
      invitation: await findInvitation(db, workspaceId, token),
    }),
    decide: (state) => decideJoining(workspaceId, state, personId, name, now),
  });
  const cookies = await rt.access.browser.openSession(headers, person.id, 'invitation');
  return { me: { person, role: person.role, needsCredential: true }, cookies };
}

async function findInvitation(db: Queryable, workspaceId: WorkspaceId, token: string): Promise<Invitation | undefined> {
  const { rows } = await db.query<InvitationRow>(
    `SELECT ${INVITATION_COLUMNS} FROM invitation WHERE workspace_id = $1 AND token_hash = $2`,
    [workspaceId, tokenHash(token)],
  );
  return rows.map(toInvitation)[0];
}

function decideJoining(
  workspaceId: WorkspaceId,
  { position, people, invitation }: State,
  id: PersonId,
  given: string | undefined,
  now: Date,
): Decided<Person> | Refusal {
  if (!invitation || new Date(invitation.expiresAt) <= now) {
    const message = 'This invitation was used, was taken back, or has expired. Ask for another.';
    return { ok: false, code: 'auth.link_spent', message };
  }
  const name = given ?? invitation.name;
  if (name === null) {
    return { ok: false, code: 'request.invalid', message: 'Say what to call you.', fields: { name: 'is needed' } };
  }
  if (!isNameFree(name, people)) return nameTaken(name);
  const person: Person = { id, name, role: invitation.role, createdAt: now.toISOString() };
  const actor = { kind: 'person', id, name } as const;
  const joined = { personId: id, name, role: person.role, invitationId: invitation.id };
  return {
    ok: true,
    entries: [
      { stream: systemStream, type: 'person.joined', actor, payload: joined },
      { stream: systemStream, type: 'person.signed_in', actor, payload: { personId: id, method: 'invitation' } },
    ],
    expects: [{ stream: systemStream, streamSeq: position }],
    write: async (db) => {
      await db.query('DELETE FROM invitation WHERE workspace_id = $1 AND id = $2', [workspaceId, invitation.id]);
      await insertPerson(db, workspaceId, person);
    },
    answer: () => person,
  };
}
