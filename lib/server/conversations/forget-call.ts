import type { ThreadRef } from '@/lib/domain/conversation/conversation-state';
import { system } from '@/lib/protocol/actor';
import type { Runtime } from '../runtime';
import { wakeThread } from './commit-decision';
import { isWorking } from './find-trace';

/** A turn that works takes no longer before it is listed. */
const RUNS_MS = 60 * 60 * 1_000;

/**
 * Lets an agent in a seat be given other turns again that stands no more at its call, where nothing will ever say so:
 * somebody has emptied its thread, and the server lists the request as its last message for good. Of a call that was
 * answered or cancelled the listing tells, and the turn that follows it is not to be disturbed.
 */
export async function forgetCall(rt: Runtime, thread: ThreadRef, messageId: string): Promise<void> {
  const { workspaceId } = rt;
  const { gateway } = rt.letta.require(thread.server);
  const runs = await gateway.listRuns(thread.agentId, new Date(rt.clock.now().getTime() - RUNS_MS));
  if (runs.some((run) => run.threadId === thread.threadId && isWorking(run))) return;
  if ((await gateway.listMessages(thread, { after: messageId, limit: 1 })).length > 0) return;
  await rt.ledger.append({
    workspaceId,
    actor: system,
    load: async () => null,
    decide: () => ({
      ok: true,
      entries: [],
      effects: [wakeThread(workspaceId, thread)],
      write: async (db) => {
        await db.query(
          `UPDATE seat SET pending_id = NULL, pending_calls = NULL WHERE workspace_id = $1 AND server = $2
             AND agent_id = $3 AND thread_key = $4 AND pending_id = $5`,
          [workspaceId, thread.server, thread.agentId, thread.threadId ?? '', messageId],
        );
      },
      answer: () => null,
    }),
  });
}
