import { z } from 'zod';
import { system } from '@/lib/protocol/actor';
import { AgentId, ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from '../ledger/command';
import type { Runtime } from '../runtime';
import { wakeThread } from './commit-decision';

/** Only a net: whoever leaves a thread is told when its server is back. */
const LOOK_MS = 15_000;

const Row = z.object({ server: ServerName, agentId: AgentId, threadKey: z.string(), isLookedAfter: z.boolean() });

/**
 * Has every thread looked after whose server is there: at the start, when a server comes back, and now and then those
 * that nobody looks after, since whoever left them is gone, or will only come in a long while. What else there is to do
 * at a server is not kept waiting for its next try either, which may be hours away, once the server is back.
 */
export function wakeThreads(rt: Runtime): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const wake = (servers: () => ServerName[], isNet: boolean) => {
    running = running
      .then(() => wakeThem(rt, servers(), isNet))
      .catch((err: unknown) => rt.log.warn({ err }, 'threads of a Letta server could not be woken'));
  };
  const connected = () =>
    rt.letta
      .list()
      .filter(({ state }) => state === 'connected')
      .map(({ name }) => name);
  const ignore = rt.letta.onConnected((server) => wake(() => [server], false));
  const timer = setInterval(() => wake(connected, true), LOOK_MS);
  wake(connected, false);
  return {
    stop: async () => {
      clearInterval(timer);
      ignore();
      await running;
    },
  };
}

/** Through the ledger, whose writer touches the same jobs: two who take them in another order would wait for each other. */
async function wakeThem(
  { ledger, workspaceId, database: { pool } }: Runtime,
  servers: ServerName[],
  isNet: boolean,
): Promise<void> {
  if (servers.length === 0) return;
  const threads = (await findThreads(pool, workspaceId, servers)).filter((each) => !(isNet && each.isLookedAfter));
  if (isNet && threads.length === 0) return;
  await ledger.append({
    workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [],
      effects: threads.map(({ server, agentId, threadKey }) =>
        wakeThread(workspaceId, { server, agentId, threadId: threadKey === '' ? null : threadKey }),
      ),
      ...(!isNet && { write: (db: Queryable) => tryAgain(db, servers) }),
      answer: () => null,
    }),
  });
}

/** Threads with a turn to look after. `isLookedAfter`: a job does, before the net is thrown again. */
async function findThreads(db: Queryable, workspaceId: WorkspaceId, servers: ServerName[]) {
  const { rows } = await db.query(
    `SELECT DISTINCT t.server, t.agent_id AS "agentId", t.thread_key AS "threadKey",
       EXISTS (SELECT 1 FROM graphile_worker.jobs j
               WHERE j.key = 'thread:' || t.server || '/' || t.agent_id || '/' || t.thread_key
                 AND j.attempts < j.max_attempts AND j.run_at < clock_timestamp() + $3 * interval '1 ms') AS "isLookedAfter"
     FROM conversation c JOIN turn t ON t.workspace_id = c.workspace_id AND t.conversation_id = c.id
     WHERE c.workspace_id = $1 AND t.state IN ('queued', 'started') AND t.server = ANY ($2::text[])`,
    [workspaceId, servers, LOOK_MS],
  );
  return rows.map((row) => Row.parse(row));
}

/** Has jobs tried again at once that have failed at these servers: those that name one, or stand in a queue of its threads. */
async function tryAgain(db: Queryable, servers: readonly ServerName[]): Promise<void> {
  await db.query(
    `SELECT graphile_worker.reschedule_jobs(array_agg(j.id), run_at => clock_timestamp(), attempts => 0)
     FROM graphile_worker._private_jobs j LEFT JOIN graphile_worker._private_job_queues q ON q.id = j.job_queue_id
     WHERE j.attempts > 0 AND j.locked_at IS NULL AND EXISTS (
       SELECT 1 FROM unnest($1::text[]) AS name
       WHERE j.payload->>'server' = name OR starts_with(q.queue_name, 'thread:' || name || '/'))
     HAVING count(*) > 0`,
    [servers],
  );
}
