import { AppError } from '@/lib/protocol/errors';
import type { Passkey } from '@/lib/protocol/person';
import type { RegisterPasskey } from '@/lib/protocol/sign-in';
import { systemStream } from '@/lib/protocol/stream';
import type { IdempotencyKey } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import type { Caller } from './caller';
import { requireSession } from './require-session';

type Row = { id: string; name: string | null; created_at: Date | null };

const toPasskey = (row: Row): Passkey => ({
  id: row.id,
  name: row.name ?? 'Passkey',
  createdAt: (row.created_at ?? new Date(0)).toISOString(),
});

/** The caller's passkeys, newest first. */
export async function listPasskeys(rt: Runtime, caller: Caller): Promise<Passkey[]> {
  const { personId } = requireSession(caller);
  const { rows } = await rt.database.pool.query<Row>(
    'SELECT id, name, created_at FROM auth_passkey WHERE user_id = $1 ORDER BY created_at DESC, id DESC',
    [personId],
  );
  return rows.map(toPasskey);
}

/** Keeps a passkey that the caller's browser made for a challenge of ours. @throws AppError `request.invalid`, `auth.stale` */
export async function registerPasskey(
  rt: Runtime,
  caller: Caller,
  headers: Headers,
  { response, name }: RegisterPasskey,
): Promise<Passkey> {
  const { personId } = requireSession(caller);
  const { passkeyId } = await rt.access.browser.registerPasskey(headers, response, name ?? 'Passkey');
  const { pool } = rt.database;
  try {
    await rt.ledger.record(caller.workspaceId, caller.actor, [
      { stream: systemStream, type: 'person.credential_set', payload: { personId, credential: 'passkey' } },
    ]);
  } catch (error) {
    await pool.query('DELETE FROM auth_passkey WHERE id = $1', [passkeyId]);
    throw error;
  }
  const { rows } = await pool.query<Row>('SELECT id, name, created_at FROM auth_passkey WHERE id = $1', [passkeyId]);
  const [row] = rows;
  if (!row) throw new AppError('passkey.not_found', 'The passkey was removed at once.');
  return toPasskey(row);
}

/** @throws AppError `passkey.not_found`; `person.last_credential`: nothing would be left to come back with. */
export async function removePasskey(
  rt: Runtime,
  caller: Caller,
  passkeyId: string,
  idempotency?: IdempotencyKey,
): Promise<Passkey> {
  const { personId } = requireSession(caller);
  const { workspaceId, actor } = caller;
  return rt.ledger.append({
    workspaceId,
    actor,
    ...(idempotency && { idempotency }),
    load: async (db) => {
      const position = await streamHead(db, workspaceId, systemStream);
      const passkeys = await db.query<Row>('SELECT id, name, created_at FROM auth_passkey WHERE user_id = $1', [
        personId,
      ]);
      const passwords = await db.query('SELECT 1 FROM auth_account WHERE user_id = $1 AND password IS NOT NULL', [
        personId,
      ]);
      return { position, passkeys: passkeys.rows.map(toPasskey), hasPassword: (passwords.rowCount ?? 0) > 0 };
    },
    decide: ({ position, passkeys, hasPassword }) => {
      const passkey = passkeys.find((each) => each.id === passkeyId);
      if (!passkey) return { ok: false, code: 'passkey.not_found', message: `You have no passkey ${passkeyId}.` };
      if (passkeys.length === 1 && !hasPassword) {
        const message = 'It is all you can sign in with. Set a password or add another passkey first.';
        return { ok: false, code: 'person.last_credential', message };
      }
      return {
        ok: true,
        entries: [
          { stream: systemStream, type: 'person.credential_removed', payload: { personId, credential: 'passkey' } },
        ],
        expects: [{ stream: systemStream, streamSeq: position }],
        write: async (db) => {
          await db.query('DELETE FROM auth_passkey WHERE id = $1 AND user_id = $2', [passkeyId, personId]);
        },
        answer: () => passkey,
      };
    },
  });
}
