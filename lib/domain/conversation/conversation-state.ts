import type { Conveyance } from '@/lib/protocol/conversation';
import type { CallMode } from '@/lib/protocol/entries/conversation-entries';
import type { EntryType, PayloadOf } from '@/lib/protocol/entry';
import type { ErrorCode } from '@/lib/protocol/errors';
import type { AgentId, ConversationId, ConveyanceId, SeatId, ServerName, TurnId } from '@/lib/protocol/ids';
import type { ToolCall, ToolReturn } from '@/lib/protocol/message';

/** A line of messages of one agent, which takes one turn at a time. */
export type ThreadRef = { server: ServerName; agentId: AgentId; threadId: string | null };

export type SeatState = {
  id: SeatId;
  agentId: AgentId;
  name: string;
  threadId: string | null;
  /** The approval request at which the agent stands, and its calls. */
  pending: { messageId: string; calls: ToolCall[] } | null;
};

/** The result that is given to one call. */
export type CallResult = Pick<ToolReturn, 'toolCallId' | 'status' | 'text'>;

/** What a turn sends to the engine. `otid` is ours; the engine keeps it with the message. */
export type TurnRecord =
  | { kind: 'user'; text: string; otid: string; senderName: string }
  | { kind: 'agent'; text: string; otid: string; senderId: AgentId; senderName: string; conveyanceId: ConveyanceId }
  | { kind: 'answers'; messageId: string; results: CallResult[] };

export type TurnState = {
  id: TurnId;
  /** The turn that this one continues, or itself: answers to calls go on with what the agent was doing. */
  rootId: TurnId;
  seat: SeatId | null;
  thread: ThreadRef;
  state: 'queued' | 'started';
  input: TurnRecord;
  runId: string | null;
  isAccepted: boolean;
};

/** sent: on its way · received: the engine has taken it · answered: its author has read how it went. */
export type ConveyanceProgress = 'sent' | 'received' | 'answered' | 'failed' | 'outcome_unknown';

export type ConveyanceState = {
  id: ConveyanceId;
  from: SeatId;
  /** Root of the turn in which the author called. */
  fromTurnId: TurnId;
  to: SeatId | null;
  toAgentId: AgentId | null;
  toName: string;
  messageId: string | null;
  toolCallId: string | null;
  mode: CallMode;
  content: string;
  state: ConveyanceProgress;
  /** Root of the turn that carries it to the receiver. */
  turnId: TurnId | null;
  answer: { status: 'success' | 'error'; text: string } | null;
};

/** What decisions about a conversation are made from. Turns and conveyances are those that are not over. */
export type ConversationState = {
  id: ConversationId;
  streamSeq: number;
  title: string;
  server: ServerName;
  conveyance: Conveyance;
  phase: 'open' | 'paused' | 'stopped';
  turns: number;
  maxTurns: number;
  seats: SeatState[];
  openTurns: TurnState[];
  /** Of the calls at which agents stand, and whatever else has no end yet. */
  openConveyances: ConveyanceState[];
  /** How often an agent was refused since the conversation stopped, by the root of its turn. */
  refusals: { rootId: TurnId; count: number }[];
};

/** A fact about this conversation, before it has its place in the ledger. */
export type ConversationFact = { [T in EntryType]: { type: T; payload: PayloadOf<T>; cause?: number } }[EntryType];

/** A turn to be queued behind those of its thread. */
export type QueuedTurn = Pick<TurnState, 'id' | 'rootId' | 'seat' | 'thread' | 'input'>;

/** What a decision comes to: facts for the conversation's stream, turns to queue, threads to look after or to stop. */
export type ConversationDecision =
  | { ok: true; facts: ConversationFact[]; queue: QueuedTurn[]; wake: ThreadRef[]; interrupt?: ThreadRef }
  | { ok: false; code: ErrorCode; message: string; fields?: Record<string, string> };

/** Ids that a decision may give away, made outside. */
export type Ids = { next(): string };

export const findSeat = (state: ConversationState, seat: SeatId): SeatState | undefined =>
  state.seats.find((each) => each.id === seat);

export const threadOf = (state: ConversationState, seat: SeatState): ThreadRef => ({
  server: state.server,
  agentId: seat.agentId,
  threadId: seat.threadId,
});

/** One text for a thread, to compare and to name queues by. */
export const threadKey = (thread: ThreadRef): string => `${thread.server}/${thread.agentId}/${thread.threadId ?? ''}`;
