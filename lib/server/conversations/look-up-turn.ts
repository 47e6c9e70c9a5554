import type { TurnState } from '@/lib/domain/conversation/conversation-state';
import type { TurnEnd } from '@/lib/domain/conversation/decide-turn';
import { callsOf } from '@/lib/protocol/message';
import type { EngineRun, Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { findTrace, isWorking } from './find-trace';
import { isEngineAway } from './is-engine-away';

const POLL_MS = 500;
/** How long the engine may take to show any trace of an input whose sending was cut off. */
const TRACE_MS = 6_000;
/** A run that is listed as working but brings nothing for so long has lost its worker. */
const ZOMBIE_MS = 90_000;
/** The same where the server was lost since the run began: its runs do not survive it, but stay listed. */
const ORPHAN_MS = 5_000;

export type LookedUp = Pick<TurnEnd, 'runId' | 'stopReason' | 'error' | 'pending' | 'isNotSent' | 'isUnknown'>;

const unknown = (error: string, runId: string | null): LookedUp => ({
  runId,
  stopReason: 'lost',
  error,
  pending: null,
  isNotSent: false,
  isUnknown: true,
});

/** The agent still stands at its call: the same answers go out again. */
const notArrived: LookedUp = {
  ...unknown('The answer did not arrive.', null),
  stopReason: 'not_sent',
  isNotSent: true,
  isUnknown: false,
};

/**
 * Finds out what became of a turn whose end was not seen: the connection broke, or Parley stopped in the middle. Waits
 * for the engine to be reachable and for a run of it to end. Never sends. Null when `signal` asks to leave it for later.
 */
export async function lookUpTurn(
  rt: Runtime,
  turn: TurnState,
  startedAt: Date,
  signal: AbortSignal,
): Promise<LookedUp | null> {
  // Asked for anew each time: a server may come back at another address.
  const gateway = () => rt.letta.require(turn.thread.server).gateway;
  const others = await runsOfOthers(rt, turn);
  let isFirst = true;
  let tracelessSince: number | null = null;
  let workingSince: number | null = null;
  while (!signal.aborted) {
    if (!isFirst) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    isFirst = false;
    const found = await findTrace(gateway, turn, startedAt, others).catch((error: unknown) => {
      if (isEngineAway(error)) return 'away' as const;
      throw error;
    });
    const now = rt.clock.monotonicMs();
    if (found === 'away') {
      tracelessSince = null;
    } else if (found.run === null && !found.isTaken) {
      tracelessSince ??= now;
      if (now - tracelessSince < TRACE_MS) continue;
      if (turn.input.kind === 'answers') return notArrived;
      return unknown('Letta shows no trace of this message: it may or may not have arrived.', null);
    } else if (found.run && isWorking(found.run)) {
      workingSince ??= now;
      const { restartedAt } = rt.letta.require(turn.thread.server);
      const isOrphan = restartedAt !== null && restartedAt > startedAt;
      if (now - workingSince <= (isOrphan ? ORPHAN_MS : ZOMBIE_MS)) continue;
      if (isOrphan && turn.input.kind === 'answers' && !found.isTaken) return notArrived;
      return unknown('Letta lists the run as working, but nothing comes of it.', found.run.id);
    } else {
      return await endOf(gateway(), turn, found.run);
    }
  }
  return null;
}

/** Runs of the turns that this thread has taken before. */
async function runsOfOthers(rt: Runtime, { id, thread }: TurnState): Promise<ReadonlySet<string>> {
  const { rows } = await rt.database.pool.query<{ run_id: string }>(
    `SELECT run_id FROM turn WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND thread_key = $4 AND id <> $5
       AND run_id IS NOT NULL ORDER BY position DESC LIMIT 100`,
    [rt.workspaceId, thread.server, thread.agentId, thread.threadId ?? '', id],
  );
  return new Set(rows.map((row) => row.run_id));
}

async function endOf(gateway: Gateway, turn: TurnState, run: EngineRun | null): Promise<LookedUp> {
  const failed = run !== null && (run.status === 'failed' || run.status === 'cancelled');
  const pending = failed ? null : await gateway.findPendingApproval(turn.thread);
  return {
    runId: run?.id ?? turn.runId,
    stopReason: run?.stopReason ?? (failed ? run.status : pending ? 'requires_approval' : 'end_turn'),
    error: failed ? (run.error ?? `The run was ${run.status}.`) : null,
    pending: pending ? { messageId: pending.messageId, calls: callsOf(pending.message) } : null,
    isNotSent: false,
    isUnknown: false,
  };
}
