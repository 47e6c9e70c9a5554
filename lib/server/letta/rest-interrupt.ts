import { z } from 'zod';
import { AppError } from '@/lib/protocol/errors';
import { callsOf } from '@/lib/protocol/message-calls';
import type { PendingApproval, Thread } from './gateway';
import type { RestClient } from './rest-client';
import { findPendingInThread } from './rest-history';
import { ACTIVE, findRun, listPage } from './rest-runs';
import { receive } from './rest-send';

const REASON = 'The request was cancelled, so the call was denied.';
const Named = z.looseObject({ run_id: z.string().min(1) });

/**
 * Stops a run, or every active run of the thread. The server would cancel an agent's last run whether it is over or not,
 * and would take a call that waits for a run that works: so the runs are named.
 */
export async function interruptThread(client: RestClient, thread: Thread, runId?: string): Promise<boolean> {
  const run = runId === undefined ? null : await findRun(client, runId);
  const runIds =
    runId === undefined ? await activeRuns(client, thread) : run && ACTIVE.includes(run.status) ? [runId] : [];
  if (runIds.length > 0) {
    if (thread.threadId !== null) await requireFreeHall(client, thread);
    return cancelRuns(client, thread, runIds);
  }
  const pending = run ? await findPendingInThread(client, thread) : null;
  return pending !== null && pending.runId === runId && giveUp(client, thread, pending);
}

/**
 * Gives up a call at which a thread stands. HAZARD: cancelling its run denies what the agent's DEFAULT thread stands at,
 * whichever thread the run is of (letta 0.16.8), and leaves another thread standing: there the call is denied by an
 * answer, and the run which that begins is cancelled before the model speaks.
 */
async function giveUp(client: RestClient, thread: Thread, pending: PendingApproval): Promise<boolean> {
  if (thread.threadId === null) return cancelRuns(client, thread, pending.runId === null ? [] : [pending.runId]);
  const isHallFree = (await findPendingInThread(client, { ...thread, threadId: null })) === null;
  const answers = callsOf(pending.message).map(({ toolCallId }) => ({
    kind: 'deny' as const,
    toolCallId,
    reason: REASON,
  }));
  const connection = new AbortController();
  let isStopped = false;
  try {
    for await (const frame of receive(client, thread, { kind: 'answers', answers }, connection)) {
      const named = Named.safeParse(frame).data;
      if (isStopped || !named) continue;
      isStopped = true;
      // Else the agent reads the denial and says what it has to say.
      if (isHallFree) await cancelRuns(client, thread, [named.run_id]);
    }
  } finally {
    connection.abort();
  }
  return (await findPendingInThread(client, thread))?.messageId !== pending.messageId;
}

/** HAZARD: as above. A turn of another thread is not stopped at the price of a call that a person is to decide about. */
async function requireFreeHall(client: RestClient, thread: Thread): Promise<void> {
  if (!(await findPendingInThread(client, { ...thread, threadId: null }))) return;
  throw new AppError(
    'agent.busy',
    'This cannot be stopped as long as the agent stands at a call in its main thread: Letta would deny that, too.',
  );
}

async function cancelRuns(client: RestClient, thread: Thread, runIds: string[]): Promise<boolean> {
  if (runIds.length === 0) return false;
  const results = await client.write(
    z.record(z.string(), z.unknown()),
    (options) => client.letta.agents.messages.cancel(thread.agentId, { run_ids: runIds }, options),
    { agentId: thread.agentId },
  );
  return Object.values(results).includes('cancelled');
}

async function activeRuns(client: RestClient, thread: Thread): Promise<string[]> {
  const query = {
    agent_id: thread.agentId,
    statuses: ACTIVE,
    ...(thread.threadId === null ? {} : { conversation_id: thread.threadId }),
  };
  const runs = await listPage(client, query);
  return runs.filter((run) => (run.conversation_id ?? null) === thread.threadId).map((run) => run.id);
}
