import { z } from 'zod';
import type { JsonObject } from '@/lib/protocol/json';
import { requireAgent } from './agent-store';
import { blocksOf } from './block-store';
import { cancelRuns } from './cancel-runs';
import {
  type ConversationRecord,
  changeConversation,
  deleteConversation,
  insertConversation,
  listConversations,
  requireConversation,
} from './conversation-store';
import { promptMessage, promptText } from './create-agent';
import { inTransaction } from './in-transaction';
import { isLettaId, newLettaId } from './letta-id';
import { refuse } from './letta-refusal';
import { zonedDate } from './letta-time';
import { messagePage } from './message-routes';
import { insertMessages } from './message-store';
import { requireModel } from './model-catalogue';
import { pageFields } from './query-fields';
import { type Handler, param, type Route, type RouteCall, readQuery } from './route';
import type { Sandbox } from './sandbox-context';
import { sendBlocking, sendBlockingToConversation } from './send-blocking';
import { SendRequest } from './send-request';
import { sendStreaming } from './send-streaming';

const wireConversation = (conversation: ConversationRecord): JsonObject => ({
  id: conversation.id,
  agent_id: conversation.agentId,
  summary: conversation.summary,
  in_context_message_ids: conversation.messageIds,
  isolated_block_ids: [],
  model: conversation.model,
  model_settings: null,
  last_message_at: conversation.lastMessageAt ? zonedDate(conversation.lastMessageAt) : null,
  created_by_id: null,
  last_updated_by_id: null,
  created_at: zonedDate(conversation.createdAt),
  updated_at: zonedDate(conversation.updatedAt),
});

const Wanted = z.object({ summary: z.string().nullish(), model: z.string().nullish() });
const Of = z.object({ agent_id: z.string() });

/** Every conversation begins with a prompt of its own, which the agent's listing then shows as well. */
async function open(
  sandbox: Sandbox,
  agentId: string,
  wanted: { summary: string | null; model: string | null },
  after: string[] = [],
): Promise<ConversationRecord> {
  const agent = await requireAgent(sandbox, agentId);
  const blocks = (await blocksOf(sandbox, [agentId])).get(agentId) ?? [];
  const id = newLettaId('conv');
  const text = promptText(agent.settings.system, blocks);
  const prompt = promptMessage(sandbox, { agentId, conversationId: id }, text);
  return inTransaction(sandbox.pool, async (db) => {
    const messageIds = [prompt.id, ...after];
    const conversation = await insertConversation(sandbox, db, { agentId, ...wanted, messageIds }, id);
    await insertMessages(sandbox, db, [prompt]);
    return conversation;
  });
}

const create: Handler = async (sandbox, call) => {
  const { agent_id: agentId } = readQuery(Of, call.query);
  const { summary = null, model = null } = Wanted.parse(call.body ?? {});
  if (model) requireModel(model);
  // The answer does not know yet of the prompt that was just written.
  return { ...wireConversation(await open(sandbox, agentId, { summary, model })), in_context_message_ids: [] };
};

const ListQuery = z.object({
  ...pageFields(50, 'desc'),
  agent_id: z.string().optional(),
  summary_search: z.string().optional(),
});

const listThem: Handler = async (sandbox, call) => {
  const query = readQuery(ListQuery, call.query);
  const found = await listConversations(sandbox, {
    agentId: query.agent_id,
    search: query.summary_search,
    after: query.after,
    limit: query.limit,
    ascending: query.order === 'asc',
  });
  return found.map(wireConversation);
};

const retrieve: Handler = async (sandbox, call) =>
  wireConversation(await requireConversation(sandbox, param(call, 'conversationId')));

const change: Handler = async (sandbox, call) => {
  const { id } = await requireConversation(sandbox, param(call, 'conversationId'));
  const { summary, model } = Wanted.parse(call.body ?? {});
  if (model) requireModel(model);
  await changeConversation(sandbox, id, { summary: summary ?? undefined, model: model ?? undefined });
  return retrieve(sandbox, call);
};

const remove: Handler = async (sandbox, call) => {
  const { id } = await requireConversation(sandbox, param(call, 'conversationId'));
  await deleteConversation(sandbox, id);
  return null;
};

/** The agent whose default thread is meant: `default` with an agent_id, or an agent's id in place of a conversation's. */
function directAgent(call: RouteCall, agentId: string | null | undefined): string | null {
  const id = param(call, 'conversationId');
  if (isLettaId('agent', id)) return id;
  return id === 'default' ? (agentId ?? null) : null;
}

/** A conversation that nobody knows has no messages, and so has `default` without an agent. */
const listMessages: Handler = async (sandbox, call) => {
  const direct = directAgent(call, call.query.get('agent_id'));
  if (direct) {
    await requireAgent(sandbox, direct);
    return messagePage(sandbox, call, { agentId: direct, conversationId: 'default' });
  }
  const conversationId = param(call, 'conversationId');
  return conversationId === 'default' ? [] : messagePage(sandbox, call, { conversationId });
};

/** Streams unless `streaming` is false, to old clients as well. */
const send: Handler = async (sandbox, call) => {
  const request = SendRequest.parse(call.body ?? {});
  const direct = directAgent(call, request.agent_id);
  const conversation = direct ? null : await requireConversation(sandbox, param(call, 'conversationId'));
  const agent = await requireAgent(sandbox, direct ?? conversation?.agentId ?? '');
  if (conversation) await changeConversation(sandbox, conversation.id, { lastMessageAt: sandbox.clock.now() });
  const sending = { agent, conversation, request };
  if (request.streaming === false) {
    return conversation ? sendBlockingToConversation(sandbox, sending) : sendBlocking(sandbox, sending);
  }
  await sendStreaming(sandbox, sending, call.response);
  return undefined;
};

const cancel: Handler = async (sandbox, call) => {
  const direct = directAgent(call, call.query.get('agent_id'));
  if (direct) return cancelRuns(sandbox, { agentId: direct });
  const { id } = await requireConversation(sandbox, param(call, 'conversationId'));
  return cancelRuns(sandbox, { conversationId: id });
};

/** A new conversation with the same messages in context, behind a prompt of its own. */
const fork: Handler = async (sandbox, call) => {
  const direct = directAgent(call, call.query.get('agent_id'));
  const source = direct
    ? await requireAgent(sandbox, direct)
    : await requireConversation(sandbox, param(call, 'conversationId'));
  const until = call.query.get('message_id');
  const end = until ? source.messageIds.indexOf(until) + 1 : source.messageIds.length;
  if (end === 0) throw refuse(404, `Message with id ${until} not found in conversation`);
  const agentId = 'agentId' in source ? source.agentId : source.id;
  const kept = source.messageIds.slice(1, end);
  return wireConversation(await open(sandbox, agentId, { summary: null, model: null }, kept));
};

const ONE = '/v1/conversations/:conversationId';

export const conversationRoutes: Route[] = [
  { method: 'POST', path: '/v1/conversations', handle: create },
  { method: 'GET', path: '/v1/conversations', handle: listThem },
  { method: 'GET', path: ONE, handle: retrieve },
  { method: 'PATCH', path: ONE, handle: change },
  { method: 'DELETE', path: ONE, handle: remove },
  { method: 'GET', path: `${ONE}/messages`, handle: listMessages },
  { method: 'POST', path: `${ONE}/messages`, handle: send },
  { method: 'POST', path: `${ONE}/cancel`, handle: cancel },
  { method: 'POST', path: `${ONE}/fork`, handle: fork },
];
