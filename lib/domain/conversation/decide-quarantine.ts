import type { EntryId, SeatId } from '@/lib/protocol/ids';
import { TurnId } from '@/lib/protocol/ids';
import { answersTurn } from './answer-calls';
import { carriedDecision } from './carried-decision';
import { type Carried, carryMessage, type Directory, refuseMessage } from './carry-message';
import type {
  ConversationDecision,
  ConversationFact,
  ConversationState,
  Ids,
  QuarantinedOutput,
  SeatState,
} from './conversation-state';
import { findSeat } from './conversation-state';
import { decideCall } from './decide-call';
import { receiverOf } from './decide-speak-as';
import { uncarriedCalls } from './end-hold';

type Settled = { action: 'release' | 'drop'; to?: SeatId | undefined; personName: string };

/**
 * A person settles what the agent of a held seat produced: `release` offers it as a draft of the seat, whatever its edge
 * says; `drop` tells an agent that stands at it that it went nowhere.
 */
export function decideQuarantine(
  state: ConversationState,
  entryId: EntryId,
  settled: Settled,
  directory: Directory,
  ids: Ids,
): ConversationDecision {
  const output = state.quarantine.find((each) => each.entryId === entryId);
  const seat = output && findSeat(state, output.seat);
  if (!output || !seat) return { ok: false, code: 'quarantine.not_found', message: 'Nothing such is kept back here.' };
  if (output.state !== 'kept') {
    return { ok: false, code: 'quarantine.settled', message: `It has been ${output.state} already.` };
  }
  const pending = uncarriedCalls(state, seat).some(
    (each) => each.messageId === output.messageId && each.toolCallId === output.toolCallId,
  );
  const { messageId, toolCallId } = output;
  const told = { seat: seat.id, entryId, messageId, toolCallId };
  if (settled.action === 'drop') {
    const dropped: ConversationFact = { type: 'output.dropped', payload: told, cause: output.seq };
    if (!pending) return { ok: true, facts: [dropped], queue: [], wake: [] };
    const text = `Error: ${settled.personName} did not let this message through.`;
    return settledCall(state, seat, [dropped], refusedCall(state, seat, output, text, ids), ids);
  }
  if (state.phase === 'stopped') {
    return { ok: false, code: 'conversation.state', message: 'The conversation is stopped; nothing is carried in it.' };
  }
  const released: ConversationFact = { type: 'output.released', payload: told, cause: output.seq };
  if (pending) {
    const call = seat.pending?.calls.find((each) => each.toolCallId === output.toolCallId);
    const author = { seat, rootId: rootOf(state, output, ids), messageId: output.messageId, isReleased: true };
    const carried = call && decideCall(state, directory, author, call, ids);
    if (carried) return settledCall(state, seat, [released], carried, ids);
  }
  return releaseWords(state, seat, output, released, settled.to, directory, ids);
}

/** Words that no call carries (any more): a message by itself, to the one whom the call named, or `to`. */
function releaseWords(
  state: ConversationState,
  seat: SeatState,
  output: QuarantinedOutput,
  released: ConversationFact,
  to: SeatId | undefined,
  directory: Directory,
  ids: Ids,
): ConversationDecision {
  const receiver = output.toAgentId ?? receiverOf(state, seat, to)?.agentId;
  if (!receiver) {
    const others = state.seats.flatMap((each) => (each.id === seat.id ? [] : [each.id]));
    return {
      ok: false,
      code: 'request.invalid',
      message: 'Say to whom.',
      fields: { to: `one of ${others.join(', ')}` },
    };
  }
  const message = {
    author: { seat, rootId: rootOf(state, output, ids), isReleased: true },
    messageId: output.messageId,
    toolCallId: null,
    mode: 'none' as const,
    content: output.content,
  };
  return carriedDecision(state, [released], carryMessage(state, directory, message, receiver, ids), [], ids);
}

function refusedCall(state: ConversationState, seat: SeatState, output: QuarantinedOutput, text: string, ids: Ids) {
  const to = state.seats.find((each) => each.agentId === output.toAgentId);
  return refuseMessage(
    {
      author: { seat, rootId: rootOf(state, output, ids) },
      messageId: output.messageId,
      toolCallId: output.toolCallId,
      mode: output.mode,
      content: output.content,
    },
    { agentId: output.toAgentId, name: to?.name ?? output.toAgentId ?? 'nobody' },
    text,
    ids,
  );
}

/** What became of a call at which the agent stands; its answers go out once all calls of the step have one. */
function settledCall(
  state: ConversationState,
  seat: SeatState,
  facts: ConversationFact[],
  carried: Carried,
  ids: Ids,
): ConversationDecision {
  const conveyances = [...state.openConveyances, ...carried.conveyances];
  const answers = answersTurn(state, seat, conveyances, carried.answers, ids);
  return carriedDecision(state, facts, carried, answers ? [answers] : [], ids);
}

const rootOf = (state: ConversationState, { messageId }: QuarantinedOutput, ids: Ids): TurnId =>
  state.openConveyances.find((each) => each.messageId === messageId)?.fromTurnId ?? TurnId.parse(ids.next());
