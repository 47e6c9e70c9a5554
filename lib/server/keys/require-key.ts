import type { ApiKey } from '@/lib/protocol/api-key';
import { AppError } from '@/lib/protocol/errors';
import type { KeyId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import type { Runtime } from '../runtime';
import { type KeyRow, SELECT_KEYS, toApiKey } from './key-row';

/** @throws AppError `key.not_found` */
export async function requireKey(rt: Runtime, caller: Caller, keyId: KeyId): Promise<ApiKey> {
  const { rows } = await rt.database.pool.query<KeyRow>(`${SELECT_KEYS} AND k.id = $2`, [caller.workspaceId, keyId]);
  const [row] = rows;
  if (!row) throw new AppError('key.not_found', `There is no key ${keyId}.`);
  return toApiKey(row);
}
