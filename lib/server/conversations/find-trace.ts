import type { TurnState } from '@/lib/domain/conversation/conversation-state';
import type { AgentMessage } from '@/lib/protocol/message';
import type { EngineRun, Gateway } from '../letta/gateway';

/**
 * What the engine shows of a turn: the run that it began, as far as one can be it, and whether its input was taken.
 * `newestId`: of the thread's newest message, which moves as long as somebody works.
 */
export type Trace = { run: EngineRun | null; isTaken: boolean; newestId: string | null };

/** The engine's clock may be behind ours by so much. */
const SKEW_MS = 2_000;
const LISTED = 100;

/**
 * Looks for what the engine shows of a turn that went out at `startedAt`. A run carries no mark of ours, and the clocks
 * differ: so a run that began with another input, one of `others` (runs of other turns), or one that is over without what
 * such an end leaves of this input, is another's however close it lies.
 */
export async function findTrace(
  reach: () => Gateway,
  turn: TurnState,
  startedAt: Date,
  others: ReadonlySet<string>,
): Promise<Trace> {
  const gateway = reach();
  const { thread, input } = turn;
  const pending = input.kind === 'answers' ? await gateway.findPendingApproval(thread) : null;
  // Before the runs: what it shows of one that then turns out to be over is all there is.
  const listed = await gateway.listMessages(thread, { limit: LISTED });
  const newestId = listed.at(-1)?.messageId ?? null;
  const inputs = listed.filter(isInput);
  const own = inputs.find((message) => isInputOf(turn, message));
  const all = await gateway.listRuns(thread.agentId, new Date(startedAt.getTime() - SKEW_MS));
  const runs = all.filter(({ threadId }) => threadId === thread.threadId);
  const isTaken = input.kind === 'answers' ? pending?.messageId !== input.messageId : turn.isAccepted || Boolean(own);
  const runId = turn.runId ?? own?.runId ?? null;
  if (runId !== null) return { run: runs.find((run) => run.id === runId) ?? null, isTaken, newestId };
  const elsewhere = new Set(inputs.map((message) => message.runId));
  // A run that failed or was cancelled may have taken a message and left nothing of it; the call that waits is gone then.
  const fits = (run: EngineRun) =>
    isTaken || isWorking(run) || (input.kind !== 'answers' && run.status !== 'completed');
  const canBeIts = (run: EngineRun) => !elsewhere.has(run.id) && !others.has(run.id) && fits(run);
  return { run: runs.findLast(canBeIts) ?? null, isTaken, newestId };
}

export const isWorking = (run: EngineRun): boolean => run.status === 'created' || run.status === 'running';

const inputTypes = new Set<AgentMessage['messageType']>([
  'user_message',
  'system_message',
  'approval_response_message',
]);
const isInput = ({ messageType }: AgentMessage): boolean => inputTypes.has(messageType);

function isInputOf({ input }: TurnState, message: AgentMessage): boolean {
  if (input.kind !== 'answers') return message.otid === input.otid;
  const given = new Set((message.approvals ?? []).map(({ toolCallId }) => toolCallId));
  return input.results.some(({ toolCallId }) => given.has(toolCallId));
}
