import { answerStep, pendingAnswers } from './answer-step';
import { requireConversation } from './conversation-store';
import type { StepEnd } from './finish-step';
import { messagesById, placed } from './message-store';
import { prepareInput } from './prepare-turn';
import { findRun } from './run-store';
import type { Sandbox } from './sandbox-context';
import type { TurnInput } from './send-request';
import { takeStep } from './take-step';
import type { Turn, TurnEnd } from './turn';
import { noUsage } from './usage';

async function loadContext(sandbox: Sandbox, turn: Turn) {
  const ids = turn.conversationId
    ? (await requireConversation(sandbox, turn.conversationId)).messageIds
    : turn.agent.messageIds;
  return messagesById(sandbox, ids);
}

const isCancelled = async (sandbox: Sandbox, turn: Turn) =>
  (await findRun(sandbox, turn.runId))?.status === 'cancelled';

/**
 * Runs one turn to its end: steps until the agent rests, waits for an answer, or has used up its steps.
 *
 * The context is read once, before the first step. There is no lock: of two turns at once neither knows of the other,
 * both are stored and answered, and whichever ends last decides what the agent remembers.
 */
export async function runTurn(sandbox: Sandbox, turn: Turn, input: [TurnInput, ...TurnInput[]]): Promise<TurnEnd> {
  const stored = await loadContext(sandbox, turn);
  const prepared = prepareInput(stored, input);
  const place = { agentId: turn.agent.id, conversationId: turn.conversationId, runId: turn.runId, stepId: null };
  const inputs = [prepared.first, prepared.second].map((drafts) => placed(drafts, place, sandbox.clock.now()));
  let end: StepEnd = { context: stored, stopReason: null, usage: noUsage };
  for (let step = 0; step < turn.maxSteps; step += 1) {
    const waiting = inputs[step] ?? [];
    const start = { context: [...end.context, ...waiting], waiting, usage: end.usage };
    const answered = pendingAnswers(start.context);
    if (!answered && (await isCancelled(sandbox, turn))) return { stopReason: 'cancelled', usage: end.usage };
    end = answered ? await answerStep(sandbox, turn, start, answered) : await takeStep(sandbox, turn, start);
    if (end.stopReason) return { stopReason: end.stopReason, usage: end.usage };
  }
  return { stopReason: 'max_steps', usage: end.usage };
}
