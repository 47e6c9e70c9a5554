import { randomUUID } from 'node:crypto';
import { areWordsOf, incomingWords } from '@/lib/domain/conversation/incoming-words';
import { engineCall } from '@/lib/domain/conversation/messaging-call';
import { system } from '@/lib/protocol/actor';
import { type AgentId, ConversationId, SeatId, type ServerName } from '@/lib/protocol/ids';
import type { AgentMessage } from '@/lib/protocol/message';
import { callsOf } from '@/lib/protocol/message-calls';
import type { Queryable } from '../ledger/command';
import type { Gateway, TailedMessage, Thread } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { rememberMemory } from './note-memory';
import { observedOpening } from './observed-opening';
import { syncThread } from './sync-thread';

const [first, second] = [SeatId.parse('a'), SeatId.parse('b')];
/** How many messages before the first one that was seen are looked through for where a turn began. */
const LOOK_BACK = 50;
/** How far back the run is looked for in which the author works that has just sent something. */
const RUNS_MS = 60 * 60 * 1_000;

type Sending = { thread: Thread; runId: string | null };
/**
 * `runId` is that in which the receiver heard the first message; `sending` where the author is known to have sent it: then
 * a conversation that shows another thread of the author is another one.
 */
type Pair = { author: AgentId; receiver: Thread; runId: string | null; sending?: Sending };

/**
 * Opens a conversation to watch for each pair of agents that message each other inside of Letta while no conversation
 * seats both: it begins with the turns in which the first message was sent and heard. One that a person has stopped is
 * not opened again.
 */
export async function observePairs(rt: Runtime, server: ServerName, tailed: readonly TailedMessage[]): Promise<void> {
  const pairs = new Map<string, Pair>();
  for (const { agentId, threadId, message } of tailed) {
    const incoming = incomingWords(message);
    if (!incoming || incoming.senderId === agentId) continue;
    const key = JSON.stringify([[incoming.senderId, agentId].sort(), threadId]);
    const pair = { author: incoming.senderId, receiver: { agentId, threadId }, runId: message.runId };
    pairs.set(key, pairs.get(key) ?? pair);
  }
  for (const pair of pairs.values()) {
    if (await isKnown(rt.database.pool, rt, server, pair)) continue;
    await observePair(rt, server, pair, tailed);
  }
  await observeOtherThreads(rt, server, tailed);
}

/**
 * An author may write to the same agent from several threads, each of which has a conversation to watch. From which one it
 * writes shows when its call is listed, after the receiver has answered.
 */
async function observeOtherThreads(rt: Runtime, server: ServerName, tailed: readonly TailedMessage[]): Promise<void> {
  for (const { agentId: author, threadId, message } of tailed) {
    if (message.messageType !== 'tool_call_message') continue;
    for (const call of callsOf(message)) {
      const parsed = engineCall(call);
      if (!parsed?.ok || !('agentId' in parsed.target) || parsed.target.agentId === author) continue;
      const sending = { thread: { agentId: author, threadId }, runId: message.runId };
      const receiver = { agentId: parsed.target.agentId, threadId: null }; // Letta's tools write to no other thread
      const seatings = await seatingsOf(rt.database.pool, rt, server, { author, receiver, runId: null });
      const isWatched = seatings.some(({ isOpen }) => isOpen) && seatings.every((one) => one.isObserved || !one.isOpen);
      if (!isWatched || (await isKnown(rt.database.pool, rt, server, { author, receiver, runId: null, sending })))
        continue;
      const runId = await findHearing(rt, server, author, receiver, parsed.content);
      if (runId !== null) await observePair(rt, server, { author, receiver, runId, sending }, tailed);
    }
  }
}

/** The run in which the receiver heard the author's words last; null where it did not, such as when a call has failed. */
async function findHearing(
  rt: Runtime,
  server: ServerName,
  author: AgentId,
  receiver: Thread,
  content: string,
): Promise<string | null> {
  const { gateway } = rt.letta.require(server);
  const newest = await gateway.listMessages(receiver, { limit: LOOK_BACK });
  const heard = newest.findLast((message) => {
    const incoming = incomingWords(message);
    return incoming?.senderId === author && areWordsOf(incoming.words, content);
  });
  return heard?.runId ?? null;
}

type Seating = { isOpen: boolean; isObserved: boolean; isUnwanted: boolean };

/** Whether a conversation shows both agents, or a person wanted no more of it. */
async function isKnown(db: Queryable, rt: Runtime, server: ServerName, pair: Pair): Promise<boolean> {
  const seatings = await seatingsOf(db, rt, server, pair);
  return seatings.some(({ isOpen }) => isOpen) || seatings[0]?.isUnwanted === true;
}

/** Conversations that show both agents, the newest first. */
async function seatingsOf(
  db: Queryable,
  rt: Runtime,
  server: ServerName,
  { author, receiver, sending }: Pair,
): Promise<Seating[]> {
  const { rows } = await db.query<Seating>(
    `SELECT c.phase <> 'stopped' AS "isOpen", c.observed AS "isObserved",
       c.observed AND c.stopped_why = 'person' AS "isUnwanted"
     FROM seat r JOIN seat s ON s.workspace_id = r.workspace_id AND s.conversation_id = r.conversation_id
     JOIN conversation c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id
     WHERE r.workspace_id = $1 AND r.server = $2 AND r.agent_id = $3 AND r.thread_key = $4 AND s.agent_id = $5
       AND ($6::text IS NULL OR s.thread_key = $6)
     ORDER BY c.created_at DESC LIMIT 100`,
    [
      ...[rt.workspaceId, server, receiver.agentId, receiver.threadId ?? '', author],
      sending ? (sending.thread.threadId ?? '') : null,
    ],
  );
  return rows;
}

async function observePair(
  rt: Runtime,
  server: ServerName,
  pair: Pair,
  tailed: readonly TailedMessage[],
): Promise<void> {
  const { gateway, status } = rt.letta.require(server);
  const { author, receiver } = pair;
  const [authorAgent, receiverAgent] = [await gateway.findAgent(author), await gateway.findAgent(receiver.agentId)];
  if (!authorAgent || !receiverAgent) return; // Words that only look like those of an agent, or one that is gone.
  const sending = pair.sending ?? (await findSending(rt, gateway, pair, tailed));
  const seats = [
    { id: first, agent: authorAgent, ...sending },
    { id: second, agent: receiverAgent, thread: receiver, runId: pair.runId },
  ];
  const begun = await Promise.all(
    seats.map(async (seat) => ({ ...seat, cursor: await beginningOf(gateway, seat.thread, seat.runId, tailed) })),
  );
  const conversationId = ConversationId.parse(randomUUID());
  const opened = observedOpening(conversationId, server, status.sandbox, seats);
  const isNew = await rt.ledger.append({
    workspaceId: rt.workspaceId,
    actor: system,
    load: (db) => isKnown(db, rt, server, pair),
    decide: (known) => ({
      ok: true,
      entries: known ? [] : [opened],
      // Another instance may have seen it, too: that it is still new is looked at again under the lock.
      expects: known ? [] : [{ stream: opened.stream, streamSeq: 0 }],
      write: async (db) => {
        for (const { id, agent, cursor } of known ? [] : begun) {
          await rememberMemory(db, { workspaceId: rt.workspaceId, conversationId, seat: id }, agent.blocks);
          await db.query('UPDATE seat SET cursor = $4 WHERE workspace_id = $1 AND conversation_id = $2 AND seat = $3', [
            rt.workspaceId,
            conversationId,
            id,
            cursor,
          ]);
        }
      },
      answer: () => !known,
    }),
  });
  if (!isNew) return;
  // The receiver first: it has heard what the author's listing shows only later.
  for (const { id, agent, thread } of seats.toReversed()) {
    const actor = { kind: 'agent' as const, id: agent.id, name: agent.name };
    const ref = { workspaceId: rt.workspaceId, conversationId, seat: id, agent: actor };
    await syncThread(rt, gateway, ref, { server, ...thread });
  }
}

/**
 * In which thread and run the author sent it. Its call is listed when the receiver has answered: until then the author
 * stands in it, and is at work.
 */
async function findSending(
  rt: Runtime,
  gateway: Gateway,
  { author, receiver }: Pair,
  tailed: readonly TailedMessage[],
): Promise<Sending> {
  const isSending = ({ agentId, message }: TailedMessage) =>
    agentId === author &&
    callsOf(message).some((call) => {
      const parsed = engineCall(call);
      return parsed?.ok && (!('agentId' in parsed.target) || parsed.target.agentId === receiver.agentId);
    });
  const listed = tailed.find(isSending);
  if (listed) return { thread: { agentId: author, threadId: listed.threadId }, runId: listed.message.runId };
  const runs = await gateway.listRuns(author, new Date(rt.clock.now().getTime() - RUNS_MS));
  const run = runs.find(({ status }) => status === 'created' || status === 'running') ?? runs[0];
  return { thread: { agentId: author, threadId: run?.threadId ?? null }, runId: run?.id ?? null };
}

const isInput = ({ messageType, runId }: AgentMessage): boolean =>
  messageType === 'user_message' || (messageType === 'system_message' && runId !== null);

/** The last message before what is to be shown: before the run in which the first message was sent, or heard. */
async function beginningOf(
  gateway: Gateway,
  thread: Thread,
  runId: string | null,
  tailed: readonly TailedMessage[],
): Promise<string | null> {
  const seen = tailed.find(
    ({ agentId, threadId, message }) =>
      agentId === thread.agentId && threadId === thread.threadId && message.runId === runId,
  );
  const before = seen ? { before: seen.message.messageId } : {};
  const page = await gateway.listMessages(thread, { ...before, limit: LOOK_BACK });
  const begin = page.findIndex((message) => isInput(message) && message.runId === runId);
  if (begin === 0) return null;
  return page.at(begin < 0 ? -1 : begin - 1)?.messageId ?? null;
}
