import { randomUUID } from 'node:crypto';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { type Access, createAccess } from '@/lib/server/access/access';
import { type Clock, systemClock } from '@/lib/server/clock';
import { createHub } from '@/lib/server/create-hub';
import { parseEnv } from '@/lib/server/env';
import { createLedger } from '@/lib/server/ledger/create-ledger';
import { beginLog, openWorkspace } from '@/lib/server/ledger/open-workspace';
import { createDraftViewers } from '@/lib/server/live/draft-viewers';
import { createLog } from '@/lib/server/log';
import type { Runtime } from '@/lib/server/runtime';
import { createTestDatabase, type TestDatabase } from './test-database';

export const ADMIN_KEY = 'test-admin-key-0123456789abcdef';

/** A clock that tests move; it runs beside that. */
export type TestClock = Clock & { advance(ms: number): void };

export function createTestClock(): TestClock {
  let ahead = 0;
  return {
    now: () => new Date(systemClock.now().getTime() + ahead),
    monotonicMs: () => systemClock.monotonicMs() + ahead,
    advance(ms) {
      ahead += ms;
    },
  };
}

export type AccessRuntime = Runtime & { clock: TestClock; database: TestDatabase; stop(): Promise<void> };

type Options = {
  database?: TestDatabase;
  env?: Record<string, string>;
  url?: string;
  limits?: Parameters<typeof createAccess>[0]['limits'];
};

/** Everything a request for access needs: a database and ledger of their own, hub and access. No jobs, no Letta. */
export async function createAccessRuntime(options: Options = {}): Promise<AccessRuntime> {
  const database = options.database ?? (await createTestDatabase());
  const { pool, connectionString } = database;
  const log = createLog({ logLevel: 'silent' });
  const clock = createTestClock();
  const env = parseEnv({ PARLEY_ADMIN_KEY: ADMIN_KEY, ...options.env });
  const instanceId = randomUUID();
  const ledger = createLedger({ connectionString, pool, projections: [], clock, log, failpoint: () => undefined });
  const workspace = await openWorkspace(pool, 'parley.example');
  await beginLog(ledger, workspace);
  const workspaceId: WorkspaceId = workspace.workspaceId;
  await pool.query('INSERT INTO instance (workspace_id, id, started_at, seen_at) VALUES ($1, $2, now(), now())', [
    workspaceId,
    instanceId,
  ]);
  const hub = createHub({ pool, connectionString, ledger, instanceId, hasPeers: () => true, log });
  const access: Access = await createAccess({
    ...{ pool, hub, clock, log, workspaceId, publicUrl: env.publicUrl, adminKey: env.adminKey },
    ...(options.limits && { limits: options.limits }),
  });
  const url = options.url ?? 'http://127.0.0.1:3000';
  const draftViewers = createDraftViewers(hub, clock);
  const stop = async () => {
    draftViewers.stop();
    access.close();
    await ledger.close();
    await hub.close();
    if (!options.database) await database.drop();
  };
  const own = { env, url, log, clock, instanceId, workspaceId, database, ledger, hub, draftViewers, access, stop };
  return own as unknown as AccessRuntime; // jobs and Letta are not there: no request for access touches them
}
