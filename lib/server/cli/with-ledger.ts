import type { Pool } from 'pg';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { type Clock, systemClock } from '../clock';
import { migrateJobs } from '../create-jobs';
import { openDatabaseForCommand } from '../database/database';
import { migrate } from '../database/migrate';
import type { Queryable } from '../ledger/command';
import { createLedger } from '../ledger/create-ledger';
import type { Ledger } from '../ledger/ledger';
import { beginLog, openWorkspace, type Workspace } from '../ledger/open-workspace';
import { allProjections } from '../projections';
import { createKnownTasks } from '../tasks/known-tasks';
import type { VerbContext } from './verb';

/** What a command needs to change something and have it recorded, beside a running Parley or without one. */
export type Workbench = {
  db: Queryable;
  pool: Pool;
  ledger: Ledger;
  clock: Clock;
  workspace: Workspace;
  workspaceId: WorkspaceId;
};

/** Runs a command on the database and the ledger in it, which other instances may be appending to. */
export async function withLedger<Result>(
  { env, log }: VerbContext,
  work: (bench: Workbench) => Promise<Result>,
): Promise<Result> {
  const database = await openDatabaseForCommand({ env, log });
  try {
    const { pool, connectionString } = database;
    await migrate(pool);
    await migrateJobs(pool, log);
    const workspace = await openWorkspace(pool, env.publicUrl ? new URL(env.publicUrl).host : 'parley.example');
    const none = () => undefined;
    const projections = allProjections(createKnownTasks());
    const ledger = createLedger({ connectionString, pool, projections, clock: systemClock, log, failpoint: none });
    try {
      await beginLog(ledger, workspace);
      const { workspaceId } = workspace;
      return await work({ db: pool, pool, ledger, clock: systemClock, workspace, workspaceId });
    } finally {
      await ledger.close();
    }
  } finally {
    await database.stop();
  }
}
