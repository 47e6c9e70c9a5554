import type { SignInWays } from '@/lib/protocol/sign-in';
import { requestOrigin, takesPasskeys } from '../http/request-origin';
import type { Runtime } from '../runtime';

/** What the sign-in page may offer to whoever asks. */
export async function describeSignIn(rt: Runtime, headers: Headers): Promise<SignInWays> {
  const { rowCount } = await rt.database.pool.query('SELECT 1 FROM person WHERE workspace_id = $1 LIMIT 1', [
    rt.workspaceId,
  ]);
  return { passkey: takesPasskeys(requestOrigin(headers)), first: rowCount === 0 };
}
