import type { ConveyanceId, EntryId, SeatId, TurnId } from '@/lib/protocol/ids';
import type { JsonValue } from '@/lib/protocol/json';
import type { ApprovalAnswer, MessageType } from '@/lib/protocol/message';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';
import type { Placed } from './placed-list';

/**
 * One row of a pane: one thing that happened to the agent in `seat`, told by one entry or by several that mean the same.
 * `id` is stable however much of the history is loaded. `place`, `seq` and `at` are those of the first entry that told it,
 * but for what was told on it only: an answer to a call, and what came of one.
 */
export type Row = Placed & {
  id: string;
  seat: SeatId;
  seq: number;
  /** Seqs of every entry that told of it, the first included, ascending. */
  seqs: readonly number[];
  /** When it happened, ISO-8601 in UTC. */
  at: string;
  /** Where the row of the author stands that this arrival stands level with; null for one that stands alone. */
  level: number | null;
  parts: RowParts;
};

/** What is known of a row, each part told by an entry of its own. Which are there decides what the row is. */
export type RowParts = {
  /** A person's words, as committed; `as` when spoken from the seat instead of to it. */
  spoken?: { content: string; name: string; personId: string; turnId: TurnId; as: boolean };
  /** The arrival of another agent's message. */
  received?: { content: string; conveyanceId: ConveyanceId; from: SeatId | null; latencyMs: number | null };
  /** The engine's own word: a message of the agent's transcript. */
  seen?: SeenMessage;
  call?: { name: string; arguments: string; toolCallId: string; messageId: string; asks: boolean; at: string };
  /** What came of a call, on the call's row. */
  returned?: Returned;
  /** The same as a row of its own: for calls of messaging tools, and where the call is not loaded. */
  cameBack?: Returned;
  /** Parley's own answer to a call that waited; never a row by itself. */
  answered?: ApprovalAnswer;
  /** Messages that this row sent on their way: one, or one for each receiver. */
  sent?: readonly Sent[];
  /** A turn that came to no good end. */
  ended?: { turnId: TurnId; stopReason: string; error: string | null };
  /** A block of the agent's memory changed; null where there was or is none of that label. */
  memory?: { label: string; before: string | null; after: string | null };
  /** What the agent wrote while a person sat in its seat: kept back, and what became of it. */
  late?: { entryId: EntryId; content: string };
  lateSettled?: { released: boolean; name: string };
  redacted?: { type: string };
  /** An entry that this program does not understand. */
  strange?: { type: string; raw: JsonValue };
};

export type Returned = {
  toolCallId: string;
  name: string | null;
  status: 'success' | 'error';
  text: string;
  at: string;
};

/** `content` stands for the row's text where the engine's own message is not known. */
export type Sent = Placed & { conveyanceId: ConveyanceId; content: string };

export type SeenMessage = {
  messageType: MessageType;
  messageId: string;
  text: string;
  /** The agent's own instructions: no run wrote them. */
  prompt: boolean;
  senderName: string | null;
  raw: JsonValue | null;
};

export type RowKind =
  | 'spoken'
  | 'received'
  | 'prompt'
  | 'user'
  | 'system'
  | 'reasoning'
  | 'assistant'
  | 'call'
  | 'return'
  | 'answer'
  | 'summary'
  | 'event'
  | 'sent'
  | 'ended'
  | 'memory'
  | 'redacted'
  | 'unknown';

const kindOfMessage = {
  user_message: 'user',
  system_message: 'system',
  assistant_message: 'assistant',
  reasoning_message: 'reasoning',
  hidden_reasoning_message: 'reasoning',
  tool_call_message: 'call',
  tool_return_message: 'return',
  approval_request_message: 'call',
  approval_response_message: 'answer',
  summary_message: 'summary',
  event_message: 'event',
  unknown: 'unknown',
} as const satisfies Record<MessageType, RowKind>;

/** What a row is, from what is known of it. */
export function rowKind({ parts }: Row): RowKind {
  if (parts.spoken) return 'spoken';
  if (parts.received) return 'received';
  if (parts.call) return 'call';
  if (parts.cameBack) return 'return';
  if (parts.seen) return parts.seen.prompt ? 'prompt' : kindOfMessage[parts.seen.messageType];
  if (parts.sent) return 'sent';
  if (parts.late ?? parts.lateSettled) return 'assistant';
  if (parts.ended) return 'ended';
  if (parts.memory) return 'memory';
  if (parts.redacted) return 'redacted';
  return parts.answered || parts.returned ? 'answer' : 'unknown';
}

/** Whether a call carries a message to another agent: its return stands by itself, when it comes. */
export const carriesMessage = ({ parts }: Row): boolean =>
  parts.sent !== undefined || (parts.call !== undefined && isMessagingTool(parts.call.name));

/** What one entry says of a row. */
export type RowNews = Omit<Row, 'seqs' | 'level'>;

/** Parts that are told on a row, and make none by themselves. */
const remarks: readonly string[] = ['returned', 'answered'] satisfies (keyof RowParts)[];
const isRemark = (parts: RowParts): boolean => Object.keys(parts).every((part) => remarks.includes(part));

/**
 * The row with what an entry says of it. The entry comes after all that told of it so far, or before all: of two that
 * say the same part, the later one is right. The row stands where the first one told it that makes it a row: what came
 * of a call may be loaded, or have happened, before the call itself.
 */
export function mergeRow(old: Row | undefined, news: RowNews): Row {
  if (!old) return { ...news, seqs: [news.seq], level: null };
  const older = news.seq < (old.seqs[0] ?? 0);
  const stands = isRemark(old.parts) === isRemark(news.parts) ? older : isRemark(old.parts);
  const { place, seq, at } = stands ? news : old;
  const parts: RowParts = older ? { ...news.parts, ...old.parts } : { ...old.parts, ...news.parts };
  if (old.parts.sent && news.parts.sent)
    parts.sent = [...old.parts.sent, ...news.parts.sent].sort((one, other) => one.place - other.place);
  return { ...old, place, seq, at, seqs: insertSorted(old.seqs, news.seq), parts };
}

const insertSorted = (seqs: readonly number[], seq: number): readonly number[] =>
  seqs.includes(seq) ? seqs : [...seqs, seq].sort((one, other) => one - other);
