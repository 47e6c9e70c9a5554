import { z } from 'zod';
import type { Page, PageQuery } from '@/lib/protocol/page';
import type { Person } from '@/lib/protocol/person';
import { Instant } from '@/lib/protocol/text';
import type { Caller } from '../access/caller';
import { decodeCursor, pageOfRows } from '../http/cursor';
import type { Runtime } from '../runtime';
import { PERSON_COLUMNS, type PersonRow, toPerson } from './person-row';

const Position = z.tuple([Instant, z.string()]);

/** People, newest first. */
export async function listPeople(rt: Runtime, caller: Caller, { after, limit }: PageQuery): Promise<Page<Person>> {
  const [createdAt, id] = decodeCursor(Position, after) ?? [null, null];
  const { rows } = await rt.database.pool.query<PersonRow>(
    `SELECT ${PERSON_COLUMNS} FROM person
     WHERE workspace_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
     ORDER BY created_at DESC, id DESC LIMIT $4`,
    [caller.workspaceId, createdAt, id, limit + 1],
  );
  return pageOfRows(rows, limit, toPerson, (row) => [row.created_at.toISOString(), row.id]);
}
