import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { decideControl } from '@/lib/domain/task/decide-control';
import { queueInstruction } from '@/lib/domain/task/queue-message';
import type { Circumstances, TaskFact, TaskRecord } from '@/lib/domain/task/task-record';
import { readAnswer, wordsForPrincipal } from '@/lib/domain/task/tell-principal';
import { system } from '@/lib/protocol/actor';
import { isAppError } from '@/lib/protocol/errors';
import { AgentId, TaskId } from '@/lib/protocol/ids';
import { isTaskOver } from '@/lib/protocol/task';
import type { Task as Job } from '../jobs';
import type { Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { commitTask } from './commit-task';
import { loadTask } from './load-task';
import { readTaskFacts } from './read-task-facts';

const Payload = z.object({ taskId: TaskId });
const LOOKED_AT = 50;

/**
 * Tells the agent that gave a task what happened, in words of its own, and takes its answer as instructions to the task
 * or as its decision about the handoff. What is told is recorded before it leaves; after a crash it is looked up by its
 * `otid` and not said again.
 */
export const tellPrincipal = (rt: Runtime): Job<typeof Payload> => ({
  name: 'task.tell_principal',
  payload: Payload,
  run: async ({ taskId }, { signal }) => {
    // What became news while an earlier message was unanswered may have no job of its own: it is told next.
    while (await tellNext(rt, taskId, signal));
  },
});

/** One message and its answer, first the one that an earlier run left; false where there is nothing to tell. */
async function tellNext(rt: Runtime, taskId: TaskId, signal: AbortSignal): Promise<boolean> {
  const loaded = await loadTask(rt.database.pool, rt.workspaceId, taskId);
  const server = loaded?.record.principalServer;
  if (!loaded || !server) return false;
  const asked = loaded.record.asked ?? (await ask(rt, taskId));
  if (!asked) return false;
  const { gateway } = rt.letta.require(server);
  const said = await hear(gateway, AgentId.parse(loaded.record.principal.id), asked, signal);
  await takeAnswer(rt, taskId, asked.otid, said);
  return true;
}

/** Puts everything that is new into one message and records it. */
async function ask(rt: Runtime, taskId: TaskId): Promise<{ otid: string; text: string } | null> {
  const facts = await readTaskFacts(rt.database.pool, rt.workspaceId, taskId);
  return commitTask(rt, {
    workspaceId: rt.workspaceId,
    taskId,
    actor: system,
    decide: (loaded) => {
      const nothing = { ok: true as const, facts: [], answer: () => null };
      if (!loaded) return nothing;
      const { record } = loaded;
      const text = wordsForPrincipal(
        record,
        facts.filter(({ streamSeq }) => streamSeq > record.toldUpTo),
      );
      if (text === null || record.asked !== null) return nothing;
      const otid = randomUUID();
      const upTo = Math.max(...facts.map(({ streamSeq }) => streamSeq));
      return {
        ok: true,
        facts: [{ type: 'task.principal_told', payload: { otid, text, upTo } }],
        answer: () => ({ otid, text }),
      };
    },
  });
}

type Said = { text: string; error: string | null };

/** Says it and follows the turn to its end; where it arrived before, what was said to it then is read. */
async function hear(
  gateway: Gateway,
  agentId: AgentId,
  { otid, text }: { otid: string; text: string },
  signal: AbortSignal,
): Promise<Said> {
  const thread = { agentId, threadId: null };
  const before = await gateway.listMessages(thread, { limit: LOOKED_AT });
  const at = before.findIndex((message) => message.otid === otid);
  if (at >= 0) {
    const after = before.slice(at + 1);
    return { text: after.flatMap((message) => spoken(message)).join('\n\n'), error: null };
  }
  const words: string[] = [];
  let error: string | null = null;
  try {
    for await (const event of gateway.send(thread, { kind: 'user', text, otid, senderName: 'Parley' }, { signal })) {
      if (event.kind === 'message') words.push(...spoken(event.message));
      if (event.kind === 'ended') error = event.error;
    }
  } catch (failure) {
    // Busy, away or unknown: the job comes again and looks first. A refusal for good is told.
    if (!isAppError(failure) || !['agent.not_found', 'request.invalid', 'engine.refused'].includes(failure.code))
      throw failure;
    error = failure.message;
  }
  return { text: words.join('\n\n'), error };
}

const spoken = ({ messageType, content }: { messageType: string; content?: string | undefined }): string[] =>
  messageType === 'assistant_message' && content ? [content] : [];

async function takeAnswer(rt: Runtime, taskId: TaskId, otid: string, { text, error }: Said): Promise<void> {
  await commitTask(rt, {
    workspaceId: rt.workspaceId,
    taskId,
    actor: system,
    decide: (loaded, at) => {
      if (loaded?.record.asked?.otid !== otid) return { ok: true, facts: [], answer: () => null };
      const answered: TaskFact = { type: 'task.principal_answered', payload: { otid, text, error } };
      return { ok: true, facts: [answered, ...consequences(loaded.record, text, at)], answer: () => null };
    },
  });
}

function consequences(record: TaskRecord, text: string, at: Circumstances): TaskFact[] {
  if (isTaskOver(record.state)) return [];
  const answer = readAnswer(record, text);
  const from = record.principal.name;
  if (answer.kind === 'nothing') return [];
  if (answer.kind === 'instruct') {
    return [queueInstruction(record, { from, kind: 'guidance', content: text, expiresAt: null }, at)];
  }
  const action = answer.kind === 'accept' ? 'ACCEPT' : 'CONTINUE';
  const reason = answer.kind === 'reject' ? answer.reason : undefined;
  const decision = decideControl(record, { action, give: 'me', ...(reason && { reason }) }, record.principal, at);
  // Their causes count from the beginning of this decision, which stands behind the answer.
  return decision.ok ? decision.facts.map((fact) => ({ ...fact, cause: { index: 0 } })) : [];
}
