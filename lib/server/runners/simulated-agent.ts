import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { JsonObject } from '@/lib/protocol/json';
import { isTaskOver, Task, TaskMessage } from '@/lib/protocol/task';
import { TaskInstruction } from '@/lib/protocol/task-message';
import { resumeAt, type SimulatedScript, scriptOf } from './simulated-script';

/** The public protocol over HTTP, with the key of an agent. */
export type Wire = {
  ask(method: 'GET' | 'POST', path: string, body?: JsonObject): Promise<{ status: number; body: unknown }>;
};

const Answered = z.object({ instructions: z.array(TaskInstruction) });
const Failed = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const Messages = z.object({ items: z.array(TaskMessage) });

/** What an agent was told, as far as a simulated one understands it. */
type Order = 'pause' | 'continue' | 'abort' | 'retry' | 'status' | null;

const orders: Readonly<Record<string, Order>> = {
  PAUSE: 'pause',
  TAKEOVER: 'pause',
  CONTINUE: 'continue',
  HANDBACK: 'continue',
  ABORT: 'abort',
  RETRY: 'retry',
};

const LISTEN_SECONDS = 20;

/**
 * An agent that carries a task out by a script and speaks nothing but the public protocol: reports, the instructions in
 * their answers, and the queue. It pauses, goes on, begins again at its checkpoint and stops as it is told.
 */
export async function runSimulatedAgent(
  wire: Wire,
  taskId: string,
  { paceMs, signal }: { paceMs?: number | undefined; signal: AbortSignal },
): Promise<void> {
  const agentId = `simulated-${taskId.slice(0, 8)}`;
  const readTask = async () => {
    const { status, body } = await wire.ask('GET', `/api/tasks/${taskId}`);
    if (status !== 200) throw new Error(`the task could not be read: ${status}`);
    return Task.parse(body);
  };
  const task = await readTask();
  const script = scriptOf(task, paceMs);
  const run = createRun(wire, { taskId, agentId, command: task.command, script, signal, readTask });
  await run(task);
}

type RunOptions = {
  taskId: string;
  agentId: string;
  command: string;
  script: SimulatedScript;
  signal: AbortSignal;
  readTask: () => Promise<Task>;
};

function createRun(wire: Wire, { taskId, agentId, command, script, signal, readTask }: RunOptions) {
  const { steps, paceMs, introducedMs } = script;
  /** A step at which it hung is not gone through again: begun anew, it works. */
  const hung = new Set<number>();

  /** Sends a report and hears what is said in return; `over`: nothing more fits. */
  async function say(report: JsonObject): Promise<Order | 'over'> {
    const message = { ...report, timestamp: new Date().toISOString(), agent_id: agentId };
    const { status, body } = await wire.ask('POST', `/api/tasks/${taskId}/reports`, message);
    if (status < 300) return latest(Answered.parse(body).instructions.map(orderOf));
    const failed = Failed.safeParse(body);
    if (failed.success && failed.data.error.code === 'task.taken_over') return 'pause';
    // A script may send what is no report: it is kept as refused, and the work goes on.
    if (failed.success && failed.data.error.code === 'request.invalid') return null;
    if (failed.success && failed.data.error.code === 'task.state')
      return isTaskOver((await readTask()).state) ? 'over' : null;
    throw new Error(
      `a report was answered ${status}: ${failed.success ? failed.data.error.message : 'not as expected'}`,
    );
  }

  /** Works for a while with an ear on the queue. */
  async function listenFor(seconds: number): Promise<Order> {
    const { status, body } = await wire.ask('GET', `/messages/task/${taskId}?wait=${seconds}`);
    if (status !== 200) throw new Error(`the queue was answered ${status}`);
    return latest(
      Messages.parse(body).items.map(({ kind, content }) =>
        kind === 'status_request' ? 'status' : (orders[content] ?? null),
      ),
    );
  }

  const status = (): Promise<Order | 'over'> =>
    say({ type: 'PROGRESS_UPDATE', status: 'IN_PROGRESS', current_action: 'Answering a request for a status' });

  /** Where to go on after an order: the next step, or null to stop. */
  async function obey(order: Order | 'over', next: number): Promise<number | null> {
    signal.throwIfAborted();
    if (order === 'over' || order === 'abort') return null;
    if (order === 'status') return obey(await status(), next);
    if (order === 'retry') {
      await say({ type: 'INITIALIZATION', command, status: 'INITIALIZING' });
      return resumeAt(steps, doneOf(await readTask()));
    }
    if (order !== 'pause') return next;
    const told = await listenFor(LISTEN_SECONDS);
    if (told === 'continue') return next;
    if (told === null && isTaskOver((await readTask()).state)) return null;
    return obey(told ?? 'pause', next);
  }

  return async (task: Task): Promise<void> => {
    if (isTaskOver(task.state)) return;
    if (task.waitingFor === 'handoff_decision') return; // set to work again while an earlier one still worked
    let at: number | null = 0;
    if (task.state === 'HANDOFF_PENDING') at = handoffAt(steps);
    else if (task.state !== 'QUEUED') {
      const isAsked = task.state === 'RECOVERING' || task.state === 'PROBING';
      at = await obey(isAsked ? 'retry' : null, Math.max(1, resumeAt(steps, doneOf(task))));
    }
    while (at !== null && at < steps.length) {
      const step = steps[at];
      at += 1;
      if (!step) return;
      if ('hangMs' in step) {
        if (!hung.has(at)) await delay(step.hangMs, undefined, { signal });
        hung.add(at);
        at = await obey(await listenFor(0), at);
      } else if ('workMs' in step) at = await obey(await listenFor(step.workMs / 1_000), at);
      else {
        at = await obey(await say(step.report), at);
        const restMs = step.report['type'] === 'INITIALIZATION' ? introducedMs : paceMs;
        if (at !== null && at < steps.length) at = await obey(await listenFor(restMs / 1_000), at);
      }
    }
  };
}

/** What is left of a task that is completed: to ask for its handoff. */
function handoffAt(steps: SimulatedScript['steps']): number {
  const at = steps.findIndex((step) => 'report' in step && step.report['type'] === 'HANDOFF_REQUEST');
  return at < 0 ? steps.length : at;
}

const doneOf = ({ milestones }: Task): string[] =>
  milestones.filter(({ state }) => state === 'done').map(({ name }) => name);

function orderOf(instruction: TaskInstruction): Order {
  if (instruction.type === 'x-STATUS_REQUEST') return 'missing' in instruction ? null : 'status';
  return instruction.type === 'x-CONTROL' ? (orders[instruction.action] ?? null) : null;
}

const latest = (all: readonly Order[]): Order => all.findLast((order) => order !== null) ?? null;
