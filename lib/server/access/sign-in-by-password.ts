import { AppError } from '@/lib/protocol/errors';
import type { Me } from '@/lib/protocol/person';
import type { SignInByPassword } from '@/lib/protocol/sign-in';
import { nameKey, type PersonRow, toPerson } from '../people/person-row';
import type { Runtime } from '../runtime';
import type { Cookies } from './browser-sign-in';
import { recordSignIn } from './record-sign-in';

type Row = PersonRow & { password: string | null };

/** Signs in by name, in any case, and password. @throws AppError `auth.wrong_credentials`, which never says which. */
export async function signInByPassword(
  rt: Runtime,
  headers: Headers,
  { name, password }: SignInByPassword,
): Promise<{ me: Me; cookies: Cookies }> {
  const { rows } = await rt.database.pool.query<Row>(
    `SELECT p.id, p.name, p.role, p.created_at, a.password FROM person p
     LEFT JOIN auth_account a ON a.user_id = p.id AND a.provider_id = 'credential'
     WHERE p.workspace_id = $1 AND p.name_key = $2`,
    [rt.workspaceId, nameKey(name)],
  );
  const [row] = rows;
  const isRight = await rt.access.browser.verifyPassword(row?.password ?? null, password);
  if (!row || !isRight) throw new AppError('auth.wrong_credentials', 'The name or the password is wrong.');
  const person = toPerson(row);
  await recordSignIn(rt, person, 'password');
  const cookies = await rt.access.browser.openSession(headers, person.id, 'password');
  return { me: { person, role: person.role, needsCredential: false }, cookies };
}
