import type pg from 'pg';
import { z } from 'zod';
import { AgentId, ServerName, type WorkspaceId } from '@/lib/protocol/ids';
import { writeEffects } from '../ledger/write-entries';
import type { Runtime } from '../runtime';
import { wakeThread } from './commit-decision';

/** Only a net: whoever leaves a thread is told when its server is back. */
const LOOK_MS = 15_000;

const Row = z.object({ server: ServerName, agentId: AgentId, threadKey: z.string(), isLookedAfter: z.boolean() });

/**
 * Has every thread looked after whose server is there: at the start, when a server comes back, and now and then those
 * that nobody looks after, since whoever left them is gone.
 */
export function wakeThreads(rt: Runtime): { stop(): Promise<void> } {
  const { pool } = rt.database;
  let running = Promise.resolve();
  const wake = (servers: () => ServerName[], isNet: boolean) => {
    running = running
      .then(() => wakeThem(pool, rt.workspaceId, servers(), isNet))
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

async function wakeThem(pool: pg.Pool, workspaceId: WorkspaceId, servers: ServerName[], isNet: boolean) {
  if (servers.length === 0) return;
  const { rows } = await pool.query(
    `SELECT DISTINCT t.server, t.agent_id AS "agentId", t.thread_key AS "threadKey",
       EXISTS (SELECT 1 FROM graphile_worker.jobs j
               WHERE j.key = 'thread:' || t.server || '/' || t.agent_id || '/' || t.thread_key
                 AND j.attempts < j.max_attempts) AS "isLookedAfter"
     FROM conversation c JOIN turn t ON t.workspace_id = c.workspace_id AND t.conversation_id = c.id
     WHERE c.workspace_id = $1 AND t.state IN ('queued', 'started') AND t.server = ANY ($2::text[])`,
    [workspaceId, servers],
  );
  const threads = rows.map((row) => Row.parse(row)).filter(({ isLookedAfter }) => !(isNet && isLookedAfter));
  await writeEffects(
    pool,
    threads.map(({ server, agentId, threadKey }) =>
      wakeThread(workspaceId, { server, agentId, threadId: threadKey === '' ? null : threadKey }),
    ),
  );
}
