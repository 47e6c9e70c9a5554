import type { ClearedDemo } from '@/lib/protocol/settings';
import { ControlTask } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import { deleteAgent } from '../agents/change-agent';
import { archiveConversation } from '../conversations/change-conversation';
import type { Runtime } from '../runtime';
import { controlTask } from '../tasks/control-task';
import { readDemo } from './read-demo';
import { runningDemoTasks } from './run-demo-task';

/**
 * Takes the walk-through away: its conversations are archived, with the drafts in them, its task is cancelled, its agents
 * are deleted. What happened stays in the ledger. It is not played again by itself. Resolves with how many of each.
 */
export async function clearDemo(rt: Runtime, caller: Caller): Promise<ClearedDemo> {
  const tasks = await runningDemoTasks(rt);
  const { agents, conversations } = await readDemo(rt);
  const abort = ControlTask.parse({ action: 'ABORT', reason: 'The walk-through was cleared.' });
  for (const { id } of tasks) await controlTask(rt, caller, id, abort);
  for (const { id } of conversations) await archiveConversation(rt, caller, id);
  for (const { id } of agents) await deleteAgent(rt, caller, id);
  return { conversations: conversations.length, tasks: tasks.length, agents: agents.length };
}
