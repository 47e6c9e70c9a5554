import type { JsonObject } from '@/lib/protocol/json';
import { otidOf, precedingMessageId } from './letta-id';
import { type LettaMessage, messageHead } from './letta-message';
import type { StoredCall } from './stored-message';

type Head = { id: string; runId: string; stepId: string; createdAt: Date };
type StreamedReply = { reasoning: string | null; text: string | null; calls: StoredCall[] };

/** Words with the space that follows them; together they are the text again. */
export const piecesOf = (text: string): string[] => text.match(/\S+\s*|\s+/g) ?? [];

const ARGUMENT_PIECE = /[\s\S]{1,16}/g;

function callFrames(head: Head, call: StoredCall, index: number): LettaMessage[] {
  const frame = (delta: JsonObject): LettaMessage => ({
    ...messageHead(head, 'tool_call_message', { otid: otidOf(head.id, index) }),
    tool_call: delta,
    tool_calls: delta,
  });
  const pieces = call.arguments.match(ARGUMENT_PIECE) ?? [];
  return [
    frame({ name: call.name, tool_call_id: call.id }),
    ...pieces.map((piece) => frame({ arguments: piece, tool_call_id: call.id })),
  ];
}

/** Approval requests come under an id of their own, and write absent members as null. */
function requestFrames(head: Head, call: StoredCall): LettaMessage[] {
  const id = precedingMessageId(head.id);
  const frame = (delta: JsonObject): LettaMessage => ({
    ...messageHead({ ...head, id }, 'approval_request_message', { otid: id }),
    tool_call: delta,
    tool_calls: delta,
  });
  const pieces = call.arguments.match(ARGUMENT_PIECE) ?? [];
  return [
    frame({ name: call.name, arguments: null, tool_call_id: call.id }),
    ...pieces.map((piece) => frame({ name: null, arguments: piece, tool_call_id: call.id })),
  ];
}

/**
 * A reply in pieces, as it streams token by token: fragments that share id and otid and are to be joined.
 *
 * Reasoning and text stream under the id of the reply ALSO where its call needs approval. They are then stored with the
 * request, so the listing shows them under the request's id: the one case in which streamed and listed ids differ.
 * Every call of the reply streams, also those that are dropped because the agent takes one at a time.
 */
export function replyFrames(head: Head, reply: StreamedReply, gated: (name: string) => boolean): LettaMessage[] {
  let index = 0;
  const frames: LettaMessage[] = [];
  if (reply.reasoning) {
    const common = messageHead(head, 'reasoning_message', { otid: otidOf(head.id, index) });
    const extra = { source: 'reasoner_model', signature: null };
    frames.push(...piecesOf(reply.reasoning).map((reasoning) => ({ ...common, ...extra, reasoning })));
    index += 1;
  }
  if (reply.text) {
    const common = messageHead(head, 'assistant_message', { otid: otidOf(head.id, index) });
    frames.push(...piecesOf(reply.text).map((content) => ({ ...common, content })));
    index += 1;
  }
  for (const call of reply.calls) {
    frames.push(...(gated(call.name) ? requestFrames(head, call) : callFrames(head, call, index)));
  }
  return frames;
}
