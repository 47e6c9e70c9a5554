import { CreateAgent } from '@/lib/protocol/agent';
import type { Conversation } from '@/lib/protocol/conversation';
import { OpenConversation, Speak } from '@/lib/protocol/conversation';
import { AppError } from '@/lib/protocol/errors';
import type { AgentId } from '@/lib/protocol/ids';
import { SeatId, ServerName } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import { createAgent } from '../agents/create-agent';
import { demoAgents, demoAsk, demoHuman, demoPriming } from '../letta/sandbox/demo-agents';
import type { Runtime } from '../runtime';
import { archiveConversation } from './change-conversation';
import { openConversation } from './open-conversation';
import { listConversations } from './read-conversations';
import { speak } from './speak';

const sandbox = ServerName.parse('sandbox');
const DEMO_TAG = 'demo';

/**
 * Plays the walk-through in the sandbox: Alice and Bob are made where they are not there, sit down in a conversation,
 * Bob is told that somebody will call, and Alice is asked to. What an earlier one has left is archived.
 */
export async function startDemo(rt: Runtime, caller: Caller): Promise<Conversation> {
  if (!rt.letta.list().some((server) => server.name === sandbox && server.state === 'connected')) {
    throw new AppError('engine.unavailable', 'The sandbox is switched off.');
  }
  const alice = await findOrCreate(rt, caller, 'alice');
  const bob = await findOrCreate(rt, caller, 'bob');
  await archiveEarlier(rt, caller, [alice, bob]);
  const conversation = await openConversation(
    rt,
    caller,
    OpenConversation.parse({
      title: 'Alice and Bob',
      seats: [{ agentId: alice }, { agentId: bob }],
      opening: { to: 'b', content: demoPriming },
    }),
  );
  await speak(rt, caller, conversation.id, Speak.parse({ to: SeatId.parse('a'), content: demoAsk(bob) }));
  return conversation;
}

async function findOrCreate(rt: Runtime, caller: Caller, who: keyof typeof demoAgents): Promise<AgentId> {
  const { gateway } = rt.letta.require(sandbox);
  const { name, persona } = demoAgents[who];
  const found = (await gateway.findAgentsByTag(DEMO_TAG)).find((agent) => agent.name === name);
  if (found) return found.id;
  const wanted = {
    name,
    persona,
    human: demoHuman,
    server: sandbox,
    tools: ['send_message_to_agent_async'],
    tags: [DEMO_TAG],
  };
  return (await createAgent(rt, caller, CreateAgent.parse(wanted))).id;
}

async function archiveEarlier(rt: Runtime, caller: Caller, agentIds: AgentId[]): Promise<void> {
  const { items } = await listConversations(rt.database.pool, caller.workspaceId, { after: null, limit: 500 });
  for (const conversation of items) {
    const isDemo = conversation.sandbox && conversation.seats.every((seat) => agentIds.includes(seat.agentId));
    if (isDemo) await archiveConversation(rt, caller, conversation.id);
  }
}

/** Plays the walk-through once, at the first start with the sandbox. */
export async function startDemoOnce(rt: Runtime): Promise<void> {
  if (!rt.letta.list().some((server) => server.name === sandbox)) return;
  const { count } = await rt.database.prisma.setting.createMany({
    data: [{ workspaceId: rt.workspaceId, name: 'demo_played', value: true }],
    skipDuplicates: true,
  });
  if (count === 0) return;
  await startDemo(rt, {
    workspaceId: rt.workspaceId,
    actor: { kind: 'system', id: 'parley', name: 'Parley' },
    role: 'admin',
    credential: { kind: 'admin-key', id: 'parley' },
    agentScope: null,
  });
}
