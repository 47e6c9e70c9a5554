import { randomUUID } from 'node:crypto';
import { AppError } from '@/lib/protocol/errors';
import type { PersonId } from '@/lib/protocol/ids';
import type { SetPassword } from '@/lib/protocol/person';
import { systemStream } from '@/lib/protocol/stream';
import type { Queryable } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import type { Caller } from './caller';
import { publishRevoked } from './publish-revoked';
import { requireSession } from './require-session';

const HOUR_MS = 3_600_000;
const FRESH_MS = 24 * HOUR_MS;

const UPSERT = `
  INSERT INTO auth_account (id, account_id, provider_id, user_id, password, created_at, updated_at)
  VALUES ($1, $2, 'credential', $2, $3, $4, $4)
  ON CONFLICT (user_id, provider_id) DO UPDATE SET password = excluded.password, updated_at = excluded.updated_at`;

/**
 * Sets the caller's password, and ends their other sessions. The one there was is asked for, unless they came by a
 * sign-in link within the hour; where there was none, they must have signed in within a day.
 * @throws AppError `auth.wrong_password`, `auth.stale`, `auth.forbidden`
 */
export async function setPassword(
  rt: Runtime,
  caller: Caller,
  { password, currentPassword }: SetPassword,
): Promise<void> {
  const { personId, sessionId } = requireSession(caller);
  const { workspaceId, actor } = caller;
  const before = await readPassword(rt.database.pool, personId);
  await requireRight(rt, { sessionId, before, currentPassword });
  const hash = await rt.access.browser.hashPassword(password);
  const now = rt.clock.now();
  const ended = await rt.ledger.append({
    workspaceId,
    actor,
    load: async (db) => ({
      position: await streamHead(db, workspaceId, systemStream),
      current: await readPassword(db, personId),
      others: await readOtherSessions(db, personId, sessionId),
    }),
    decide: ({ position, current, others }) => {
      if (current !== before)
        return { ok: false, code: 'auth.wrong_password', message: 'The password was changed meanwhile.' };
      return {
        ok: true,
        entries: [
          { stream: systemStream, type: 'person.credential_set', payload: { personId, credential: 'password' } },
          ...others.map(() => ({ stream: systemStream, type: 'session.revoked', payload: { personId } }) as const),
        ],
        expects: [{ stream: systemStream, streamSeq: position }],
        write: async (db) => {
          await db.query(UPSERT, [randomUUID(), personId, hash, now]);
          await db.query('DELETE FROM auth_session WHERE id = ANY($1::text[])', [others]);
        },
        answer: () => others,
      };
    },
  });
  await publishRevoked(rt, 'session', ended);
}

async function readPassword(db: Queryable, personId: PersonId): Promise<string | null> {
  const { rows } = await db.query<{ password: string | null }>(
    "SELECT password FROM auth_account WHERE user_id = $1 AND provider_id = 'credential'",
    [personId],
  );
  return rows[0]?.password ?? null;
}

async function readOtherSessions(db: Queryable, personId: PersonId, sessionId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM auth_session WHERE user_id = $1 AND id <> $2', [
    personId,
    sessionId,
  ]);
  return rows.map((row) => row.id);
}

type Claim = { sessionId: string; before: string | null; currentPassword: string | undefined };

async function requireRight(rt: Runtime, { sessionId, before, currentPassword }: Claim): Promise<void> {
  const { rows } = await rt.database.pool.query<{ method: string; created_at: Date }>(
    'SELECT method, created_at FROM auth_session WHERE id = $1',
    [sessionId],
  );
  const [session] = rows;
  if (!session) throw new AppError('auth.required', 'This session has ended.');
  const age = rt.clock.now().getTime() - session.created_at.getTime();
  if (before === null && age < FRESH_MS) return;
  if (before === null)
    throw new AppError('auth.stale', 'You signed in more than a day ago. Sign in again, then do this.');
  if (session.method === 'link' && age < HOUR_MS) return;
  if (currentPassword !== undefined && (await rt.access.browser.verifyPassword(before, currentPassword))) return;
  throw new AppError('auth.wrong_password', 'The current password is needed, and was not given right.', {
    fields: { currentPassword: 'is not the current password' },
  });
}
