import { z } from 'zod';
import { ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import type { LettaServer } from '@/lib/protocol/letta-server';
import type { Queryable } from '../ledger/command';

/** A server as its row names it; `sealedToken` opens with the installation's seal. */
export type ServerRow = { name: ServerName; url: string; sealedToken: string | null };

const Row = z
  .object({ name: ServerName, url: z.string(), sealed_token: z.instanceof(Buffer).nullable() })
  .transform(
    ({ sealed_token, ...row }): ServerRow => ({ ...row, sealedToken: sealed_token?.toString('utf8') ?? null }),
  );

/** Servers that people have added. */
export async function readNamedServers(db: Queryable, workspaceId: WorkspaceId): Promise<ServerRow[]> {
  const { rows } = await db.query(
    `SELECT name, url, sealed_token FROM letta_server WHERE workspace_id = $1 AND origin = 'person'`,
    [workspaceId],
  );
  return rows.map((row) => Row.parse(row));
}

/** Another address is another Letta, where nothing has been read yet; only the sandbox takes what port is free. */
export async function insertServer(
  db: Queryable,
  workspaceId: WorkspaceId,
  { name, url, origin, sealedToken }: ServerRow & { origin: LettaServer['origin'] },
): Promise<void> {
  await db.query(
    `INSERT INTO letta_server (workspace_id, name, dialect, url, origin, sealed_token, created_at)
     VALUES ($1, $2, 'rest', $3, $4, $5, now())
     ON CONFLICT (workspace_id, name) DO UPDATE SET url = excluded.url, sealed_token = excluded.sealed_token,
       tail_cursor = CASE WHEN letta_server.url = excluded.url OR excluded.origin = 'sandbox' THEN letta_server.tail_cursor END`,
    [workspaceId, name, url, origin, sealedToken === null ? null : Buffer.from(sealedToken)],
  );
}

export async function readRecorded(
  db: Queryable,
  workspaceId: WorkspaceId,
  server: ServerName,
): Promise<string | null> {
  const { rows } = await db.query<{ recorded: string | null }>(
    'SELECT recorded FROM letta_server WHERE workspace_id = $1 AND name = $2',
    [workspaceId, server],
  );
  return rows[0]?.recorded ?? null;
}

/** Notes what the ledger says of a server last. One that was down has started anew when it is there again. */
export async function writeRecorded(
  db: Queryable,
  workspaceId: WorkspaceId,
  server: ServerName,
  { recorded, wasDown, at }: { recorded: 'connected' | 'lost'; wasDown: boolean; at: Date },
): Promise<void> {
  await db.query(
    `UPDATE letta_server SET recorded = $3, is_down = $3 = 'lost' AND (coalesce(is_down, false) OR $4),
       returned_at = CASE WHEN $3 = 'connected' AND (coalesce(is_down, false) OR $4) THEN $5 ELSE returned_at END
     WHERE workspace_id = $1 AND name = $2`,
    [workspaceId, server, recorded, wasDown, at],
  );
}

/** Notes that a server was well. `unseenMs`: so long without anybody looking, and it may have started anew meanwhile. */
export async function writeSeen(
  db: Queryable,
  workspaceId: WorkspaceId,
  server: ServerName,
  { at, unseenMs }: { at: Date; unseenMs: number },
): Promise<void> {
  await db.query(
    `UPDATE letta_server SET seen_at = greatest(seen_at, $3),
       unseen_until = CASE WHEN seen_at < $3::timestamptz - $4 * interval '1 ms' THEN $3 ELSE unseen_until END
     WHERE workspace_id = $1 AND name = $2`,
    [workspaceId, server, at, unseenMs],
  );
}

/** When a server was found again after it had been down, and when after nobody had looked for long; by our clock. */
export async function readReturns(
  db: Queryable,
  workspaceId: WorkspaceId,
  server: ServerName,
): Promise<{ returnedAt: Date | null; unseenUntil: Date | null }> {
  const { rows } = await db.query<{ returned_at: Date | null; unseen_until: Date | null }>(
    'SELECT returned_at, unseen_until FROM letta_server WHERE workspace_id = $1 AND name = $2',
    [workspaceId, server],
  );
  return { returnedAt: rows[0]?.returned_at ?? null, unseenUntil: rows[0]?.unseen_until ?? null };
}
