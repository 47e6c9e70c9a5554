import { system } from '@/lib/protocol/actor';
import type { PersonId } from '@/lib/protocol/ids';
import { systemStream } from '@/lib/protocol/stream';
import type { Runtime } from '../runtime';
import { rememberAddress } from './last-address';
import { makeToken, tokenHash } from './token-hash';

const LINK_MS = 15 * 60_000;

/** Whom the link signs in; null: whoever is the first admin when it is used, or becomes it. */
export type LinkFor = { personId: PersonId | null };

/**
 * Makes a link that signs in once, within 15 minutes: `<url>/sign-in?token=<token>`. Whoever may read the log or run
 * commands on this machine owns this Parley; that is all the proof it asks for. Remembers `url` for the next command.
 */
export async function makeSignInLink(
  { ledger, clock, workspaceId, url }: Pick<Runtime, 'ledger' | 'clock' | 'workspaceId' | 'url'>,
  { personId }: LinkFor = { personId: null },
): Promise<string> {
  const token = makeToken();
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + LINK_MS).toISOString();
  await ledger.append({
    workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [{ stream: systemStream, type: 'sign_in_link.made', payload: { personId, expiresAt } }],
      write: async (db) => {
        await db.query('DELETE FROM sign_in_link WHERE workspace_id = $1 AND expires_at < $2', [workspaceId, now]);
        await db.query(
          `INSERT INTO sign_in_link (workspace_id, token_hash, person_id, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5)`,
          [workspaceId, tokenHash(token), personId, now, expiresAt],
        );
        await rememberAddress(db, workspaceId, url);
      },
      answer: () => null,
    }),
  });
  return `${url}/sign-in?token=${token}`;
}
