import type pg from 'pg';
import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { JsonObject } from '@/lib/protocol/json';
import { type Clock, systemClock } from './clock';
import { watchClockSteps } from './clock-steps';
import { DOWNTIME_MS } from './instances';
import type { Log } from './log';

const SCAN_MS = 250;
/** The clock is looked at before anything is acted upon, and so often at least. */
const SETTLE_MS = 1_000;
const AT_ONCE = 100;
/** One that could not be acted upon is handed over again after so long: meanwhile it is not in the way of others. */
const AGAIN_MS = 2_000;

/** A deadline that has come. Whoever acts on it gives `consumes` to the ledger: exactly one command gets it. */
export type DueDeadline = {
  workspaceId: WorkspaceId;
  subject: string;
  data: JsonObject;
  consumes: { kind: string; subject: string; epoch: number };
};

export type DeadlineHandler = (deadline: DueDeadline) => Promise<void>;

const Row = z.object({ kind: z.string(), subject: z.string(), epoch: z.number(), data: JsonObject });

/**
 * Looks for deadlines that have come and hands them to the handler of their kind. Every instance looks; that one only
 * acts is the ledger's doing. A deadline whose handler failed is handed over again, a little later. An instance that was
 * away looks only once it has given a sign of life again, which grants the grace that is due.
 */
export function startDeadlines(options: {
  pool: pg.Pool;
  workspaceId: WorkspaceId;
  instanceId: string;
  handlers: Readonly<Record<string, DeadlineHandler>>;
  clock?: Pick<Clock, 'monotonicMs'>;
  log: Log;
}): { stop(): Promise<void> } {
  const { pool, workspaceId, instanceId, handlers, clock = systemClock, log } = options;
  const settleClock = watchClockSteps({ db: pool, workspaceId, clock, log });
  let running = Promise.resolve();
  let idle = true;
  let settledAt = Number.NEGATIVE_INFINITY;
  let stopped = false;

  /** Where nothing can be recorded at all it stays due, and is acted upon as soon as that is over. */
  const putOff = async ({ kind, subject, epoch }: z.infer<typeof Row>, error: unknown): Promise<void> => {
    if (isAppError(error) && error.code === 'ledger.unavailable') return;
    await pool.query(
      `UPDATE deadline SET due_at = clock_timestamp() + $5 * interval '1 ms'
       WHERE workspace_id = $1 AND kind = $2 AND subject = $3 AND epoch = $4`,
      [workspaceId, kind, subject, epoch, AGAIN_MS],
    );
  };

  /** Whether the deadline is out of the way. */
  const fire = async (row: z.infer<typeof Row>): Promise<boolean> => {
    const { kind, subject, epoch, data } = row;
    try {
      const handler = handlers[kind];
      if (!handler) throw new Error('nobody handles deadlines of this kind');
      await handler({ workspaceId, subject, data, consumes: { kind, subject, epoch } });
      return true;
    } catch (error) {
      // It moved, or another instance was faster: then there is nothing to do.
      if (isAppError(error) && error.code === 'deadline.moved') return true;
      log.warn({ kind, subject, error: String(error) }, 'a deadline stays due');
      await putOff(row, error);
      return false;
    }
  };

  const readDue = async () => {
    const { rows } = await pool.query(
      `SELECT kind, subject, epoch::float8 AS epoch, data FROM deadline
       WHERE workspace_id = $1 AND due_at <= clock_timestamp() AND EXISTS (
         SELECT 1 FROM instance i WHERE i.workspace_id = $1 AND i.id = $2
           AND i.seen_at > clock_timestamp() - $3 * interval '1 ms')
       ORDER BY due_at LIMIT ${AT_ONCE}`,
      [workspaceId, instanceId, DOWNTIME_MS],
    );
    return rows.map((row) => Row.parse(row));
  };

  const scan = async () => {
    let due = await readDue();
    if (due.length === 0 && performance.now() - settledAt < SETTLE_MS) return;
    await settleClock();
    settledAt = performance.now();
    while (due.length > 0 && !stopped) {
      due = await readDue(); // anew: by a clock that was set they may not be due
      const done = await Promise.all(due.map(fire));
      if (due.length < AT_ONCE || !done.includes(true)) return; // no more, or not worth looking at once
    }
  };

  const timer = setInterval(() => {
    if (!idle) return;
    idle = false;
    running = scan()
      .catch((error: unknown) => log.debug({ error: String(error) }, 'deadlines could not be read'))
      .finally(() => {
        idle = true;
      });
  }, SCAN_MS);

  return {
    stop: async () => {
      clearInterval(timer);
      stopped = true;
      await running;
    },
  };
}
