import type { Carried } from './carry-message';
import type { ConversationDecision, ConversationFact, ConversationState, Ids, QueuedTurn } from './conversation-state';
import { decideStop } from './decide-stop';

/** What sending messages comes to, with the answers that go out with it. */
export function carriedDecision(
  state: ConversationState,
  facts: ConversationFact[],
  all: Carried,
  answers: QueuedTurn[],
  ids: Ids,
): ConversationDecision {
  const queue = [...all.queue, ...answers];
  const carried = { ok: true as const, facts: [...facts, ...all.facts], queue, wake: queue.map((turn) => turn.thread) };
  return all.limitReached && state.phase !== 'stopped' ? limitStop(state, carried, all, ids) : carried;
}

/** A conversation that has used its turns ends with the message that it could not carry: what was sent before it goes. */
function limitStop(
  state: ConversationState,
  carried: Extract<ConversationDecision, { ok: true }>,
  { conveyances, answers }: Carried,
  ids: Ids,
): ConversationDecision {
  const reason = `The limit of ${state.maxTurns} turns is reached.`;
  const after: ConversationState = {
    ...state,
    openTurns: [
      ...state.openTurns,
      ...carried.queue.map((turn) => ({ ...turn, state: 'queued' as const, runId: null, isAccepted: false })),
    ],
    openConveyances: [
      ...state.openConveyances,
      ...conveyances.map((each) => ({ ...each, answer: answers.get(each.id) ?? each.answer })),
    ],
  };
  const stopped = decideStop(after, { why: 'turn_limit', reason }, ids);
  if (!stopped.ok) return stopped;
  return {
    ...stopped,
    facts: [...carried.facts, ...stopped.facts],
    queue: [...carried.queue, ...stopped.queue],
    wake: [...carried.wake, ...stopped.wake],
  };
}
