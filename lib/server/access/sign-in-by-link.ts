import { randomUUID } from 'node:crypto';
import { system } from '@/lib/protocol/actor';
import { PersonId, type WorkspaceId } from '@/lib/protocol/ids';
import type { Me, Person } from '@/lib/protocol/person';
import type { SignInByLink } from '@/lib/protocol/sign-in';
import { systemStream } from '@/lib/protocol/stream';
import type { Decided, NewEntry, Queryable, Refusal } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import { nameTaken } from '../people/change-person';
import { insertPerson, isNameFree, readEveryone } from '../people/person-row';
import type { Runtime } from '../runtime';
import type { Cookies } from './browser-sign-in';
import { hasCredential } from './has-credential';
import { tokenHash } from './token-hash';

const FIRST_NAME = 'admin';

type Link = { person_id: string | null; expires_at: Date };
type State = { position: number; people: Person[]; link: Link | undefined };

/**
 * Signs in by a link that the log or the command line gave. While nobody is there, its holder becomes the first person,
 * an admin.
 * @throws AppError `auth.link_spent`; `person.name_taken`
 */
export async function signInByLink(
  rt: Runtime,
  headers: Headers,
  { token, name = FIRST_NAME }: SignInByLink,
): Promise<{ me: Me; cookies: Cookies }> {
  const { workspaceId } = rt;
  const now = rt.clock.now();
  const first: Person = {
    id: PersonId.parse(randomUUID()),
    name,
    role: 'admin',
    createdAt: now.toISOString(),
  };
  const person = await rt.ledger.append({
    workspaceId,
    actor: system,
    load: async (db): Promise<State> => ({
      position: await streamHead(db, workspaceId, systemStream),
      people: await readEveryone(db, workspaceId),
      link: await findLink(db, workspaceId, token),
    }),
    decide: (state) => decideSignIn(workspaceId, state, tokenHash(token), first, now),
  });
  const cookies = await rt.access.browser.openSession(headers, person.id, 'link');
  const needsCredential = !(await hasCredential(rt.database.pool, person.id));
  return { me: { person, role: person.role, needsCredential }, cookies };
}

async function findLink(db: Queryable, workspaceId: WorkspaceId, token: string): Promise<Link | undefined> {
  const { rows } = await db.query<Link>(
    'SELECT person_id, expires_at FROM sign_in_link WHERE workspace_id = $1 AND token_hash = $2',
    [workspaceId, tokenHash(token)],
  );
  return rows[0];
}

/** People come oldest first: of the admins, the first one is found. */
const isMeant = (link: Link | undefined, person: Person): boolean =>
  link?.person_id ? link.person_id === person.id : person.role === 'admin';

function decideSignIn(
  workspaceId: WorkspaceId,
  { position, people, link }: State,
  hash: Buffer,
  first: Person,
  now: Date,
): Decided<Person> | Refusal {
  const isFirst = people.length === 0;
  const person = isFirst ? first : people.find((each) => isMeant(link, each));
  if (!link || link.expires_at <= now || !person) {
    const message = 'This link was used already or has expired. `npm run parley -- sign-in-link` makes another.';
    return { ok: false, code: 'auth.link_spent', message };
  }
  if (isFirst && !isNameFree(person.name, people)) return nameTaken(person.name);
  const actor = { kind: 'person', id: person.id, name: person.name } as const;
  const joined: NewEntry = {
    stream: systemStream,
    type: 'person.joined',
    actor,
    payload: { personId: person.id, name: person.name, role: person.role, invitationId: null },
  };
  const signedIn: NewEntry = {
    stream: systemStream,
    type: 'person.signed_in',
    actor,
    payload: { personId: person.id, method: 'link' },
  };
  return {
    ok: true,
    entries: isFirst ? [joined, signedIn] : [signedIn],
    expects: [{ stream: systemStream, streamSeq: position }],
    write: async (db) => {
      await db.query('DELETE FROM sign_in_link WHERE workspace_id = $1 AND token_hash = $2', [workspaceId, hash]);
      if (isFirst) await insertPerson(db, workspaceId, person);
    },
    answer: () => person,
  };
}
