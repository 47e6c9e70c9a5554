import { CreateAgent } from '@/lib/protocol/agent';
import { type Conversation, type Edge, OpenConversation, Speak } from '@/lib/protocol/conversation';
import { AppError } from '@/lib/protocol/errors';
import { type AgentId, SeatId } from '@/lib/protocol/ids';
import type { Caller } from '../access/caller';
import { createAgent } from '../agents/create-agent';
import { archiveConversation } from '../conversations/change-conversation';
import { openConversation } from '../conversations/open-conversation';
import { speak } from '../conversations/speak';
import { demoAgents, demoAsk, demoHuman, demoPriming } from '../letta/sandbox/demo-agents';
import type { Runtime } from '../runtime';
import { asParley } from './as-parley';
import { isSandboxReached, readDemo } from './read-demo';
import { runDemoTask } from './run-demo-task';
import { DEMO_TAG, reviewedEdge, sandboxServer } from './scene';

/**
 * Plays the walk-through in the sandbox, as a person asks for it: Alice and Bob sit down, Bob is told that somebody will
 * call, and Alice is asked to. What Bob answers is reviewed, and a simulated task runs for Alice. What an earlier one has
 * left is archived.
 * @throws AppError `engine.unavailable` while the sandbox is off
 */
export async function startDemo(rt: Runtime, caller: Caller): Promise<Conversation> {
  const conversation = await playWalkThrough(rt, caller, [reviewedEdge]);
  await runDemoTask(rt, caller);
  return conversation;
}

/**
 * Plays the walk-through once, at the first start with the sandbox. Nothing is held and no task is made then, so that
 * whoever uses Parley by its API finds both lists empty; a person is shown more (show-demo-once.ts).
 */
export async function startDemoOnce(rt: Runtime): Promise<void> {
  if (!rt.letta.list().some(({ name }) => name === sandboxServer)) return;
  const { count } = await rt.database.prisma.setting.createMany({
    data: [{ workspaceId: rt.workspaceId, name: 'demo_played', value: true }],
    skipDuplicates: true,
  });
  if (count > 0) await playWalkThrough(rt, asParley(rt), []);
}

async function playWalkThrough(rt: Runtime, caller: Caller, edges: Edge[]): Promise<Conversation> {
  if (!isSandboxReached(rt)) throw new AppError('engine.unavailable', 'The sandbox is switched off.');
  const alice = await findOrCreate(rt, caller, 'alice');
  const bob = await findOrCreate(rt, caller, 'bob');
  for (const { id } of (await readDemo(rt)).conversations) await archiveConversation(rt, caller, id);
  const conversation = await openConversation(
    rt,
    caller,
    OpenConversation.parse({
      title: 'Alice and Bob',
      seats: [{ agentId: alice }, { agentId: bob }],
      edges,
      opening: { to: 'b', content: demoPriming },
    }),
  );
  await speak(rt, caller, conversation.id, Speak.parse({ to: SeatId.parse('a'), content: demoAsk(bob) }));
  return conversation;
}

async function findOrCreate(rt: Runtime, caller: Caller, who: keyof typeof demoAgents): Promise<AgentId> {
  const { name, persona } = demoAgents[who];
  const found = (await readDemo(rt)).agents.find((agent) => agent.name === name);
  if (found) return found.id;
  const wanted = {
    name,
    persona,
    human: demoHuman,
    server: sandboxServer,
    tools: ['send_message_to_agent_async'],
    tags: [DEMO_TAG],
  };
  return (await createAgent(rt, caller, CreateAgent.parse(wanted))).id;
}
