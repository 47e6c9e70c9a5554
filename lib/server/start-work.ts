import { expireSeat } from './conversations/expire-seat';
import { interruptThread } from './conversations/interrupt-thread';
import { observeServers } from './conversations/observe-servers';
import { releaseGates } from './conversations/release-gates';
import { runThread } from './conversations/run-thread';
import { wakeThreads } from './conversations/wake-threads';
import { yieldObserved } from './conversations/yield-conversations';
import { startDeadlines } from './deadlines';
import { answerStandingCall } from './drafts/answer-call';
import { draftDeadlines } from './drafts/draft-deadlines';
import { observeApprovals } from './drafts/observe-approvals';
import { keepHouse } from './keep-house';
import { simulateTask } from './runners/simulated';
import type { Runtime } from './runtime';
import { releaseHeldTasks } from './tasks/release-held-tasks';
import { taskDeadlines } from './tasks/task-deadlines';
import { tellPrincipal } from './tasks/tell-principal';

/** Starts what acts by itself: jobs, deadlines, and whoever looks out for what happens unasked. */
export async function startWork(rt: Runtime): Promise<{ stop(): Promise<void> }[]> {
  await rt.jobs.start([
    runThread(rt),
    interruptThread(rt),
    releaseGates(rt),
    yieldObserved(rt),
    simulateTask(rt),
    tellPrincipal(rt),
    releaseHeldTasks(rt),
    answerStandingCall(rt),
  ]);
  return [
    startDeadlines({
      pool: rt.database.pool,
      workspaceId: rt.workspaceId,
      instanceId: rt.instanceId,
      handlers: { 'seat.lease': expireSeat(rt), ...taskDeadlines(rt), ...draftDeadlines(rt) },
      log: rt.log,
    }),
    observeServers(rt),
    wakeThreads(rt),
    observeApprovals(rt),
    keepHouse(rt),
  ];
}
