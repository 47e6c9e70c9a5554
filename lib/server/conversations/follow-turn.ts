import type { CallResult, JoinedWords, TurnState } from '@/lib/domain/conversation/conversation-state';
import type { Spoken } from '@/lib/domain/conversation/relay-spoken';
import type { PayloadOf } from '@/lib/protocol/entry';
import type { ToolCall } from '@/lib/protocol/message';
import { callsOf } from '@/lib/protocol/message-calls';
import type { Delta as SocketDelta } from '@/lib/protocol/socket';
import { conversationStream } from '@/lib/protocol/stream';
import type { CallAnswer, Gateway, TurnEvent, TurnInput } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { mayChangeMemory } from './read-memory';
import { recordMessages, type SeatRef } from './record-messages';

export type FollowedTurn = {
  runId: string | null;
  stopReason: string;
  usage: PayloadOf<'turn.ended'>['usage'];
  error: string | null;
  pending: { messageId: string; calls: ToolCall[] } | null;
  /** What the agent said, oldest first. */
  spoken: Spoken[];
  /** It called tools that may have changed its memory. */
  mayHaveLearned: boolean;
  /** Resolves when the engine has closed the run: only then may the thread be given anything more. Never rejects. */
  closed: Promise<void>;
};

export const toTurnInput = ({ input }: TurnState): TurnInput => {
  if (input.kind === 'answers') {
    const { results, joined } = input;
    return { kind: 'answers', answers: results.map(toAnswer), ...(joined ? { joined: toWords(joined) } : {}) };
  }
  if (input.kind === 'user') return { kind: 'user', text: input.text, otid: input.otid, senderName: input.senderName };
  const { text, otid, senderId, senderName } = input;
  return { kind: 'agent', text, otid, senderId, senderName };
};

const toWords = ({ text, otid, senderName }: JoinedWords) => ({ text, otid, senderName });

/** What the engine is given for one call. */
export const toAnswer = ({ leave, toolCallId, status, text }: CallResult): CallAnswer =>
  leave === undefined ? { kind: 'result', toolCallId, status, text } : { kind: leave, toolCallId, reason: text };

/**
 * Sends a turn's input and follows it to its end: pieces go out to whoever watches, finished messages into the ledger.
 * `onAccepted` is called once, when the engine has taken the input; `onCalls` as soon as it stands at calls, a little
 * before the turn is over. Throws as Gateway.send does.
 */
export async function followTurn(
  rt: Runtime,
  gateway: Gateway,
  turn: TurnState,
  seat: SeatRef | null,
  signal: AbortSignal,
  onAccepted: (runId: string | null) => Promise<void>,
  onCalls: (pending: NonNullable<FollowedTurn['pending']>) => void,
): Promise<FollowedTurn> {
  const followed: FollowedTurn = {
    ...{ runId: null, stopReason: 'lost', usage: null, error: null, pending: null },
    spoken: [],
    mayHaveLearned: false,
    closed: Promise.resolve(),
  };
  const pieces = seat ? deltaPublisher(rt, seat, turn) : () => undefined;
  const heard = rt.firstWords.expect(turn.thread.server);
  const events = gateway.send(turn.thread, toTurnInput(turn), { signal })[Symbol.asyncIterator]();
  try {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const event = next.value;
      if (event.kind !== 'accepted') heard();
      if (event.kind === 'accepted') {
        followed.runId = event.runId;
        await onAccepted(event.runId);
      } else if (event.kind === 'delta') {
        pieces(event);
      } else if (event.kind === 'message') {
        if (event.message.messageType === 'approval_request_message') {
          followed.pending = { messageId: event.message.messageId, calls: callsOf(event.message) };
          onCalls(followed.pending);
        }
        await takeMessage(rt, followed, seat, event);
      } else if (event.kind === 'usage') {
        followed.usage = event.usage;
      } else {
        followed.stopReason = event.stopReason;
        followed.error = event.error;
        followed.closed = readToEnd(rt, events);
        return followed;
      }
    }
    return followed;
  } finally {
    heard();
  }
}

/** What the turn did is known: that its run could not be seen closing changes nothing. */
async function readToEnd(rt: Runtime, events: AsyncIterator<TurnEvent>): Promise<void> {
  try {
    for (let next = await events.next(); !next.done; next = await events.next());
  } catch (error) {
    rt.log.debug({ err: error }, 'the end of a run was not seen');
  }
}

async function takeMessage(
  rt: Runtime,
  followed: FollowedTurn,
  seat: SeatRef | null,
  { message, deltaId }: Extract<TurnEvent, { kind: 'message' }>,
): Promise<void> {
  followed.mayHaveLearned ||= mayChangeMemory(message);
  if (message.messageType === 'assistant_message' && message.content) {
    followed.spoken.push({ messageId: message.messageId, content: message.content });
  }
  if (seat) await recordMessages(rt.ledger, seat, [deltaId === undefined ? message : { ...message, deltaId }]);
}

/** Publishes the pieces of messages as they are written, each with how much came before it. */
function deltaPublisher(rt: Runtime, seat: SeatRef, turn: TurnState) {
  const offsets = new Map<string, number>();
  const stream = conversationStream(seat.conversationId);
  return ({ messageId, messageType, delta }: Extract<TurnEvent, { kind: 'delta' }>) => {
    const [field, text, toolName] = pieceOf(delta);
    const key = `${messageType} ${messageId} ${field}`;
    const offset = offsets.get(key) ?? 0;
    offsets.set(key, offset + text.length);
    const piece: SocketDelta = {
      stream,
      seat: seat.seat,
      turnId: turn.id,
      messageId,
      messageType,
      field,
      offset,
      text,
    };
    rt.hub.publishDelta(toolName === undefined ? piece : { ...piece, toolName });
  };
}

function pieceOf(delta: Extract<TurnEvent, { kind: 'delta' }>['delta']): [SocketDelta['field'], string, string?] {
  if ('content' in delta) return ['content', delta.content];
  if ('reasoning' in delta) return ['reasoning', delta.reasoning];
  return ['arguments', delta.arguments, delta.name];
}
