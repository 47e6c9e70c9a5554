import { z } from 'zod';
import { Conversation } from './conversation';
import { DraftViewer } from './draft';
import { WireEntry } from './entry';
import { ConversationId, DraftId, SeatId, TurnId } from './ids';
import { MessageType } from './message';
import { Stream } from './stream';
import { Task } from './task';

export const SOCKET_PATH = '/socket.io/';

/** Gap beyond which a watcher is not given the past but told `limited: true`. In entries of one stream. */
export const REPLAY_MAX = 5_000;

/** How often the server says where a watched stream stands, in milliseconds. */
export const BEACON_MS = 10_000;

/** `epoch` names the ledger that `after` belongs to; after a restore it differs and `after` means nothing. */
export const Watch = z.object({
  stream: Stream,
  epoch: z.string().max(100).optional(),
  after: z.number().int().min(0).optional(),
});
export type Watch = z.infer<typeof Watch>;

export const Unwatch = z.object({ stream: Stream });
export type Unwatch = z.infer<typeof Unwatch>;

const Refused = z.object({ ok: z.literal(false), error: z.object({ code: z.string(), message: z.string() }) });

/** `head` is the stream's `streamSeq` at the moment of watching. What follows is contiguous from `after + 1`. */
export const WatchAck = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), epoch: z.string(), head: z.number().int(), limited: z.boolean().optional() }),
  Refused,
]);
export type WatchAck = z.infer<typeof WatchAck>;

export const UnwatchAck = z.discriminatedUnion('ok', [z.object({ ok: z.literal(true) }), Refused]);
export type UnwatchAck = z.infer<typeof UnwatchAck>;

/** Never empty, contiguous, ascending by `streamSeq`. */
export const Entries = z.object({ stream: Stream, entries: z.array(WireEntry).min(1) });
export type Entries = z.infer<typeof Entries>;

export const Head = z.object({ stream: Stream, head: z.number().int() });
export type Head = z.infer<typeof Head>;

/**
 * A piece of a message that is being written. Volatile: never stored, may be lost, superseded by the `message.seen`
 * with the same messageId and messageType. `offset` is the length, in UTF-16 units, of what came before in this field:
 * a reader that missed a piece sees a jump and waits for the message.
 */
export const Delta = z.object({
  stream: Stream,
  seat: SeatId,
  turnId: TurnId,
  messageId: z.string(),
  messageType: MessageType,
  field: z.enum(['content', 'reasoning', 'arguments']),
  toolName: z.string().optional(),
  offset: z.number().int().min(0),
  text: z.string(),
});
export type Delta = z.infer<typeof Delta>;

/** How tasks stand now, on the stream `fleet`: volatile, at most one word a second and task. */
export const TaskSummaries = z.object({ stream: Stream, tasks: z.array(Task) });
export type TaskSummaries = z.infer<typeof TaskSummaries>;

/**
 * How conversations stand now, on the stream `fleet`: volatile, within a second of what happened in them. `gone` are
 * those that left the lists.
 */
export const ConversationSummaries = z.object({
  stream: Stream,
  conversations: z.array(Conversation),
  gone: z.array(ConversationId),
});
export type ConversationSummaries = z.infer<typeof ConversationSummaries>;

export const ViewedDraft = z.object({ draftId: DraftId, viewers: z.array(DraftViewer) });
export type ViewedDraft = z.infer<typeof ViewedDraft>;

/** Who has which drafts open, on the stream `inbox`, for drafts where that has changed: volatile. */
export const ViewedDrafts = z.object({ stream: Stream, viewed: z.array(ViewedDraft) });
export type ViewedDrafts = z.infer<typeof ViewedDrafts>;

/** The drafts that are open on a page, all of them each time; none any more with an empty list or the connection's end. */
export const Viewing = z.object({ draftIds: z.array(DraftId).max(50, 'at most 50 drafts') });

/** An agent's key has lost the right to a stream that it watched: nothing more of it comes. */
export const Unwatched = z.object({ stream: Stream, error: Refused.shape.error });
export type Unwatched = z.infer<typeof Unwatched>;

/** The server closes the connection, and why: `revoked` (sign in again), `lagging` (watch again), `stopping`. */
export const Goodbye = z.object({ reason: z.enum(['revoked', 'lagging', 'stopping']), message: z.string() });
export type Goodbye = z.infer<typeof Goodbye>;

export type ServerToClient = {
  entries: (entries: Entries) => void;
  delta: (delta: Delta | TaskSummaries | ConversationSummaries | ViewedDrafts) => void;
  head: (head: Head) => void;
  unwatched: (unwatched: Unwatched) => void;
  goodbye: (goodbye: Goodbye) => void;
};
export type ClientToServer = {
  watch: (watch: unknown, ack: (answer: WatchAck) => void) => void;
  unwatch: (unwatch: unknown, ack: (answer: UnwatchAck) => void) => void;
  viewing: (viewing: unknown, ack: (answer: UnwatchAck) => void) => void;
};
