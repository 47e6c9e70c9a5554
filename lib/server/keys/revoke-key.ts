import type { ApiKey } from '@/lib/protocol/api-key';
import type { KeyId } from '@/lib/protocol/ids';
import { systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import { publishRevoked } from '../access/publish-revoked';
import type { IdempotencyKey } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { Runtime } from '../runtime';
import { type KeyRow, SELECT_KEYS, toApiKey } from './key-row';

/** Ends a key, for requests and for sockets that came in by it. @throws AppError `key.not_found` */
export async function revokeKey(
  rt: Runtime,
  { workspaceId, actor }: Caller,
  keyId: KeyId,
  idempotency?: IdempotencyKey,
): Promise<ApiKey> {
  const revoked = await rt.ledger.append({
    workspaceId,
    actor,
    ...(idempotency && { idempotency }),
    load: async (db) => {
      const position = await streamHead(db, workspaceId, systemStream);
      const { rows } = await db.query<KeyRow>(`${SELECT_KEYS} AND k.id = $2`, [workspaceId, keyId]);
      return { position, key: rows[0] && toApiKey(rows[0]) };
    },
    decide: ({ position, key }) => {
      if (!key) return { ok: false, code: 'key.not_found', message: `There is no key ${keyId}.` };
      return {
        ok: true,
        entries: [{ stream: systemStream, type: 'key.revoked', payload: { keyId, name: key.name } }],
        expects: [{ stream: systemStream, streamSeq: position }],
        write: async (db) => {
          await db.query('DELETE FROM api_key WHERE workspace_id = $1 AND id = $2', [workspaceId, keyId]);
        },
        answer: () => key,
      };
    },
  });
  await publishRevoked(rt, 'key', [keyId]);
  return revoked;
}
