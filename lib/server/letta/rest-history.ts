import { z } from 'zod';
import type { AgentMessage } from '@/lib/protocol/message';
import type { PendingApproval, Thread } from './gateway';
import type { RestClient } from './rest-client';
import { isHidden, toAgentMessage } from './rest-message';
import { listReadable } from './rest-unreadable';

const List = z.array(z.unknown());
const RUN_TAIL = 20; // a step stores at most a few messages, and the newest are the step's

/** The conversation filter that leaves out the messages of an agent's other threads. */
export const conversationOf = (thread: Thread): string => thread.threadId ?? 'default';

/**
 * One page of a thread, oldest first. The client's own paging is not used: it goes on with `after` whatever the order.
 * A page may hold more than `limit`, since the server counts an answer with its calls as one.
 */
export async function listThread(
  client: RestClient,
  thread: Thread,
  page: { after?: string; before?: string; limit: number },
): Promise<AgentMessage[]> {
  const listed = await fetchPage(client, thread, page);
  const shown = listed.filter((message) => !isHidden(message));
  const edge = page.after === undefined ? listed.at(0) : listed.at(-1);
  if (shown.length > 0 || !edge) return shown;
  // Nothing but keep-alive messages: an empty page would look like the end.
  return listThread(client, thread, { ...page, [page.after === undefined ? 'before' : 'after']: edge.messageId });
}

async function fetchPage(client: RestClient, thread: Thread, page: { after?: string; before?: string; limit: number }) {
  const cursor = page.after === undefined ? { before: page.before } : { after: page.after };
  const list = (end: 'oldest' | 'newest', limit: number) => {
    const order = end === 'newest' ? ('desc' as const) : ('asc' as const);
    const query = { conversation_id: conversationOf(thread), order, limit, ...cursor };
    return client.read(
      List,
      async (options) => (await client.letta.agents.messages.list(thread.agentId, query, options)).items,
      { agentId: thread.agentId },
    );
  };
  const listed = await listReadable(list, page.after === undefined ? 'newest' : 'oldest', page.limit);
  const [before, after] = [listed.before.map(toAgentMessage), listed.after.map(toAgentMessage)];
  const [next] = after;
  // INVARIANT: never the last of a page, whose id is where the reading goes on.
  const gap = listed.words !== null && next ? [toUnlisted(listed.words, next)] : [];
  return [...before, ...gap, ...after];
}

/** What stands for messages that the server cannot list, right before one that it can. */
const toUnlisted = (words: string, next: AgentMessage): AgentMessage => ({
  ...{ messageId: `unlisted-before-${next.messageId}`, messageType: 'unknown', raw: { not_listed: words } },
  ...{ runId: null, stepId: null, otid: null, senderId: null, senderName: null, date: next.date },
});

/** The newest messages that the engine has stored for a run, oldest first. */
export async function listRunMessages(client: RestClient, runId: string): Promise<AgentMessage[]> {
  const listed = await client.read(
    List,
    async (options) =>
      (await client.letta.runs.messages.list(runId, { order: 'desc', limit: RUN_TAIL }, options)).items,
  );
  return listed.map(toAgentMessage).toReversed(); // unlike every other listing, this one comes in the order asked for
}

/**
 * What a thread waits for. The agent tells it for its default thread; another thread's is its last message, which for
 * the default one would be wrong after a reset of the context.
 */
export async function findPendingInThread(client: RestClient, thread: Thread): Promise<PendingApproval | null> {
  const { agentId, threadId } = thread;
  if (threadId === null) {
    const query = { include: ['agent.pending_approval' as const] };
    const Waiting = z.looseObject({ pending_approval: z.unknown().optional() });
    const agent = await client.read(Waiting, (options) => client.letta.agents.retrieve(agentId, query, options), {
      agentId,
    });
    return agent.pending_approval ? toPending(toAgentMessage(agent.pending_approval)) : null;
  }
  const last = (await fetchPage(client, thread, { limit: 1 })).at(-1);
  return last ? toPending(last) : null;
}

export function toPending(message: AgentMessage): PendingApproval | null {
  if (message.messageType !== 'approval_request_message') return null;
  return { messageId: message.messageId, runId: message.runId, message };
}
