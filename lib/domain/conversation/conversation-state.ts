import type { DraftState, RuleState } from '@/lib/domain/draft/draft-state';
import type { Actor } from '@/lib/protocol/actor';
import type { Conveyance, Edge } from '@/lib/protocol/conversation';
import type { CallMode } from '@/lib/protocol/entries/conversation-entries';
import type { EntryType, PayloadOf } from '@/lib/protocol/entry';
import type { ErrorCode } from '@/lib/protocol/errors';
import type {
  AgentId,
  ConversationId,
  ConveyanceId,
  DraftId,
  EntryId,
  PersonId,
  SeatId,
  ServerName,
  TurnId,
} from '@/lib/protocol/ids';
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
  holder: Holder | null;
  /** Tools whose calls Parley itself makes stop in Letta, for this seat. */
  gates?: readonly string[];
};

/** The person who sits in a seat in its agent's place. `until` (ISO-8601) is when their lease ends. */
export type Holder = { personId: PersonId; name: string; until: string };

/** What the agent of a held seat produced, kept apart until a person settles it. `seq` is that of its entry. */
export type QuarantinedOutput = PayloadOf<'output.quarantined'> & {
  entryId: EntryId;
  seq: number;
  state: 'kept' | 'released' | 'dropped';
};

/**
 * What is given to one call: a result in place of the tool's own; or `leave` (or none) to run the tool, and `text` is then
 * the reason, which the engine keeps.
 */
export type CallResult = Pick<ToolReturn, 'toolCallId' | 'status' | 'text'> & {
  leave?: 'approve' | 'deny' | undefined;
};

/** What a turn sends to the engine. `otid` is ours; the engine keeps it with the message. */
export type TurnRecord =
  /**
   * `isNext`: before whatever else waits for the agent, but for answers to its calls. `isNote`: what the agent says to it is
   * relayed to nobody.
   */
  | {
      kind: 'user';
      text: string;
      otid: string;
      senderName: string;
      isNext?: boolean | undefined;
      isNote?: boolean | undefined;
    }
  | { kind: 'agent'; text: string; otid: string; senderId: AgentId; senderName: string; conveyanceId: ConveyanceId }
  /** `joined`: what a person says at this step, in the same request. */
  | { kind: 'answers'; messageId: string; results: CallResult[]; joined?: JoinedWords | undefined };

/** Words of a person that go with answers; the turns in which they would have gone. */
export type JoinedWords = { text: string; otid: string; senderName: string; turnId: TurnId };

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

/**
 * parked: waits for a person · sent: on its way · received: the engine has taken it · answered: its author has read how it
 * went.
 */
export type ConveyanceProgress = 'parked' | 'sent' | 'received' | 'answered' | 'failed' | 'outcome_unknown';

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
  /** The draft as which it waits, or waited, for a person. */
  draftId: DraftId | null;
  /** What that person made of the text, which is what goes out; null where it goes as it was written. */
  edited: { content: string; by: string } | null;
  /** It arrived at the person in the receiver's seat: the agent has not heard it. */
  isWithPerson: boolean;
};

/** What decisions about a conversation are made from. Turns and conveyances are those that are not over. */
export type ConversationState = {
  id: ConversationId;
  streamSeq: number;
  title: string;
  server: ServerName;
  conveyance: Conveyance;
  phase: 'open' | 'paused' | 'stopped';
  /** Somebody has taken it out of the lists. */
  isArchived?: boolean;
  turns: number;
  maxTurns: number;
  seats: SeatState[];
  openTurns: TurnState[];
  /** Of the calls at which agents stand, and whatever else has no end yet. */
  openConveyances: ConveyanceState[];
  /** How often an agent was refused since the conversation stopped, by its seat and the root of its turn. */
  refusals: { seat: SeatId; rootId: TurnId; count: number }[];
  edges: readonly Edge[];
  /** Drafts of this conversation that wait, whose verdict is on its way, or at whose call an agent stands. */
  drafts: readonly DraftState[];
  /** Standing rules in force. */
  rules: readonly RuleState[];
  /** Where the inbox stands. */
  inboxSeq: number;
  /** What agents of held seats produced. The content of what is settled is empty. */
  quarantine: QuarantinedOutput[];
};

/** A fact about this conversation, before it has its place in the ledger. */
export type ConversationFact = {
  [T in EntryType]: { type: T; payload: PayloadOf<T>; cause?: number; actor?: Actor };
}[EntryType];

/** A turn to be queued behind those of its thread. */
export type QueuedTurn = Pick<TurnState, 'id' | 'rootId' | 'seat' | 'thread' | 'input'>;

/** What a decision comes to: facts for the conversation's stream, turns to queue, threads to look after or to stop. */
export type ConversationDecision =
  | {
      ok: true;
      facts: ConversationFact[];
      queue: QueuedTurn[];
      wake: ThreadRef[];
      /** That turn, or the call at which the thread stands, as long as it is that one. */
      interrupt?: ThreadRef & ({ turnId: TurnId } | { messageId: string });
      deadlines?: DeadlineChange[];
    }
  | { ok: false; code: ErrorCode; message: string; fields?: Record<string, string> };

/** Arms (or moves) the deadline of `subject`, or takes it away. */
export type DeadlineChange =
  | { kind: string; subject: string; dueAt: Date; graceMs: number }
  | { kind: string; subject: string; disarm: true };

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
