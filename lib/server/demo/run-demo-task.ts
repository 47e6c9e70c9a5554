import { isTaskOver, NewTask, type Task, taskStates } from '@/lib/protocol/task';
import type { Caller } from '../access/caller';
import { demoAgents } from '../letta/sandbox/demo-agents';
import type { Runtime } from '../runtime';
import { createTask } from '../tasks/create-task';
import { listTasks } from '../tasks/read-tasks';
import { readDemo } from './read-demo';
import { demoTask } from './scene';

const LISTED = 500;

/** The simulated tasks of the walk-through that are not over. */
export async function runningDemoTasks(rt: Runtime): Promise<Task[]> {
  const principals = new Set<string>((await readDemo(rt)).agents.map(({ id }) => id));
  const state = taskStates.filter((each) => !isTaskOver(each));
  const query = { state, runner: 'simulated' as const, limit: LISTED };
  const { items } = await listTasks(rt, rt.workspaceId, query);
  return items.filter(({ command, principal }) => command === demoTask.command && principals.has(principal.id));
}

/** Has a simulated agent carry out a task for Alice, unless one does already. She is not told: she has Bob to talk to. */
export async function runDemoTask(rt: Runtime, caller: Caller): Promise<void> {
  const { agents } = await readDemo(rt);
  const alice = agents.find(({ name }) => name === demoAgents.alice.name);
  if (!alice || (await runningDemoTasks(rt)).length > 0) return;
  const { paceMs, ...wanted } = demoTask;
  const principal = { kind: 'agent', id: alice.id };
  const task = NewTask.parse({ ...wanted, principal, runner: 'simulated', tell: [] });
  await createTask(rt, caller, task, undefined, { paceMs });
}
