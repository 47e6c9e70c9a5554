import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ThreadRef, TurnState } from '@/lib/domain/conversation/conversation-state';
import { decideControl, takenOver } from '@/lib/domain/task/decide-control';
import { queueInstruction } from '@/lib/domain/task/queue-message';
import { type Circumstances, isSameHolder, type TaskFact, type TaskRecord } from '@/lib/domain/task/task-record';
import { readAnswer, wordsForPrincipal } from '@/lib/domain/task/tell-principal';
import { system } from '@/lib/protocol/actor';
import { AppError, isAppError } from '@/lib/protocol/errors';
import { AgentId, TaskId, TurnId } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import { isTaskOver } from '@/lib/protocol/task';
import { lookUpTurn } from '../conversations/look-up-turn';
import type { Task as Job } from '../jobs';
import type { Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { commitTask } from './commit-task';
import { loadTask } from './load-task';
import { readTaskFacts } from './read-task-facts';

const Payload = z.object({ taskId: TaskId });
const LOOKED_AT = 100;

/**
 * Tells the agent that gave a task what happened, in words of its own, and takes its answer as instructions to the task
 * or as its decision about the handoff. What is told is recorded before it leaves; where its turn was cut short it is
 * looked up by its `otid` and not said again.
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
  const left = loaded.record.asked;
  const asked = left ?? (await ask(rt, taskId));
  if (!asked) return false;
  const thread = { server, agentId: AgentId.parse(loaded.record.principal.id), threadId: null };
  const before = left ? await findSaid(rt, taskId, thread, left, signal).catch(nothingOfOneGone) : null;
  const said = before ?? (await say(rt.letta.require(server).gateway, thread, asked, signal));
  await takeAnswer(rt, taskId, asked.otid, said);
  return true;
}

/** Puts everything that is new into one message and records it. */
async function ask(rt: Runtime, taskId: TaskId): Promise<Asked | null> {
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

type Asked = { otid: string; text: string };
/** `isGone`: Letta says that there is no such agent. */
type Said = { text: string; error: string | null; isGone?: boolean };

/**
 * What was said to a message that an earlier run has sent, once its turn is over; null where it never arrived, or a turn
 * that was killed has left nothing of it. HAZARD: the engine lists no message before its step has ended, so one that is
 * not listed may well be under way: sent again meanwhile it would be heard twice.
 */
async function findSaid(
  rt: Runtime,
  taskId: TaskId,
  thread: ThreadRef,
  { otid, text }: Asked,
  signal: AbortSignal,
): Promise<Said | null> {
  const id = TurnId.parse(otid);
  const input = { kind: 'user' as const, text, otid, senderName: 'Parley' };
  const turn: TurnState = {
    ...{ id, rootId: id, seat: null, thread, state: 'started', input, runId: null, isAccepted: false },
  };
  const found = await lookUpTurn(rt, turn, await toldAt(rt, taskId, otid), signal);
  signal.throwIfAborted();
  if (!found) throw new AppError('engine.unavailable', `${thread.server} is away; what it said is looked up later.`);
  const listed = await rt.letta.require(thread.server).gateway.listMessages(thread, { limit: LOOKED_AT });
  const at = listed.findIndex((message) => message.otid === otid);
  if (at < 0) return null;
  const after = listed.slice(at + 1);
  const next = after.findIndex(isInput);
  const own = next < 0 ? after : after.slice(0, next);
  return { text: own.flatMap((message) => spoken(message)).join('\n\n'), error: found.error };
}

/** Of an agent that was deleted nothing can be found; who speaks to it is told so. */
function nothingOfOneGone(error: unknown): null {
  if (isAppError(error) && error.code === 'agent.not_found') return null;
  throw error;
}

/** What somebody says next to the agent: what follows is no answer to us. */
const isInput = ({ messageType }: AgentMessage): boolean =>
  messageType === 'user_message' || messageType === 'system_message';

/** When a message was recorded, before it left. */
async function toldAt(rt: Runtime, taskId: TaskId, otid: string): Promise<Date> {
  const facts = await readTaskFacts(rt.database.pool, rt.workspaceId, taskId);
  const told = facts.findLast((fact) => fact.type === 'task.principal_told' && fact.payload.otid === otid);
  return told ? new Date(told.receivedAt) : new Date(0);
}

/** Says it and follows the turn to its end. */
async function say(gateway: Gateway, thread: ThreadRef, { otid, text }: Asked, signal: AbortSignal): Promise<Said> {
  const words: string[] = [];
  let error: string | null = null;
  let isGone = false;
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
    isGone = failure.code === 'agent.not_found';
  }
  return { text: words.join('\n\n'), error, isGone };
}

const spoken = ({ messageType, content }: { messageType: string; content?: string | undefined }): string[] =>
  messageType === 'assistant_message' && content ? [content] : [];

async function takeAnswer(rt: Runtime, taskId: TaskId, otid: string, said: Said): Promise<void> {
  const { text, error } = said;
  await commitTask(rt, {
    workspaceId: rt.workspaceId,
    taskId,
    actor: system,
    decide: (loaded, at) => {
      if (loaded?.record.asked?.otid !== otid) return { ok: true, facts: [], answer: () => null };
      const answered: TaskFact = { type: 'task.principal_answered', payload: { otid, text, error } };
      return { ok: true, facts: [answered, ...consequences(loaded.record, said, at)], answer: () => null };
    },
  });
}

function consequences(record: TaskRecord, { text, error, isGone }: Said, at: Circumstances): TaskFact[] {
  if (isTaskOver(record.state)) return [];
  // What is in the hands of an agent that is no more is in nobody's: it stands where people look for such.
  if (isGone) {
    const holds = record.state === 'TAKEN_OVER' && isSameHolder(record.holder, record.principal);
    return holds ? [takenOver(record, { holder: null, why: 'principal_gone', reason: error })] : [];
  }
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
