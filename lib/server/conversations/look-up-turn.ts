import type { TurnState } from '@/lib/domain/conversation/conversation-state';
import type { TurnEnd } from '@/lib/domain/conversation/decide-turn';
import { type ErrorCode, isAppError } from '@/lib/protocol/errors';
import { callsOf } from '@/lib/protocol/message';
import type { EngineRun, Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';

const POLL_MS = 500;
/** How long the engine may take to show any trace of an input whose sending was cut off. */
const TRACE_MS = 6_000;
/** A run that is listed as working but brings nothing for so long has lost its worker. */
const ZOMBIE_MS = 90_000;
/** The same where the server was away since the run began: its runs do not survive it, but stay listed. */
const ORPHAN_MS = 5_000;
/** The engine's clock may be behind ours by so much. */
const SKEW_MS = 2_000;

export type LookedUp = Pick<TurnEnd, 'runId' | 'stopReason' | 'error' | 'pending' | 'isNotSent' | 'isUnknown'>;

/** What a server that is away, or switched off, is met with. */
const AWAY: ReadonlySet<ErrorCode> = new Set(['engine.unavailable', 'engine.refused', 'letta_server.not_found']);

const unknown = (error: string, runId: string | null): LookedUp => ({
  runId,
  stopReason: 'lost',
  error,
  pending: null,
  isNotSent: false,
  isUnknown: true,
});

const isOver = (run: EngineRun): boolean => !['created', 'running'].includes(run.status);

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
  let isFirst = true;
  let tracelessSince: number | null = null;
  let workingSince: number | null = null;
  while (!signal.aborted) {
    if (!isFirst) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    isFirst = false;
    const found = await findTrace(gateway, turn, startedAt).catch((error: unknown) => {
      if (isAppError(error) && AWAY.has(error.code)) return 'away' as const;
      throw error;
    });
    const now = rt.clock.monotonicMs();
    if (found === 'away') {
      tracelessSince = null;
    } else if (found.run === null && !found.isTaken) {
      tracelessSince ??= now;
      if (now - tracelessSince < TRACE_MS) continue;
      if (turn.input.kind === 'answers')
        return {
          ...unknown('The answer did not arrive.', null),
          stopReason: 'not_sent',
          isNotSent: true,
          isUnknown: false,
        };
      return unknown('Letta shows no trace of this message: it may or may not have arrived.', null);
    } else if (found.run && !isOver(found.run)) {
      workingSince ??= now;
      const { since } = rt.letta.require(turn.thread.server).status;
      const patienceMs = new Date(since) > startedAt ? ORPHAN_MS : ZOMBIE_MS;
      if (now - workingSince > patienceMs)
        return unknown('Letta lists the run as working, but nothing comes of it.', found.run.id);
    } else {
      return await endOf(gateway(), turn, found.run);
    }
  }
  return null;
}

/** What the engine shows of a turn: its run, and whether it took the input. */
async function findTrace(
  reach: () => Gateway,
  turn: TurnState,
  startedAt: Date,
): Promise<{ run: EngineRun | null; isTaken: boolean }> {
  const gateway = reach();
  const runs = await gateway.listRuns(turn.thread.agentId, new Date(startedAt.getTime() - SKEW_MS));
  const run = (turn.runId === null ? runs.at(-1) : runs.find((each) => each.id === turn.runId)) ?? null;
  if (turn.input.kind === 'answers') {
    const pending = await gateway.findPendingApproval(turn.thread);
    return { run, isTaken: pending?.messageId !== turn.input.messageId };
  }
  const { otid } = turn.input;
  const listed = await gateway.listMessages(turn.thread, { limit: 100 });
  return { run, isTaken: turn.isAccepted || listed.some((message) => message.otid === otid) };
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
