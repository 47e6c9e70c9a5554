import type { JsonObject, JsonValue } from '@/lib/protocol/json';
import { otidOf } from './letta-id';
import { messageDate } from './letta-time';
import type { ContentPart, MessageBody, StoredAnswer, StoredCall, StoredMessage, StoredReturn } from './stored-message';

/** A message on the wire; beside these members each type has its own. */
export type LettaMessage = JsonObject & { id: string; message_type: string };

type Head = Pick<StoredMessage, 'id' | 'runId' | 'stepId' | 'createdAt'>;
type Common = { otid: string | null; name?: string | null; senderId?: string | null };

/** The members that every message has. There is no agent_id and no conversation_id among them. */
export function messageHead(head: Head, messageType: string, common: Common): LettaMessage {
  return {
    id: head.id,
    date: messageDate(head.createdAt),
    name: common.name ?? null,
    message_type: messageType,
    otid: common.otid,
    sender_id: common.senderId ?? null,
    step_id: head.stepId,
    is_err: null,
    seq_id: null,
    run_id: head.runId,
  };
}

const wireCall = (call: StoredCall): JsonObject => ({
  name: call.name,
  arguments: call.arguments,
  tool_call_id: call.id,
});

const wireReturn = (given: StoredReturn): JsonObject => ({
  type: 'tool',
  tool_return: given.text,
  status: given.status,
  tool_call_id: given.callId,
  stdout: given.stdout,
  stderr: given.stderr,
});

const wireAnswer = (answer: StoredAnswer): JsonObject =>
  answer.type === 'tool'
    ? wireReturn(answer)
    : { type: 'approval', tool_call_id: answer.callId, approve: answer.approve, reason: answer.reason };

function contentMessages(head: Head, parts: ContentPart[]): LettaMessage[] {
  return parts.map((part, index) =>
    part.type === 'text'
      ? { ...messageHead(head, 'assistant_message', { otid: otidOf(head.id, index) }), content: part.text }
      : {
          ...messageHead(head, 'reasoning_message', { otid: otidOf(head.id, index) }),
          source: 'reasoner_model',
          reasoning: part.reasoning,
          signature: null,
        },
  );
}

function callMembers(calls: StoredCall[]): { tool_call: JsonValue; tool_calls: JsonValue } {
  const wired = calls.map(wireCall);
  return { tool_call: wired[0] ?? null, tool_calls: wired };
}

/** Approval requests carry their whole message id as otid. */
function requestMessages(head: Head, body: Extract<MessageBody, { role: 'approval_request' }>): LettaMessage[] {
  const request = messageHead(head, 'approval_request_message', { otid: head.id });
  return [...contentMessages(head, body.content), { ...request, ...callMembers(body.calls) }];
}

/** Responses have neither otid nor step, and `approval_request_id` is the id of the first CALL that got a verdict. */
function responseMessage(head: Head, answers: StoredAnswer[]): LettaMessage {
  const verdict = answers.find((answer) => answer.type === 'approval');
  return {
    ...messageHead({ ...head, stepId: null }, 'approval_response_message', { otid: null }),
    approvals: answers.map(wireAnswer),
    approve: verdict?.approve ?? null,
    approval_request_id: verdict?.callId ?? null,
    reason: verdict?.reason ?? null,
  };
}

/** The fields on top describe only the first of several returns. */
function returnMessage(head: Head, name: string | null, returns: StoredReturn[]): LettaMessage {
  const wired = returns.map(wireReturn);
  const { type: _type, ...first } = wired[0] ?? {};
  return {
    ...messageHead(head, 'tool_return_message', { otid: otidOf(head.id, 0), name }),
    ...first,
    tool_returns: wired,
  };
}

/** What the API shows of one stored message, oldest part first; all parts share its id. */
export function toLettaMessages(message: StoredMessage): LettaMessage[] {
  const { body } = message;
  switch (body.role) {
    case 'system':
      return [{ ...messageHead(message, 'system_message', body), content: body.text }];
    case 'user':
      return [{ ...messageHead(message, 'user_message', body), content: body.content }];
    case 'assistant': {
      const content = contentMessages(message, body.content);
      if (body.calls.length === 0) return content;
      const call = messageHead(message, 'tool_call_message', { otid: otidOf(message.id, content.length) });
      return [...content, { ...call, ...callMembers(body.calls) }];
    }
    case 'tool':
      return [returnMessage(message, body.name, body.returns)];
    case 'approval_request':
      return requestMessages(message, body);
    case 'approval_response':
      return [responseMessage(message, body.answers)];
  }
}

/** The approval request alone, as `pending_approval` of an agent has it; null for any other message. */
export function toPendingApproval(message: StoredMessage): LettaMessage | null {
  if (message.body.role !== 'approval_request') return null;
  return requestMessages(message, { ...message.body, content: [] })[0] ?? null;
}
