import type { AgentMessage, ToolCall } from '@/lib/protocol/message';
import type { Delta } from './gateway';
import { callFields, commonOf, listOf, type RawMessage, toAgentMessage, toCall } from './rest-message';

/** Types that arrive in fragments and belong to the step in which the model speaks. */
const spoken = [
  'reasoning_message',
  'hidden_reasoning_message',
  'assistant_message',
  'tool_call_message',
  'approval_request_message',
] as const;
type Spoken = (typeof spoken)[number];
export const isSpoken = (messageType: string): messageType is Spoken =>
  (spoken as readonly string[]).includes(messageType);

type Draft = { messageType: Spoken; first: RawMessage; text: string; calls: Map<string, ToolCall> };

/** One answer of the model while it is being written: its fragments, joined by message id and type. */
export type Step = {
  id: string;
  /** Takes a fragment and tells what is new in it. */
  add(frame: RawMessage, messageType: Spoken): Delta[];
  /** More calls than the engine may keep: which ones it kept, only the listing tells. */
  doubtful(): boolean;
  /** Whether a listed message comes out of this step. */
  made(messageId: string): boolean;
  /** The step's messages as the listing will give them, each with the id that its deltas had. */
  finish(): { message: AgentMessage; deltaId: string }[];
};

/** INVARIANT: nothing of a step is a message before the engine has stored it; a step that fails was only deltas. */
export function openStep(id: string): Step {
  const drafts = new Map<string, Draft>();
  const calls = () => [...drafts.values()].flatMap((draft) => [...draft.calls.values()]);

  const add = (frame: RawMessage, messageType: Spoken): Delta[] => {
    const key = `${frame.id} ${messageType}`;
    const draft = drafts.get(key) ?? { messageType, first: frame, text: '', calls: new Map<string, ToolCall>() };
    drafts.set(key, draft);
    if (isCalling(messageType))
      return listOf(frame.tool_calls, frame.tool_call).map((call) => addCall(draft, toCall(call)));
    const whole = toAgentMessage(frame);
    const piece = whole.content ?? whole.reasoning ?? '';
    draft.text += piece;
    if (!piece) return [];
    return [messageType === 'assistant_message' ? { content: piece } : { reasoning: piece }];
  };

  const finish = () => {
    const request = [...drafts.values()].find((draft) => draft.messageType === 'approval_request_message');
    const free = [...drafts.values()].some((draft) => draft.messageType === 'tool_call_message');
    // HAZARD: what was said before a call that waits is stored under the id of the request, unlike in the stream.
    const renamed = request && !free ? request.first.id : null;
    return [...drafts.values()].map((draft) => ({
      message: toMessage(draft, renamed ?? draft.first.id),
      deltaId: draft.first.id,
    }));
  };

  return {
    id,
    add,
    doubtful: () => calls().length > 1,
    made: (messageId) => [...drafts.values()].some((draft) => draft.first.id === messageId),
    finish,
  };
}

const isCalling = (messageType: Spoken): boolean =>
  messageType === 'tool_call_message' || messageType === 'approval_request_message';

function addCall(draft: Draft, piece: ToolCall): Delta {
  const known = draft.calls.get(piece.toolCallId);
  draft.calls.set(piece.toolCallId, {
    toolCallId: piece.toolCallId,
    name: known?.name || piece.name,
    arguments: (known?.arguments ?? '') + piece.arguments,
  });
  const name = piece.name ? { name: piece.name } : {};
  return { toolCallId: piece.toolCallId, ...name, arguments: piece.arguments };
}

function toMessage(draft: Draft, messageId: string): AgentMessage {
  const common = { ...commonOf(draft.first, draft.messageType), messageId };
  switch (draft.messageType) {
    case 'assistant_message':
      return { ...common, content: draft.text };
    case 'reasoning_message':
      return { ...common, reasoning: draft.text };
    case 'hidden_reasoning_message':
      return draft.text ? { ...common, reasoning: draft.text } : common;
    default:
      return { ...common, ...callFields([...draft.calls.values()]) };
  }
}
