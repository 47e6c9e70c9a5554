import { z } from 'zod';
import type { ApiKey } from '@/lib/protocol/api-key';
import type { Page, PageQuery } from '@/lib/protocol/page';
import { Instant } from '@/lib/protocol/text';
import type { Caller } from '../access/caller';
import { decodeCursor, pageOfRows } from '../http/cursor';
import type { Runtime } from '../runtime';
import { type KeyRow, SELECT_KEYS, toApiKey } from './key-row';

const Position = z.tuple([Instant, z.string()]);

/** Keys that are not revoked, newest first. */
export async function listKeys(rt: Runtime, caller: Caller, { after, limit }: PageQuery): Promise<Page<ApiKey>> {
  const [createdAt, id] = decodeCursor(Position, after) ?? [null, null];
  const { rows } = await rt.database.pool.query<KeyRow>(
    `${SELECT_KEYS} AND ($2::timestamptz IS NULL OR (k.created_at, k.id) < ($2, $3))
     ORDER BY k.created_at DESC, k.id DESC LIMIT $4`,
    [caller.workspaceId, createdAt, id, limit + 1],
  );
  return pageOfRows(rows, limit, toApiKey, (row) => [row.created_at.toISOString(), row.id]);
}
