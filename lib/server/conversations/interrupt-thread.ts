import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import { AgentId, ServerName, TurnId } from '@/lib/protocol/ids';
import type { Task } from '../jobs';
import type { Thread } from '../letta/gateway';
import type { Runtime } from '../runtime';

const ThreadToStop = z.object({
  server: ServerName,
  agentId: AgentId,
  threadId: z.string().nullable(),
  turnId: TurnId.optional(),
  messageId: z.string().optional(),
});

/** How long a turn that has just gone out may take to become something that can be stopped. */
const TRY_MS = 5_000;
const PAUSE_MS = 200;

/**
 * Ends the turn that is named; else the call that is, where nobody will answer it any more. At another call the agent
 * stands for somebody else by now.
 */
export const interruptThread = (rt: Runtime): Task<typeof ThreadToStop> => ({
  name: 'thread.interrupt',
  payload: ThreadToStop,
  run: async ({ server, turnId, messageId, ...thread }, { signal }) => {
    rt.failpoint('seat.before_interrupt');
    if (turnId) return interruptTurn(rt, server, thread, turnId, signal);
    const { gateway } = rt.letta.require(server);
    const pending = await gateway.findPendingApproval(thread);
    if (!pending || (messageId !== undefined && pending.messageId !== messageId)) return;
    await gateway.interrupt(thread, pending.runId ?? undefined);
  },
});

/** A turn that ends by itself meanwhile, or that the engine does not stop, is none the less over for those who asked. */
async function interruptTurn(
  rt: Runtime,
  server: ServerName,
  thread: Thread,
  turnId: TurnId,
  signal: AbortSignal,
): Promise<void> {
  const until = rt.clock.monotonicMs() + TRY_MS;
  while (!signal.aborted && rt.clock.monotonicMs() < until) {
    const { rows } = await rt.database.pool.query<{ run_id: string | null }>(
      "SELECT run_id FROM turn WHERE workspace_id = $1 AND id = $2 AND state = 'started'",
      [rt.workspaceId, turnId],
    );
    const [turn] = rows;
    if (!turn) return;
    const { gateway } = rt.letta.require(server);
    try {
      if (turn.run_id !== null && (await gateway.interrupt(thread, turn.run_id))) return;
    } catch (error) {
      if (!isAppError(error) || error.code !== 'agent.busy') throw error;
      rt.log.info({ err: error, server, ...thread }, 'a turn goes on, since it cannot be stopped by itself');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
