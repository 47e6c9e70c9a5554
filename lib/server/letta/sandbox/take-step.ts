import { askModel } from './ask-model';
import { executeCalls } from './execute-calls';
import { finishStep, type StepEnd, type StepStart } from './finish-step';
import { newLettaId, precedingMessageId } from './letta-id';
import { noteStep } from './run-store';
import type { Sandbox } from './sandbox-context';
import type { DraftMessage, StoredCall } from './stored-message';
import { needsAnswer, type Turn } from './turn';

const isTerminal = (turn: Turn, calls: StoredCall[]) =>
  calls.some((call) => turn.agent.toolRules.some((rule) => rule.type === 'exit_loop' && rule.tool_name === call.name));

/**
 * One call of the model and what follows from it. INVARIANT: everything of the step is stored at its end and at once,
 * the input included; a step that throws leaves nothing, and until it ends the listing shows nothing of it.
 */
export async function takeStep(sandbox: Sandbox, turn: Turn, start: StepStart): Promise<StepEnd> {
  const stepId = newLettaId('step');
  await noteStep(sandbox, turn.runId, stepId);
  const { reply, usage } = await askModel(sandbox, turn, start, stepId);
  const { content } = reply;
  const gated = reply.calls.filter((call) => needsAnswer(turn, call.name));
  const free = reply.calls.filter((call) => !needsAnswer(turn, call.name));
  const sender = { name: null, senderId: null, otid: null };
  if (gated.length > 0) {
    const request: DraftMessage = {
      id: precedingMessageId(reply.messageId),
      body: { role: 'approval_request', content: free.length > 0 ? [] : content, calls: gated },
    };
    const unrun: DraftMessage = { id: reply.messageId, body: { role: 'assistant', content, calls: free, ...sender } };
    const drafts = free.length > 0 ? [unrun, request] : [request];
    return { ...(await finishStep(sandbox, turn, start, { drafts, stepId })), stopReason: 'requires_approval', usage };
  }
  if (free.length > 0) {
    const { calls, returned } = await executeCalls(sandbox, turn, free, { checkAttached: true });
    const called: DraftMessage = { id: reply.messageId, body: { role: 'assistant', content, calls, ...sender } };
    const ended = await finishStep(sandbox, turn, start, { drafts: [called, returned], stepId });
    return { ...ended, stopReason: isTerminal(turn, free) ? 'tool_rule' : null, usage };
  }
  const said: DraftMessage = { id: reply.messageId, body: { role: 'assistant', content, calls: [], ...sender } };
  const drafts = content.length > 0 ? [said] : [];
  return { ...(await finishStep(sandbox, turn, start, { drafts, stepId })), stopReason: 'end_turn', usage };
}
