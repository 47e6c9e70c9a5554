import { z } from 'zod';
import { requireAgent } from './agent-store';
import { cancelRuns } from './cancel-runs';
import { toLettaMessages } from './letta-message';
import { refuse } from './letta-refusal';
import { listMessages, type MessageFilter, messagesById } from './message-store';
import { list, pageFields } from './query-fields';
import { type Handler, param, type Route, type RouteCall, readQuery } from './route';
import type { Sandbox } from './sandbox-context';
import { sendAsync, sendBlocking } from './send-blocking';
import { SendRequest } from './send-request';
import { sendStreaming } from './send-streaming';
import { wireRun } from './wire-run';

const MessageQuery = z.object({
  ...pageFields(100, 'desc'),
  conversation_id: z.string().optional(),
  include_return_message_types: list,
});

/**
 * A page of messages as every listing gives it: always oldest first; `after` is newer and `before` older in either
 * order; `limit` counts stored messages, of which one may be shown as several. `run_ids` is taken and ignored.
 */
export async function messagePage(
  sandbox: Sandbox,
  call: RouteCall,
  scope: Pick<MessageFilter, 'agentId' | 'conversationId' | 'runId'>,
) {
  const query = readQuery(MessageQuery, call.query, ['include_return_message_types']);
  const { after, before, limit, order } = query;
  const filter = { conversationId: query.conversation_id, ...scope, after, before, limit, order };
  const shown = (await listMessages(sandbox, filter)).flatMap(toLettaMessages);
  const types = query.include_return_message_types;
  return types ? shown.filter((message) => types.includes(message.message_type)) : shown;
}

const listOfAgent: Handler = async (sandbox, call) => {
  const agentId = param(call, 'agentId');
  await requireAgent(sandbox, agentId);
  return messagePage(sandbox, call, { agentId });
};

const listOfAll: Handler = (sandbox, call) => messagePage(sandbox, call, {});

/** An array, because one stored message may be shown as several. */
const retrieve: Handler = async (sandbox, call) => {
  const id = param(call, 'messageId');
  const found = await messagesById(sandbox, [id]);
  if (found.length === 0) throw refuse(404, `Message with id ${id} not found`);
  return found.flatMap(toLettaMessages);
};

const search: Handler = async () => {
  throw refuse(
    400,
    'INVALID_ARGUMENT: Message search requires message embedding, OpenAI, and Turbopuffer to be enabled.',
  );
};

/** Options of a stream are refused where nothing streams, and streams where the client is too old. */
function checkStreaming(call: RouteCall, request: SendRequest): boolean {
  const streaming = request.streaming ?? false;
  if (streaming && !call.modernClient) throw refuse(422, 'streaming=true is only supported for SDK v1.0+ clients.');
  const misplaced = [
    request.stream_tokens ? 'stream_tokens can only be true when streaming=true' : null,
    request.include_pings ? null : 'include_pings can only be set to false when streaming=true',
    request.background ? 'background can only be true when streaming=true' : null,
  ].filter((problem) => problem !== null);
  if (streaming || misplaced.length === 0) return streaming;
  throw refuse(
    422,
    `Streaming options set without streaming enabled. ${misplaced.join('; ')}. ` +
      'Either set streaming=true or use default values for streaming options.',
  );
}

const send: Handler = async (sandbox, call) => {
  const request = SendRequest.parse(call.body ?? {});
  const streaming = checkStreaming(call, request);
  const sending = { agent: await requireAgent(sandbox, param(call, 'agentId')), conversation: null, request };
  if (!streaming) return sendBlocking(sandbox, sending);
  await sendStreaming(sandbox, sending, call.response);
  return undefined;
};

const stream: Handler = async (sandbox, call) => {
  const request = SendRequest.parse(call.body ?? {});
  const agent = await requireAgent(sandbox, param(call, 'agentId'));
  await sendStreaming(sandbox, { agent, conversation: null, request }, call.response);
  return undefined;
};

const sendLater: Handler = async (sandbox, call) => {
  const request = SendRequest.parse(call.body ?? {});
  const agent = await requireAgent(sandbox, param(call, 'agentId'));
  return wireRun(await sendAsync(sandbox, { agent, conversation: null, request }));
};

const Cancel = z.object({ run_ids: z.array(z.string()).nullish() }).nullish();

const cancel: Handler = async (sandbox, call) => {
  const agentId = param(call, 'agentId');
  const runIds = Cancel.parse(call.body)?.run_ids ?? undefined;
  return cancelRuns(sandbox, { agentId, runIds });
};

export const messageRoutes: Route[] = [
  { method: 'GET', path: '/v1/messages', handle: listOfAll },
  { method: 'POST', path: '/v1/messages/search', handle: search },
  { method: 'GET', path: '/v1/messages/:messageId', handle: retrieve },
  { method: 'GET', path: '/v1/agents/:agentId/messages', handle: listOfAgent },
  { method: 'POST', path: '/v1/agents/:agentId/messages', handle: send },
  { method: 'POST', path: '/v1/agents/:agentId/messages/stream', handle: stream },
  { method: 'POST', path: '/v1/agents/:agentId/messages/async', handle: sendLater },
  { method: 'POST', path: '/v1/agents/:agentId/messages/cancel', handle: cancel },
];
