import type pg from 'pg';
import type { Entry } from '@/lib/protocol/entry';
import { AppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Clock } from '../clock';
import { isConnectionLost } from '../database/is-connection-lost';
import { createPool } from '../database/pool';
import type { Failpoint } from '../failpoint';
import type { Log } from '../log';
import type { Command } from './command';
import {
  type BatchContext,
  CommitUnknown,
  commitBatch,
  type Item,
  type Outcome,
  refusalError,
  toItem,
} from './commit-batch';
import type { Ledger } from './ledger';
import { probeAppend } from './probe-append';
import type { Projection } from './projection';

/** What one transaction holds at most, in entries. */
const BATCH_MAX = 500;
const PROBE_MS = 500;
const RETRY_AFTER_SECONDS = 2;
/** How long a command whose commit is in doubt waits for the database to come back and tell. */
const DOUBT_MS = 15_000;

type CommitListener = Parameters<Ledger['onCommitted']>[0];
type Waiting = { item: Item; settle: (outcome: Outcome) => void };

export type LedgerOptions = {
  connectionString: string;
  /** Where `load` reads before the head is locked. */
  pool: pg.Pool;
  projections: readonly Projection[];
  clock: Clock;
  log: Log;
  failpoint: Failpoint;
  onAvailability?: (unavailable: string | null) => void;
};

/**
 * The ledger with group commit: while one transaction is on its way to the disk, commands gather for the next. Nothing
 * is answered, published or acted on before its commit.
 */
export function createLedger(options: LedgerOptions): Ledger {
  const { pool, log } = options;
  const writer = createPool(options.connectionString, log, 1, 'parley-ledger', undefined, true);
  const listeners = new Set<CommitListener>();
  const queues = new Map<WorkspaceId, Waiting[]>();
  const contexts = new Map<WorkspaceId, BatchContext>();
  let busy: Promise<void> | null = null;
  let reason: string | null = null;
  let closed = false;

  const contextOf = (workspaceId: WorkspaceId): BatchContext => {
    const known = contexts.get(workspaceId);
    if (known) return known;
    const { clock, projections, failpoint } = options;
    const memory = { size: -1, streams: new Map(), actorNames: new Map() };
    const context = { workspaceId, clock, projections, failpoint, memory };
    contexts.set(workspaceId, context);
    return context;
  };

  async function transact(context: BatchContext, take: () => Item[], together: boolean): Promise<Outcome[]> {
    const client = await writer.connect();
    try {
      const outcomes = await commitBatch(client, context, take, { together });
      client.release();
      return outcomes;
    } catch (error) {
      context.memory.size = -1;
      context.memory.actorNames.clear();
      if (isConnectionLost(error) || error instanceof CommitUnknown) {
        client.release(true);
      } else {
        await client.query('ROLLBACK').then(
          () => client.release(),
          () => client.release(true),
        );
      }
      throw error;
    }
  }

  async function commitItems(context: BatchContext, take: () => Item[]): Promise<Outcome[]> {
    try {
      return await transact(context, take, true);
    } catch (error) {
      if (isConnectionLost(error) || error instanceof CommitUnknown) throw error;
      const commands = take().length;
      log.warn({ error: String(error), commands }, 'a batch failed; its commands are tried one by one');
      return transact(context, take, false);
    }
  }

  /** After a commit in doubt: waits for the database and looks whether it happened. */
  async function lookUp(workspaceId: WorkspaceId, outcomes: Outcome[]): Promise<Outcome[] | null> {
    const [entry] = outcomes.flatMap((outcome) => (outcome.ok ? outcome.entries : []));
    const until = options.clock.monotonicMs() + DOUBT_MS;
    while (entry && options.clock.monotonicMs() < until) {
      try {
        // The lock waits for a predecessor that may still be committing.
        const { rows } = await writer.query(
          `SELECT e.id FROM (SELECT 1 FROM ledger_head WHERE workspace_id = $1 FOR UPDATE) AS locked
           LEFT JOIN entry e ON e.workspace_id = $1 AND e.id = $2`,
          [workspaceId, entry.id],
        );
        return rows[0]?.id === entry.id ? outcomes : null;
      } catch {
        // Still away; its coming back is what this loop waits for.
        await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
      }
    }
    return null;
  }

  async function writeBatch(workspaceId: WorkspaceId, queue: Waiting[]): Promise<void> {
    const context = contextOf(workspaceId);
    let closed: Waiting[] | null = null;
    const close = () => {
      closed ??= takeBatch(queue);
      return closed;
    };
    let outcomes: Outcome[] | null;
    try {
      outcomes = await commitItems(context, () => close().map((each) => each.item));
    } catch (error) {
      log.error({ error: String(error) }, 'the ledger cannot append');
      outcomes = error instanceof CommitUnknown ? await lookUp(workspaceId, error.outcomes) : null;
      if (!outcomes) becomeUnavailable(error);
    }
    const entries = (outcomes ?? []).flatMap((outcome) => (outcome.ok ? outcome.entries : []));
    for (const [index, each] of close().entries()) {
      each.settle(outcomes?.[index] ?? { ok: false, error: unavailableError() });
    }
    entries.sort((one, other) => one.seq - other.seq);
    if (entries.length > 0) for (const listener of listeners) tell(listener, workspaceId, entries);
  }

  function tell(listener: CommitListener, workspaceId: WorkspaceId, entries: Entry[]): void {
    try {
      listener(workspaceId, entries);
    } catch (error) {
      log.error({ err: error }, 'one who listens to the ledger failed');
    }
  }

  /**
   * One batch after another. A batch is closed when the head is locked: by then all who were just told have taken their next
   * step. Else the first of them would get a transaction for itself while the others wait for it.
   */
  async function work(): Promise<void> {
    for (;;) {
      const next = [...queues].find(([, queue]) => queue.length > 0);
      if (!next) return;
      await writeBatch(...next);
    }
  }

  const wake = () => {
    busy ??= work().finally(() => {
      busy = null;
      if ([...queues.values()].some((queue) => queue.length > 0)) wake();
    });
  };

  const unavailableError = () =>
    new AppError(
      'ledger.unavailable',
      `Nothing can be recorded now, so nothing is done: ${reason ?? 'the database is away'}.`,
      { retryAfterSeconds: RETRY_AFTER_SECONDS },
    );

  function becomeUnavailable(error: unknown): void {
    const wasAvailable = reason === null;
    reason = error instanceof Error ? error.message : String(error);
    if (!wasAvailable) return;
    options.onAvailability?.(reason);
    void probe();
  }

  /** Tries to write until it works; then everything goes on. */
  async function probe(): Promise<void> {
    while (reason !== null && !closed) {
      await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
      try {
        await probeAppend(writer);
        reason = null;
        log.info('the ledger appends again');
        options.onAvailability?.(null);
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error);
      }
    }
  }

  function enqueue(workspaceId: WorkspaceId, item: Item): Promise<Outcome> {
    return new Promise((settle) => {
      const queue = queues.get(workspaceId);
      if (queue) queue.push({ item, settle });
      else queues.set(workspaceId, [{ item, settle }]);
      wake();
    });
  }

  async function append<State, Answer>(command: Command<State, Answer>): Promise<{ answer: Answer; entries: Entry[] }> {
    if (closed) throw new AppError('ledger.unavailable', 'Parley is stopping; nothing is taken any more.');
    if (reason !== null) throw unavailableError();
    const decided = command.decide(command.memory?.recall() ?? (await load(command)));
    if (!decided.ok) throw refusalError(decided);
    // A queue holds commands of every kind. Each item is only ever given back what its own load and decide made.
    const item = toItem(command as Command<unknown, unknown>, decided);
    const outcome = await enqueue(command.workspaceId, item);
    if (!outcome.ok) throw outcome.error;
    return { answer: outcome.answer as Answer, entries: outcome.entries };
  }

  async function load<State>(command: Command<State, unknown>): Promise<State> {
    try {
      const state = await command.load(pool);
      command.memory?.learn(state);
      return state;
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      becomeUnavailable(error);
      throw unavailableError();
    }
  }

  return {
    append: async (command) => (await append(command)).answer,
    record: async (workspaceId, actor, entries) =>
      (
        await append({
          workspaceId,
          actor,
          load: async () => null,
          decide: () => ({ ok: true, entries, answer: () => null }),
        })
      ).entries,
    onCommitted: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    unavailable: () => reason,
    check: async () => {
      if (reason !== null || closed) return;
      await probeAppend(writer).catch(becomeUnavailable);
    },
    close: async () => {
      closed = true;
      while (busy !== null) await busy;
      await writer.end();
    },
  };
}

/** Takes from a queue what goes into one transaction. */
function takeBatch(queue: Waiting[]): Waiting[] {
  let entries = 0;
  let count = 0;
  while (count < queue.length && (count === 0 || entries < BATCH_MAX)) {
    entries += queue[count]?.item.sealed.length ?? 0;
    count += 1;
  }
  return queue.splice(0, count);
}
