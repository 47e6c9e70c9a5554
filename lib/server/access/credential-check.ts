import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Clock } from '../clock';
import type { Queryable } from '../ledger/command';
import type { Caller } from './caller';

type Credential = Caller['credential'];
type Options = { db: Queryable; clock: Clock; workspaceId: WorkspaceId };

const GOOD = `
  SELECT 'session' AS kind, s.id FROM auth_session s JOIN person p ON p.workspace_id = $1 AND p.id = s.user_id
  WHERE s.workspace_id = $1 AND s.id = ANY($2::text[]) AND s.expires_at > $4
  UNION ALL
  SELECT 'key', k.id FROM api_key k
  WHERE k.workspace_id = $1 AND k.id = ANY($3::text[]) AND (k.expires_at IS NULL OR k.expires_at > $4)`;

/**
 * Looks up whether a credential is still good, past every cache. Everything that is asked for in one turn of the event
 * loop is one query, so a server may ask for each of its open sockets every few seconds.
 */
export function createCredentialCheck({
  db,
  clock,
  workspaceId,
}: Options): (credential: Credential) => Promise<boolean> {
  let asked: Credential[] = [];
  let answer: Promise<Set<string>> | null = null;

  async function ask(): Promise<Set<string>> {
    await new Promise((resolve) => setImmediate(resolve));
    const ids = (kind: Credential['kind']) => asked.filter((each) => each.kind === kind).map((each) => each.id);
    const values = [workspaceId, ids('session'), ids('key'), clock.now()];
    asked = [];
    answer = null;
    const { rows } = await db.query<Credential>(GOOD, values);
    return new Set(rows.map(nameOf));
  }

  return async (credential) => {
    if (credential.kind === 'admin-key') return true; // good for as long as this process has it
    asked.push(credential);
    answer ??= ask();
    return (await answer).has(nameOf(credential));
  };
}

const nameOf = ({ kind, id }: Credential): string => `${kind} ${id}`;
