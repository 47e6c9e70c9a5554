import { z } from 'zod';
import { Agent } from '@/lib/protocol/agent';
import { Conversation } from '@/lib/protocol/conversation';
import type { Api } from './api';

const TOOLS = ['send_message_to_agent_async', 'send_message_to_agent_and_wait_for_reply'];
const MOST_TURNS = 10_000;

/** Two agents of the sandbox that do what a script in the text they hear says, in a conversation: `a` and `b`. */
export async function makeConversation(
  api: Api,
  title: string,
  { paused = false }: { paused?: boolean } = {},
): Promise<{ id: string; callerId: string; receiverId: string }> {
  const make = async (name: string) => {
    const body = { name: `${title} ${name}`, model: 'sandbox/scripted', tools: TOOLS };
    return Agent.parse(await api.ask({ method: 'POST', path: '/api/agents', body })).id;
  };
  const [callerId, receiverId] = [await make('a'), await make('b')];
  const body = { title, seats: [{ agentId: callerId }, { agentId: receiverId }], maxTurns: MOST_TURNS };
  const { id } = Conversation.parse(await api.ask({ method: 'POST', path: '/api/conversations', body }));
  if (paused) {
    const { state } = z
      .object({ state: z.string() })
      .parse(await api.ask({ method: 'PATCH', path: `/api/conversations/${id}`, body: { state: 'paused' } }));
    if (state !== 'paused') throw new Error(`the conversation is ${state}`);
  }
  return { id, callerId, receiverId };
}
