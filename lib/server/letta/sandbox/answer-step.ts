import { executeCalls } from './execute-calls';
import { finishStep, type StepEnd, type StepStart } from './finish-step';
import type { Sandbox } from './sandbox-context';
import type { StoredAnswer, StoredCall, StoredMessage, StoredReturn } from './stored-message';
import type { Turn } from './turn';

type Pending = { request: StoredMessage; asked: StoredCall[]; unrun: StoredCall[]; answers: StoredAnswer[] };

/** The request and response that a context ends with; null when it ends otherwise. */
export function pendingAnswers(context: StoredMessage[]): Pending | null {
  const [before, request, response] = [context.at(-3), context.at(-2), context.at(-1)];
  if (request?.body.role !== 'approval_request' || response?.body.role !== 'approval_response') return null;
  const unrun = before?.body.role === 'assistant' ? before.body.calls : [];
  return { request, asked: request.body.calls, unrun, answers: response.body.answers };
}

const denialOf = (answer: Extract<StoredAnswer, { type: 'approval' }>): StoredReturn => ({
  callId: answer.callId,
  status: 'error',
  text: `Error: request to call tool denied. User reason: ${answer.reason ?? 'None'}`,
  stdout: null,
  stderr: null,
});

/** Returns that need no tool to run: results that were given come before denials. */
function returnsGiven(asked: StoredCall[], answers: StoredAnswer[]): StoredReturn[] {
  const results = answers.flatMap((answer) => {
    if (answer.type !== 'tool') return [];
    const { type: _type, ...given } = answer;
    return [given];
  });
  const denials = asked.flatMap((call) => {
    const answer = answers.find((candidate) => candidate.callId === call.id);
    return answer?.type === 'approval' && !answer.approve ? [denialOf(answer)] : [];
  });
  return [...results, ...denials];
}

/**
 * The step that follows an answer: approved calls run, and so do those of the same reply that needed no approval. All
 * returns come in one message, which belongs to the old step and the new run. The model is asked in the next step.
 *
 * A turn that streams tokens does not tell the returns when nothing ran (all calls denied, or answered with a result).
 */
export async function answerStep(
  sandbox: Sandbox,
  turn: Turn,
  start: StepStart,
  { request, asked, unrun, answers }: Pending,
): Promise<StepEnd> {
  const approved = new Set(
    answers.flatMap((answer) => (answer.type === 'approval' && answer.approve ? [answer.callId] : [])),
  );
  const running = [...asked.filter((call) => approved.has(call.id)), ...unrun];
  const given = returnsGiven(asked, answers);
  const { returned } = await executeCalls(sandbox, turn, running, { checkAttached: false, given });
  const told = !turn.tokens || running.length > 0;
  const { context } = await finishStep(sandbox, turn, start, { drafts: [returned], stepId: request.stepId, told });
  const terminal = turn.agent.toolRules.filter((rule) => rule.type === 'exit_loop').map((rule) => rule.tool_name);
  const ends = given.length === 0 && running.length > 0 && running.every((call) => terminal.includes(call.name));
  return { context, stopReason: ends ? 'tool_rule' : null, usage: start.usage };
}
