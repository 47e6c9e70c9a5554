import { z } from 'zod';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Clock } from './clock';
import type { Queryable } from './ledger/command';
import type { Log } from './log';

/** The clock of the database moving more than this against a clock that only grows has been set, or the machine slept. */
const STEP_MS = 5_000;
/** Instances find the same step within so long of each other, and measure it this exactly. */
const SAME_WITHIN_MS = 30_000;
const SAME_STEP_MS = 2_000;

const Now = z.object({ ms: z.number() });

/** The head is locked first, for the reason told in instances.ts. */
const SHIFT = `
  WITH head AS (
    SELECT 1 FROM ledger_head WHERE workspace_id = $1 FOR UPDATE
  ), found AS (
    INSERT INTO setting (workspace_id, name, value)
    SELECT $1::uuid, 'clock.step',
      jsonb_build_object('ms', $2::float8, 'at', extract(epoch FROM clock_timestamp()) * 1000) FROM head
    ON CONFLICT (workspace_id, name) DO UPDATE SET value = excluded.value
    WHERE abs((setting.value->>'ms')::float8 - $2) > $3
      OR abs((setting.value->>'at')::float8 - (excluded.value->>'at')::float8) > $4
    RETURNING 1
  )
  UPDATE deadline SET due_at = due_at + $2 * interval '1 ms', epoch = nextval('deadline_epoch')
  WHERE workspace_id = $1 AND EXISTS (SELECT 1 FROM found)`;

/**
 * Compares the clock of the database, by which deadlines come, with a clock that only grows. Where it was set, or the
 * machine slept, all deadlines are shifted by as much, by the first instance that finds it: nobody is failed by a clock.
 * The function it returns is called before deadlines are looked for, and often, since a slow drift is no step.
 */
export function watchClockSteps(options: {
  db: Queryable;
  workspaceId: WorkspaceId;
  clock: Pick<Clock, 'monotonicMs'>;
  log: Log;
}): () => Promise<void> {
  const { db, workspaceId, clock, log } = options;
  let aheadMs: number | null = null;
  return async () => {
    const asked = clock.monotonicMs();
    const { rows } = await db.query('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms');
    const tookMs = clock.monotonicMs() - asked;
    const nowAheadMs = Now.parse(rows[0]).ms - asked - tookMs / 2;
    const stepMs = aheadMs === null ? 0 : nowAheadMs - aheadMs;
    if (Math.abs(stepMs) > STEP_MS + tookMs) {
      const { rowCount } = await db.query(SHIFT, [workspaceId, stepMs, SAME_STEP_MS, SAME_WITHIN_MS]);
      log.warn({ stepMs: Math.round(stepMs), deadlines: rowCount }, 'the clock was set; deadlines were shifted');
    }
    aheadMs = nowAheadMs;
  };
}
