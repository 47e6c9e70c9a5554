import { AppError } from '@/lib/protocol/errors';
import type { Me } from '@/lib/protocol/person';
import type { SignInByPasskey } from '@/lib/protocol/sign-in';
import { PERSON_COLUMNS, type PersonRow, toPerson } from '../people/person-row';
import type { Runtime } from '../runtime';
import type { Cookies } from './browser-sign-in';
import { recordSignIn } from './record-sign-in';

/** Signs in by a passkey, after a challenge that the same browser was given. @throws AppError `auth.wrong_credentials` */
export async function signInByPasskey(
  rt: Runtime,
  headers: Headers,
  { response }: SignInByPasskey,
): Promise<{ me: Me; cookies: Cookies }> {
  const { sessionId, personId, cookies } = await rt.access.browser.signInByPasskey(headers, response);
  try {
    const { rows } = await rt.database.pool.query<PersonRow>(
      `SELECT ${PERSON_COLUMNS} FROM person WHERE workspace_id = $1 AND id = $2`,
      [rt.workspaceId, personId],
    );
    const [person] = rows.map(toPerson);
    if (!person) throw new AppError('auth.wrong_credentials', 'The passkey belongs to nobody here.');
    await recordSignIn(rt, person, 'passkey');
    return { me: { person, role: person.role, needsCredential: false }, cookies };
  } catch (error) {
    // better-auth opens the session itself; nobody has its cookie yet, and nobody shall.
    await rt.database.pool.query('DELETE FROM auth_session WHERE id = $1', [sessionId]);
    throw error;
  }
}
