import { setTimeout as delay } from 'node:timers/promises';
import { callGone } from '@/lib/domain/draft/call-gone';
import { isAppError } from '@/lib/protocol/errors';
import type { ServerName } from '@/lib/protocol/ids';
import type { EngineAgent, PendingApproval, Thread } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { loadLoose } from './load-drafts';
import { offerPending } from './offer-pending';
import { seatedThreads } from './seated-threads';
import { isSeatedNow, withdrawDraft } from './withdraw-draft';

/** Between two requests about single threads: with all else that is asked regularly, fewer than five a second. */
const PACE_MS = 300;
/** The first look goes further back than those that follow. */
const FIRST_RUNS = 1_000;
const RUNS = 100;

/**
 * Looks for calls that wait in the other threads of a server's agents, which their listing does not tell: one request
 * finds the newest runs that stopped for an approval, and each such thread is asked once whether it still waits. What is
 * gone again is withdrawn. Returns one look; call it again and again, not twice at once.
 */
export function threadObserver(rt: Runtime, server: ServerName, signal: AbortSignal): () => Promise<void> {
  /** Runs of which it is known whether somebody has to answer; kept as long as the engine lists them. */
  let settled: ReadonlySet<string> | null = null;
  const gateway = () => rt.letta.require(server).gateway;

  async function pendingIn(thread: Thread): Promise<PendingApproval | null> {
    await delay(PACE_MS, undefined, { signal });
    return gateway().findPendingApproval(thread);
  }

  const pendingOrGone = (thread: Thread) =>
    pendingIn(thread).catch((error: unknown) => {
      if (isAppError(error) && error.code === 'agent.not_found') return null;
      throw error;
    });

  /**
   * Also where somebody has cancelled the run that asked. HAZARD: outside of an agent's default thread that denies nothing
   * in Letta (0.16.8): the thread would stand at the call for ever and take no other message, so it is given up here.
   */
  async function isCallGone(thread: Thread, messageId: string): Promise<boolean> {
    const pending = await pendingOrGone(thread);
    if (pending?.messageId !== messageId) return true;
    if (pending.runId === null) return false;
    await delay(PACE_MS, undefined, { signal });
    const run = await gateway().findRun(pending.runId);
    return run?.status === 'cancelled' && gateway().interrupt(thread, pending.runId);
  }

  async function findNew(): Promise<void> {
    const runs = await gateway().listApprovalRuns(settled === null ? FIRST_RUNS : RUNS);
    const seated = await seatedThreads(rt, server);
    const known = new Set(runs.map(({ runId }) => runId).filter((runId) => settled?.has(runId)));
    settled = known;
    const fresh = runs.filter((run) => run.threadId !== null && !known.has(run.runId) && !seated.has(run));
    if (fresh.length === 0) return;
    const agents = new Map<string, EngineAgent>((await gateway().listAgents()).map((agent) => [agent.id, agent]));
    for (const [threadId, ofThread] of Map.groupBy(fresh, (run) => run.threadId)) {
      const agent = agents.get(ofThread[0]?.agentId ?? '');
      const pending = agent ? await pendingIn({ agentId: agent.id, threadId }) : null;
      if (agent && pending) await offerPending(rt, { server, agent, threadId, pending });
      for (const { runId } of ofThread) known.add(runId);
    }
  }

  async function withdrawGone(): Promise<void> {
    const { drafts } = await loadLoose(rt.database.pool, rt.workspaceId, server);
    const seated = await seatedThreads(rt, server);
    for (const draft of drafts) {
      const { messageId, threadId, conversationId, from } = draft;
      if (messageId === null || threadId === null) continue;
      const thread = { agentId: from.agentId, threadId };
      if (seated.hasElsewhere(thread, conversationId)) await withdrawDraft(rt, draft, isSeatedNow(from.name));
      else if (await isCallGone(thread, messageId)) await withdrawDraft(rt, draft, callGone);
    }
  }

  return async () => {
    await findNew();
    await withdrawGone();
  };
}
