import { PersonId } from '@/lib/protocol/ids';
import { automation, type Me, type Person } from '@/lib/protocol/person';
import { requirePerson } from '../people/require-person';
import type { Runtime } from '../runtime';
import type { Caller } from './caller';
import { hasCredential } from './has-credential';

/** Who the caller is. `needsCredential`: signed in by a link, and nothing yet to come back with. */
export async function describeMe(rt: Runtime, caller: Caller): Promise<Me> {
  const personId = PersonId.parse(caller.actor.id);
  const person = personId === automation.id ? await automationPerson(rt) : await requirePerson(rt, caller, personId);
  const isSignedIn = caller.credential.kind === 'session';
  const needsCredential = isSignedIn && !(await hasCredential(rt.database.pool, personId));
  return { person, role: caller.role, needsCredential };
}

async function automationPerson({ database, workspaceId }: Runtime): Promise<Person> {
  const { rows } = await database.pool.query<{ created_at: Date }>(
    'SELECT created_at FROM workspace WHERE workspace_id = $1',
    [workspaceId],
  );
  const [workspace] = rows;
  if (!workspace) throw new Error(`there is no workspace ${workspaceId}`);
  return { ...automation, role: 'admin', createdAt: workspace.created_at.toISOString() };
}
