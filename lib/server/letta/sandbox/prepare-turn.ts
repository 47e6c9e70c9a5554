import { newLettaId } from './letta-id';
import { pendingApproval, refuse } from './letta-refusal';
import { pythonRepr } from './python-text';
import { keepAlive, type TurnInput } from './send-request';
import type { DraftMessage, StoredAnswer, StoredMessage } from './stored-message';

/** Messages of the first step, and those that follow in the second (said together with answers). */
type PreparedInput = { first: DraftMessage[]; second: DraftMessage[] };

const LOOKED_BACK = 10;
const NOTHING_PENDING =
  'Cannot process approval response: No tool call is currently awaiting approval. ' +
  'Please send a regular message to interact with the agent.';

const sameIds = (some: string[], others: string[]) =>
  some.length > 0 && some.every((id) => others.includes(id)) && others.every((id) => some.includes(id));

const draftsOf = (inputs: TurnInput[]) => inputs.flatMap((input) => (input.kind === 'message' ? [input.draft] : []));

const isEmpty = ({ body }: DraftMessage) =>
  (body.role === 'system' && body.text === '') || (body.role === 'user' && body.content.length === 0);

/**
 * Decides what an input means where the thread stands. Something said while an approval is pending is 409; answers are
 * 400 unless they are for exactly the calls that wait. Answers to calls that have returned already are NOT refused: the
 * server makes up a keep-alive message and asks the model again.
 */
export function prepareInput(context: StoredMessage[], [first, ...others]: [TurnInput, ...TurnInput[]]): PreparedInput {
  const last = context.at(-1);
  if (first.kind === 'message') {
    if (last?.body.role === 'approval_request') throw pendingApproval(last.id);
    if ([first.draft, ...draftsOf(others)].some(isEmpty)) throw refuse(400, 'Message content is empty or invalid');
    return { first: [first.draft, ...draftsOf(others)], second: [] };
  }
  if (last?.body.role !== 'approval_request') return prepareLateAnswers(context, first.answers, draftsOf(others));
  const answers = checkedAnswers(
    last.id,
    last.body.calls.map((call) => call.id),
    first.answers,
  );
  const response: DraftMessage = { id: newLettaId('message'), body: { role: 'approval_response', answers } };
  return { first: [response], second: draftsOf(others) };
}

function prepareLateAnswers(context: StoredMessage[], answers: StoredAnswer[], said: DraftMessage[]): PreparedInput {
  const answered = answers.map((answer) => answer.callId);
  const returned = context.slice(-LOOKED_BACK).some(
    ({ body }) =>
      body.role === 'tool' &&
      sameIds(
        body.returns.map((given) => given.callId),
        answered,
      ),
  );
  if (!returned) throw refuse(400, NOTHING_PENDING);
  return { first: said.length > 0 ? said : [keepAlive()], second: [] };
}

/** All calls of the request must be answered at once. A single one may be named by the id of the request itself. */
function checkedAnswers(requestId: string, waiting: string[], answers: StoredAnswer[]): StoredAnswer[] {
  const answered = answers.map((answer) => answer.callId);
  if (answered.length === 0) {
    throw refuse(400, 'Invalid approval response. Approval response message does not contain any approvals.');
  }
  if (sameIds(answered, waiting)) return answers;
  const [only] = waiting;
  if (only !== undefined && waiting.length === 1 && answered[0] === requestId) {
    return answers.slice(0, 1).map((answer) => ({ ...answer, callId: only }));
  }
  throw refuse(
    400,
    `Invalid tool call IDs. Expected '${pythonRepr(waiting)}', but received '${pythonRepr(answered)}'.`,
  );
}
