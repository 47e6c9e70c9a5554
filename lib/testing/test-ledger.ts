import { system } from '@/lib/protocol/actor';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { JsonObject } from '@/lib/protocol/json';
import type { Stream } from '@/lib/protocol/stream';
import { systemClock } from '@/lib/server/clock';
import { createFailpoint } from '@/lib/server/failpoint';
import { type Checkpoints, createCheckpoints } from '@/lib/server/ledger/checkpoints';
import type { Command, NewEntry } from '@/lib/server/ledger/command';
import { createLedger } from '@/lib/server/ledger/create-ledger';
import { exportLedger } from '@/lib/server/ledger/export-ledger';
import type { Ledger } from '@/lib/server/ledger/ledger';
import { beginLog, openWorkspace, type Workspace } from '@/lib/server/ledger/open-workspace';
import type { Projection } from '@/lib/server/ledger/projection';
import { streamHead } from '@/lib/server/ledger/read-entries';
import { createLog } from '@/lib/server/log';
import { createTestDatabase, type TestDatabase } from './test-database';

export type TestLedger = {
  database: TestDatabase;
  ledger: Ledger;
  checkpoints: Checkpoints;
  workspace: Workspace;
  workspaceId: WorkspaceId;
  exportText(stream?: Stream): Promise<string>;
  close(): Promise<void>;
};

/** A ledger on a database of its own, with entry 1 in it; or another instance of it, on the database given. */
export async function openTestLedger(
  options: { projections?: Projection[]; database?: TestDatabase } = {},
): Promise<TestLedger> {
  const database = options.database ?? (await createTestDatabase());
  const { pool, connectionString } = database;
  const log = createLog({ logLevel: 'silent' });
  const failpoint = createFailpoint(undefined);
  const workspace = await openWorkspace(pool, 'parley.example');
  const projections = options.projections ?? [];
  const ledger = createLedger({ connectionString, pool, projections, clock: systemClock, log, failpoint });
  await beginLog(ledger, workspace);
  const checkpoints = createCheckpoints({ ledger, pool, workspace, log, failpoint });
  return {
    database,
    ledger,
    checkpoints,
    workspace,
    workspaceId: workspace.workspaceId,
    exportText: async (stream) => {
      const lines: string[] = [];
      for await (const line of exportLedger(pool, workspace, await checkpoints.sign(), stream ?? null))
        lines.push(line);
      return lines.join('');
    },
    close: async () => {
      await ledger.close();
      if (!options.database) await database.drop();
    },
  };
}

/** An entry that says nothing in particular. */
export const note = (stream: Stream, raw: JsonObject = {}): NewEntry => ({
  stream,
  type: 'unknown',
  payload: { source: 'test', raw },
});

/** Counts a stream up to `limit` by one, deciding by what it loads. */
export const countUp = (workspaceId: WorkspaceId, stream: Stream, limit: number): Command<number, number> => ({
  workspaceId,
  actor: system,
  load: (db) => streamHead(db, workspaceId, stream),
  decide: (head) =>
    head >= limit
      ? { ok: false, code: 'conversation.state', message: 'full' }
      : {
          ok: true,
          entries: [note(stream, { was: head })],
          expects: [{ stream, streamSeq: head }],
          answer: () => head,
        },
});
