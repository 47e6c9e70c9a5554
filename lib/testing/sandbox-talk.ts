import { expect, vi } from 'vitest';
import { CreateAgent } from '@/lib/protocol/agent';
import { type Conversation, OpenConversation, Speak } from '@/lib/protocol/conversation';
import { type Entry, type EntryType, knownEntry, type PayloadOf } from '@/lib/protocol/entry';
import { type AgentId, type ConversationId, type SeatId, ServerName } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import { createAgent } from '@/lib/server/agents/create-agent';
import { changeConversation } from '@/lib/server/conversations/change-conversation';
import { openConversation } from '@/lib/server/conversations/open-conversation';
import { requireConversation } from '@/lib/server/conversations/read-conversations';
import { speak } from '@/lib/server/conversations/speak';
import { readStream } from '@/lib/server/ledger/read-entries';
import type { SandboxScript } from '@/lib/server/letta/sandbox/scripted';
import type { TestRuntime } from './test-runtime';

export const sandboxServer = ServerName.parse('sandbox');
export const tellTool = 'send_message_to_agent_async';
export const askTool = 'send_message_to_agent_and_wait_for_reply';
export const tagsTool = 'send_message_to_agents_matching_tags';

type Steps = SandboxScript['script'];
type Talk = { id: ConversationId };

/** Agents in the sandbox, or on another server, that do what scripts say, and what a test asks of their conversations. */
export function sandboxTalk(program: () => TestRuntime, server = sandboxServer) {
  const opened: Conversation[] = [];
  const gateway = () => program().rt.letta.require(server).gateway;

  const agent = async (name: string, more: Partial<CreateAgent> = {}): Promise<AgentId> => {
    const { rt, ana } = program();
    const wanted = {
      name,
      server: sandboxServer,
      model: 'sandbox/scripted',
      tools: [tellTool, askTool, tagsTool],
      ...more,
    };
    return (await createAgent(rt, ana, CreateAgent.parse(wanted))).id;
  };
  const entries = async ({ id }: Talk): Promise<Entry[]> => {
    const { rt, database } = program();
    const page = { after: 0, limit: 5_000 };
    const stored = await readStream(database.pool, rt.workspaceId, conversationStream(id), page);
    return stored.flatMap((entry) => knownEntry(entry) ?? []);
  };
  const now = ({ id }: Talk) => requireConversation(program().database.pool, program().rt.workspaceId, id);
  const listed = (agentId: AgentId) => gateway().listMessages({ agentId, threadId: null }, { limit: 500 });

  return {
    gateway,
    agent,
    /** An agent that answers whatever it hears by a script. */
    listener: (name: string, script: Steps, more: Partial<CreateAgent> = {}) =>
      agent(name, { blocks: [{ label: 'script', value: JSON.stringify({ script }) }], ...more }),
    open: async (seats: AgentId[], more: object = {}) => {
      const { rt, ana } = program();
      const wanted = OpenConversation.parse({ seats: seats.map((agentId) => ({ agentId })), ...more });
      const conversation = await openConversation(rt, ana, wanted);
      opened.push(conversation);
      return conversation;
    },
    /** Stops what was opened: agents are free again. */
    stopAll: async () => {
      const { rt, ana } = program();
      for (const { id } of opened.splice(0)) await changeConversation(rt, ana, id, { state: 'stopped' });
    },
    say: ({ id }: Talk, to: SeatId, script: Steps) => {
      const { rt, ana } = program();
      return speak(rt, ana, id, Speak.parse({ to, content: JSON.stringify({ script }) }));
    },
    /** Somebody speaks to an agent past Parley. */
    sayElsewhere: async (agentId: AgentId, script: Steps) => {
      const input = { kind: 'user' as const, text: JSON.stringify({ script }), otid: crypto.randomUUID() };
      for await (const event of gateway().send({ agentId, threadId: null }, input)) expect(event.kind).toBeTruthy();
    },
    entries,
    only: async <T extends EntryType>(talk: Talk, type: T): Promise<PayloadOf<T>[]> =>
      // What is filtered by its type has the payload of that type; TypeScript does not follow a type parameter that far.
      (await entries(talk)).filter((entry) => entry.type === type).map((entry) => entry.payload as PayloadOf<T>),
    now,
    state: async (talk: Talk) => (await now(talk)).state,
    rest: (talk: Talk) =>
      vi.waitUntil(async () => (await now(talk)).state !== 'running', { timeout: 15_000, interval: 30 }),
    /** What an agent's own listing holds, in its order. */
    listed,
    heard: async (agentId: AgentId, text: string) =>
      (await listed(agentId)).filter(
        ({ messageType, runId, content }) => messageType === 'system_message' && runId && content?.includes(text),
      ),
  };
}
