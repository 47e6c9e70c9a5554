import type pg from 'pg';
import { rootOf } from '@/lib/domain/merkle-tree';
import { system } from '@/lib/protocol/actor';
import { systemStream } from '@/lib/protocol/stream';
import type { Failpoint } from '../failpoint';
import type { Log } from '../log';
import type { Queryable } from './command';
import type { Ledger } from './ledger';
import type { Workspace } from './open-workspace';
import { toFrontier } from './placement';
import { streamHead } from './read-entries';
import { sha256 } from './sha256';
import { checkpointBody, signedNote } from './signed-note';

const SIGN_AFTER_ENTRIES = 1_000;
const SIGN_AFTER_MS = 10_000;

export type SignedCheckpoint = { size: number; note: string };

export type Checkpoints = {
  /**
   * The newest checkpoint; signs one first when something other than a checkpoint is new, none is there, or the newest
   * covers fewer than `atLeast` entries.
   */
  sign(atLeast?: number): Promise<SignedCheckpoint>;
  newest(): Promise<SignedCheckpoint | null>;
  /** The checkpoint of exactly this size, or null where none was issued. */
  ofSize(size: number): Promise<SignedCheckpoint | null>;
  /** Signs what is left. Before the ledger closes. */
  close(): Promise<void>;
};

type State = { size: number; frontier: Buffer; newest: SignedCheckpoint | null; isNew: boolean; systemSeq: number };

/** Signs the ledger's tree after every 1,000 entries, and 10 s after something happened (`signAfterMs`: for tests). */
export function createCheckpoints(options: {
  ledger: Ledger;
  pool: pg.Pool;
  workspace: Workspace;
  log: Log;
  failpoint: Failpoint;
  signAfterMs?: number;
}): Checkpoints {
  const { ledger, pool, workspace, log, signAfterMs = SIGN_AFTER_MS } = options;
  const { workspaceId } = workspace;
  let unsigned = 0;
  let timer: NodeJS.Timeout | null = null;
  let underWay = 0;
  let looking = Promise.resolve();

  const sign = async (atLeast = 0): Promise<SignedCheckpoint> => {
    unsigned = 0;
    if (timer) clearTimeout(timer);
    timer = null;
    underWay += 1;
    try {
      return await appendSigned(atLeast);
    } finally {
      underWay -= 1;
    }
  };

  const appendSigned = (atLeast: number): Promise<SignedCheckpoint> =>
    ledger.append<State, SignedCheckpoint>({
      workspaceId,
      actor: system,
      load: (db) => readState(db, workspace),
      decide: (state) => {
        const expects = [{ stream: systemStream, streamSeq: state.systemSeq }];
        const { newest } = state;
        if (newest && !state.isNew && newest.size >= atLeast)
          return { ok: true, entries: [], expects, answer: () => newest };
        const root = Buffer.from(rootOf(sha256, toFrontier(state.frontier)));
        const note = signedNote(checkpointBody(workspace.origin, state.size, root), workspace.signers);
        return {
          ok: true,
          entries: [
            {
              stream: systemStream,
              type: 'checkpoint.signed',
              payload: { size: state.size, root: root.toString('base64') },
            },
          ],
          expects,
          write: async (db) => {
            options.failpoint('checkpoint.before_commit');
            await db.query('INSERT INTO checkpoint (workspace_id, size, note, signed_at) VALUES ($1, $2, $3, now())', [
              workspaceId,
              state.size,
              note,
            ]);
          },
          answer: () => ({ size: state.size, note }),
        };
      },
    });

  const cannot = (error: unknown) => log.warn({ error: String(error) }, 'no checkpoint could be signed');
  const signLater = () => void sign().catch(cannot);
  /** What others appended comes unseen: a command line, an instance that died. So does what could not be signed in time. */
  const lookOut = setInterval(() => {
    if (timer || underWay > 0 || ledger.unavailable() !== null) return;
    looking = isOverdue(pool, workspace, signAfterMs)
      .then(async (overdue) => void (overdue && (await sign())))
      .catch(cannot);
  }, signAfterMs / 2).unref();
  const stop = ledger.onCommitted((_workspaceId, entries) => {
    const fresh = entries.filter((entry) => entry.type !== 'checkpoint.signed').length;
    unsigned += fresh;
    if (unsigned >= SIGN_AFTER_ENTRIES) signLater();
    else if (fresh > 0) timer ??= setTimeout(signLater, signAfterMs).unref();
  });

  return {
    sign,
    newest: () => readCheckpoint(pool, workspace, null),
    ofSize: (size) => readCheckpoint(pool, workspace, size),
    close: async () => {
      stop();
      clearInterval(lookOut);
      await looking;
      await sign();
      if (timer) clearTimeout(timer);
    },
  };
}

async function readCheckpoint(
  db: Queryable,
  workspace: Workspace,
  size: number | null,
): Promise<SignedCheckpoint | null> {
  const { rows } = await db.query<SignedCheckpoint>(
    `SELECT size::float8 AS size, note FROM checkpoint WHERE workspace_id = $1 AND ($2::int8 IS NULL OR size = $2)
     ORDER BY checkpoint.size DESC LIMIT 1`,
    [workspace.workspaceId, size],
  );
  return rows[0] ?? null;
}

/** Whether something that ought to have been signed by now has not been, whoever appended it. */
async function isOverdue(db: Queryable, workspace: Workspace, signAfterMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT 1 FROM entry WHERE workspace_id = $1 AND type <> 'checkpoint.signed'
       AND seq > (SELECT coalesce(max(size), 0) FROM checkpoint WHERE workspace_id = $1)
       AND received_at < clock_timestamp() - $2 * interval '1 ms' LIMIT 1`,
    [workspace.workspaceId, signAfterMs],
  );
  return rowCount !== 0;
}

async function readState(db: Queryable, workspace: Workspace): Promise<State> {
  const { workspaceId } = workspace;
  // The stream is read first: had it moved since, the command would decide again.
  const systemSeq = await streamHead(db, workspaceId, systemStream);
  const newest = await readCheckpoint(db, workspace, null);
  const { rows } = await db.query<{ size: number; frontier: Buffer; is_new: boolean }>(
    `SELECT h.size::float8 AS size, h.frontier, EXISTS (
       SELECT 1 FROM entry e WHERE e.workspace_id = $1 AND e.seq > $2 AND e.type <> 'checkpoint.signed'
     ) AS is_new FROM ledger_head h WHERE h.workspace_id = $1`,
    [workspaceId, newest?.size ?? 0],
  );
  const [head] = rows;
  if (!head) throw new Error(`workspace ${workspaceId} has no ledger`);
  return { size: head.size, frontier: head.frontier, newest, isNew: head.is_new, systemSeq };
}
