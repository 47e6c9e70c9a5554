import type { TurnState } from '@/lib/domain/conversation/conversation-state';
import type { TurnEnd } from '@/lib/domain/conversation/decide-turn';
import { callsOf } from '@/lib/protocol/message-calls';
import type { EngineRun, Gateway } from '../letta/gateway';
import type { Restart } from '../letta/letta-servers';
import type { Runtime } from '../runtime';
import { findTrace, isWorking } from './find-trace';
import { isEngineAway } from './is-engine-away';

const POLL_MS = 500;
/** How long the engine may take to show any trace of an input whose sending was cut off. */
const TRACE_MS = 6_000;
/**
 * A run that is listed as working but brings nothing for so long has lost its worker. A server that starts anew goes on
 * listing the runs of before: where it did, they are over; where it may have, they have this long to show that they are not.
 */
const QUIET_MS: Record<Restart, number> = { none: 90_000, possible: 10_000, certain: 5_000 };
const WHY_LOST: Record<Restart, string> = {
  none: 'Letta lists the run as working, but nothing comes of it.',
  possible: 'Letta may have started anew while nobody looked: it lists the run as working, but nothing comes of it.',
  certain: 'Letta was down and has come back: it lists the run as working, but nothing comes of it.',
};

export type LookedUp = Pick<TurnEnd, 'runId' | 'stopReason' | 'error' | 'pending' | 'isNotSent' | 'isUnknown'>;

/** Since when nothing has come of a run, and what came last; undefined where it has not been looked at. */
type Quiet = { since: number; newestId: string | null | undefined };

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
 * for a run of it to end. Never sends; a run of which nothing comes any more is stopped by name, since it would keep the
 * thread from taking another turn. Null where it is left for later: `signal` asks so, or the server is away.
 */
export async function lookUpTurn(
  rt: Runtime,
  turn: TurnState,
  startedAt: Date,
  signal: AbortSignal,
): Promise<LookedUp | null> {
  // Asked for anew each time: a server may come back at another address.
  const { server } = turn.thread;
  const gateway = () => rt.letta.require(server).gateway;
  const others = await runsOfOthers(rt, turn);
  let isFirst = true;
  let tracelessSince: number | null = null;
  const quiet: Quiet = { since: 0, newestId: undefined };
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
      quiet.newestId = undefined;
      if (!(await rt.letta.isThere(server))) return null;
    } else if (!found.isTaken && (found.run === null || isKeptAtOnce(turn))) {
      tracelessSince ??= now;
      if (now - tracelessSince < TRACE_MS) continue;
      if (turn.input.kind === 'answers') return notArrived;
      return unknown('Letta shows no trace of this message: it may or may not have arrived.', null);
    } else if (found.run && isWorking(found.run)) {
      if (quiet.newestId !== found.newestId) Object.assign(quiet, { since: now, newestId: found.newestId });
      // Somebody else's run may have begun since, and be alive: what counts is what has become of the server after both.
      const restart = await rt.letta.hasRestarted(server, later(startedAt, found.run.createdAt));
      if (now - quiet.since <= QUIET_MS[restart]) continue;
      if (restart === 'certain' || found.run.id === turn.runId) await stopRun(rt, turn, found.run.id);
      if (restart === 'certain' && turn.input.kind === 'answers' && !found.isTaken) return notArrived;
      return unknown(WHY_LOST[restart], found.run.id);
    } else {
      return await endOf(gateway(), turn, found.run);
    }
  }
  return null;
}

/**
 * Whether the engine keeps this input as soon as it takes it: answers that run no tool. As long as the agent stands at
 * the call, they did not arrive then, whatever run is listed as working.
 */
const isKeptAtOnce = ({ input }: TurnState): boolean =>
  input.kind === 'answers' && input.results.every(({ leave }) => leave !== 'approve');

const later = (one: Date, other: Date): Date => (one > other ? one : other);

/**
 * Where it cannot be stopped, the engine has the last word when the thread is spoken to again. HAZARD: in an agent's
 * default thread it would also deny the call at which the agent still stands, for which the answers have to go out again.
 */
async function stopRun(rt: Runtime, { thread, input }: TurnState, runId: string): Promise<void> {
  if (input.kind === 'answers' && thread.threadId === null) return;
  await rt.letta
    .require(thread.server)
    .gateway.interrupt(thread, runId)
    .catch((err: unknown) => rt.log.info({ err, ...thread, runId }, 'a run of which nothing comes was not stopped'));
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
