import type { CallMode } from '@/lib/protocol/entries/conversation-entries';
import { type AgentId, ConveyanceId, type SeatId, TurnId } from '@/lib/protocol/ids';
import type { ToolCall } from '@/lib/protocol/message';
import type {
  ConversationFact,
  ConversationState,
  ConveyanceState,
  Ids,
  QueuedTurn,
  SeatState,
} from './conversation-state';
import { threadKey, threadOf } from './conversation-state';
import { incomingText, messagingCall } from './messaging-call';
import { closesCircle, type Wait } from './waiting-circle';

/** What is known of the agents that calls name: null where the engine knows none, and by tags. */
export type Directory = {
  agents: ReadonlyMap<AgentId, { name: string; seatedElsewhere: boolean } | null>;
  tagged: (matchAll: readonly string[], matchSome: readonly string[]) => AgentId[];
};

export type Carried = {
  facts: ConversationFact[];
  queue: QueuedTurn[];
  conveyances: ConveyanceState[];
  answers: Map<string, { status: 'success' | 'error'; text: string }>;
  /** Messages that go on their way: each is a turn of the conversation. */
  turns: number;
  /** The call could not be carried because the conversation has used its turns. */
  limitReached: boolean;
};

/** What becomes of one call of a messaging tool; null where the tool is none of ours to carry. */
export function decideCall(
  state: ConversationState,
  directory: Directory,
  author: { seat: SeatState; rootId: TurnId; messageId: string },
  call: ToolCall,
  ids: Ids,
): Carried | null {
  const parsed = messagingCall(call);
  if (parsed === null) return null;
  const carried: Carried = { facts: [], queue: [], conveyances: [], answers: new Map(), turns: 0, limitReached: false };
  const common = { author, call, ids, state, carried };
  if (!parsed.ok) {
    refuse({ ...common, content: call.arguments, mode: 'receipt', to: null }, parsed.text);
    return carried;
  }
  const { target, content, mode } = parsed;
  const agentIds = 'agentId' in target ? [target.agentId] : directory.tagged(target.matchAll, target.matchSome);
  const others = agentIds.filter((agentId) => agentId !== author.seat.agentId || 'agentId' in target);
  if (others.length === 0) {
    refuse({ ...common, content, mode, to: null }, 'Error: no other agent carries these tags.');
  }
  for (const agentId of others) carryTo({ ...common, content, mode, to: agentId }, directory);
  return carried;
}

type Carriage = {
  state: ConversationState;
  author: { seat: SeatState; rootId: TurnId; messageId: string };
  call: ToolCall;
  content: string;
  mode: CallMode;
  to: AgentId | null;
  ids: Ids;
  carried: Carried;
};

function carryTo(carriage: Carriage & { to: AgentId }, directory: Directory): void {
  const { state, author, carried, to } = carriage;
  const seat = state.seats.find((each) => each.agentId === to);
  const known = seat ? { name: seat.name, seatedElsewhere: false } : (directory.agents.get(to) ?? null);
  const thread = seat ? threadOf(state, seat) : { server: state.server, agentId: to, threadId: null };
  const from = threadKey(threadOf(state, author.seat));
  const isCircle = closesCircle([...waitsOf(state), ...waitsFrom(carried, state)], from, threadKey(thread));
  const refusal = known ? refusalOf(carriage, known, isCircle) : `Error: there is no agent with ID '${to}'.`;
  if (!known || refusal) {
    refuse(carriage, refusal ?? '', known?.name);
    return;
  }
  const turnId = TurnId.parse(carriage.ids.next());
  const otid = carriage.ids.next();
  const conveyance = send(carriage, { to: seat?.id ?? null, toName: known.name, turnId });
  carried.turns += 1;
  carried.queue.push({
    id: turnId,
    rootId: turnId,
    seat: seat?.id ?? null,
    thread,
    input: {
      kind: 'agent',
      text: incomingText(author.seat.agentId, carriage.content, carriage.mode),
      otid,
      senderId: author.seat.agentId,
      senderName: author.seat.name,
      conveyanceId: conveyance.id,
    },
  });
  // The receiver cannot read before the author goes on: the receipt comes first, or both would wait for ever.
  if (isCircle) {
    answer(
      carriage,
      conveyance,
      'success',
      `Message taken; ${known.name} will read it when the present turn has ended.`,
    );
  }
}

/** Why a message to a known agent is not carried, in words for its author; null when it is. */
function refusalOf(
  carriage: Carriage,
  to: { name: string; seatedElsewhere: boolean },
  isCircle: boolean,
): string | null {
  const { state, carried, author, mode } = carriage;
  if (carriage.to === author.seat.agentId) return 'Error: that is your own id; you cannot message yourself.';
  if (to.seatedElsewhere) return `Error: ${to.name} sits in another conversation and cannot be reached from here.`;
  if (state.phase === 'stopped') return 'Error: this conversation is stopped; no more messages are carried.';
  if (state.turns + carried.turns >= state.maxTurns) {
    carried.limitReached = true;
    return `Error: this conversation has used its ${state.maxTurns} turns; the message was not delivered.`;
  }
  if (isCircle && mode === 'reply') {
    return `Error: ${to.name} is waiting for you, so waiting for ${to.name} would never end. Your message was not delivered: finish your answer first.`;
  }
  return null;
}

/** Records the author's end. */
function send(
  { author, call, content, mode, to, ids, carried }: Carriage,
  target: { to: SeatId | null; toName: string; turnId: TurnId | null },
): ConveyanceState {
  const conveyance: ConveyanceState = {
    id: ConveyanceId.parse(ids.next()),
    from: author.seat.id,
    fromTurnId: author.rootId,
    to: target.to,
    toAgentId: to,
    toName: target.toName,
    messageId: author.messageId,
    toolCallId: call.toolCallId,
    mode,
    content,
    state: 'sent',
    turnId: target.turnId,
    answer: null,
  };
  carried.conveyances.push(conveyance);
  carried.facts.push({
    type: 'message.sent',
    payload: {
      conveyanceId: conveyance.id,
      from: conveyance.from,
      to: conveyance.to,
      content,
      mode,
      messageId: conveyance.messageId,
      toolCallId: conveyance.toolCallId,
      toName: conveyance.toName,
      toAgentId: to,
      fromTurnId: conveyance.fromTurnId,
      turnId: conveyance.turnId,
    },
  });
  return conveyance;
}

/** The message goes nowhere, and its author reads why. */
function refuse(carriage: Carriage, text: string, toName?: string): void {
  const conveyance = send(carriage, { to: null, toName: toName ?? carriage.to ?? 'nobody', turnId: null });
  carriage.carried.facts.push({
    type: 'message.delivery_failed',
    payload: { conveyanceId: conveyance.id, outcome: 'refused', reason: text.replace(/^Error: /, '') },
  });
  answer(carriage, conveyance, 'error', text);
}

function answer(
  { carried, call }: Carriage,
  conveyance: ConveyanceState,
  status: 'success' | 'error',
  text: string,
): void {
  carried.answers.set(conveyance.id, { status, text });
  carried.facts.push({
    type: 'message.answered',
    payload: { conveyanceId: conveyance.id, toolCallId: call.toolCallId, status, text },
  });
}

/** Who stands at a call that somebody else's thread has to answer. */
export function waitsOf(state: ConversationState): Wait[] {
  return waitsOfConveyances(state, state.openConveyances);
}

const waitsFrom = (carried: Carried, state: ConversationState): Wait[] =>
  waitsOfConveyances(
    state,
    carried.conveyances.filter((each) => !carried.answers.has(each.id)),
  );

function waitsOfConveyances(state: ConversationState, conveyances: readonly ConveyanceState[]): Wait[] {
  return conveyances.flatMap((each) => {
    const seat = state.seats.find((candidate) => candidate.id === each.from);
    const isWaiting =
      each.answer === null && (each.state === 'sent' || (each.state === 'received' && each.mode === 'reply'));
    if (!seat || each.toAgentId === null || !isWaiting) return [];
    const receiver = state.seats.find((candidate) => candidate.id === each.to);
    const to = receiver ? threadOf(state, receiver) : { server: state.server, agentId: each.toAgentId, threadId: null };
    return [{ from: threadKey(threadOf(state, seat)), to: threadKey(to) }];
  });
}
