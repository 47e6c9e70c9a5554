import { randomUUID } from 'node:crypto';
import {
  type ConversationDecision,
  type ConversationFact,
  type ConversationState,
  findSeat,
  type Ids,
  type QueuedTurn,
  type ThreadRef,
  threadKey,
} from '@/lib/domain/conversation/conversation-state';
import { followDrafts } from '@/lib/domain/draft/follow-drafts';
import type { Actor } from '@/lib/protocol/actor';
import type { Entry } from '@/lib/protocol/entry';
import type { ConversationId, WorkspaceId } from '@/lib/protocol/ids';
import { conversationStream, inboxStream } from '@/lib/protocol/stream';
import { toStoredJson } from '../database/stored-text';
import type { Decided, Effect, IdempotencyKey, Queryable } from '../ledger/command';
import type { Ledger } from '../ledger/ledger';
import { loadConversation } from './load-conversation';
import { releaseEffect } from './release-gates';
import { isOfInbox, toEntries } from './stream-of-fact';

/** The job that looks after a thread: one at a time for each thread, wherever it runs. */
export function wakeThread(workspaceId: WorkspaceId, thread: ThreadRef): Effect {
  const key = `thread:${threadKey(thread)}`;
  return { task: 'thread.run', payload: { workspaceId, ...thread }, queue: key, key };
}

/** Turns of one command keep their order: a position is the seq of the command's first entry, and three digits. */
export const POSITIONS_PER_SEQ = 1_000;

/** Queues turns behind those of their threads, in the order in which their entries stand in the ledger. */
export async function queueTurns(
  db: Queryable,
  workspaceId: WorkspaceId,
  conversationId: ConversationId,
  turns: readonly QueuedTurn[],
  entries: readonly Entry[],
): Promise<void> {
  const position = (entries[0]?.seq ?? 0) * POSITIONS_PER_SEQ;
  for (const [index, turn] of turns.entries()) {
    await db.query(
      `INSERT INTO turn (workspace_id, id, conversation_id, root_id, seat, server, agent_id, thread_key, position, state, input)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', $10)`,
      [
        workspaceId,
        turn.id,
        conversationId,
        turn.rootId,
        turn.seat,
        turn.thread.server,
        turn.thread.agentId,
        turn.thread.threadId ?? '',
        position + index,
        toStoredJson(turn.input),
      ],
    );
    // What goes with answers does not go by itself any more.
    if (turn.input.kind !== 'answers' || !turn.input.joined) continue;
    await db.query(
      `UPDATE turn SET state = 'ended', stop_reason = 'joined' WHERE workspace_id = $1 AND id = $2 AND state = 'queued'`,
      [workspaceId, turn.input.joined.turnId],
    );
  }
}

export type DecisionCommand = {
  workspaceId: WorkspaceId;
  conversationId: ConversationId;
  actor: Actor;
  decide: (state: ConversationState, ids: Ids) => ConversationDecision;
  idempotency?: IdempotencyKey | undefined;
  /** The decision is made only while this deadline stands, and takes it away. */
  consumes?: { kind: string; subject: string; epoch: number } | undefined;
  /** What a repeat of the request is answered with; the entries by default. */
  toAnswer?: (entries: Entry[]) => unknown;
  /** The same where it must be read: in the transaction, once everything of the command is written. */
  readAnswer?: (db: Queryable) => Promise<unknown>;
};

const ids: Ids = { next: () => randomUUID() };

/**
 * Carries a decision about one conversation out: its facts into the conversation's stream, its turns into the queue, the
 * threads concerned woken, the gates of a stopped one released, in one transaction. Resolves with the entries. Throws
 * the refusal.
 */
export async function commitDecision(ledger: Ledger, command: DecisionCommand): Promise<Entry[]> {
  const { workspaceId, conversationId, actor, idempotency } = command;
  let committed: Entry[] = [];
  await ledger.append({
    workspaceId,
    actor,
    load: (db) => loadConversation(db, workspaceId, conversationId),
    decide: (state) => {
      const decision = command.decide(state, ids);
      if (!decision.ok) return decision;
      const decided = toDecided(workspaceId, state, decision, (entries): unknown => {
        committed = entries;
        return command.toAnswer?.(entries) ?? entries;
      });
      return command.readAnswer ? readingAnswer(decided, command.readAnswer) : decided;
    },
    ...(idempotency ? { idempotency } : {}),
    ...(command.consumes ? { consumes: command.consumes } : {}),
  });
  return committed;
}

const readingAnswer = (decided: Decided<unknown>, read: (db: Queryable) => Promise<unknown>): Decided<unknown> => ({
  ...decided,
  answer: async (entries, db) => {
    await decided.answer(entries, db);
    return read(db);
  },
});

/** What a decision about a conversation writes: its facts and those that drafts add, turns, jobs and deadlines. */
export function toDecided<Answer>(
  workspaceId: WorkspaceId,
  state: ConversationState,
  decision: Extract<ConversationDecision, { ok: true }>,
  answer: (entries: Entry[]) => Answer,
): Decided<Answer> {
  const { queue, wake } = decision;
  const facts = followDrafts(state, decision.facts);
  const stream = conversationStream(state.id);
  // What a draft comes to is decided under the head lock, against every other verdict; offering one needs no such care.
  const changesDrafts = facts.some((fact) => isOfInbox(fact) && fact.type !== 'draft.offered');
  return {
    ok: true,
    entries: toEntries(facts, stream),
    expects: [
      { stream, streamSeq: state.streamSeq },
      ...(changesDrafts ? [{ stream: inboxStream, streamSeq: state.inboxSeq }] : []),
    ],
    effects: [
      ...onceEach(wake).map((thread) => wakeThread(workspaceId, thread)),
      ...(facts.some((fact) => fact.type === 'conversation.stopped')
        ? releases(workspaceId, state, 'conversation_stopped')
        : []),
      ...openedEdges(workspaceId, state, facts),
      ...leftSeats(workspaceId, state, facts),
      ...(decision.interrupt ? [{ task: 'thread.interrupt', payload: decision.interrupt }] : []),
    ],
    deadlines: decision.deadlines ?? [],
    write: (db, entries) => queueTurns(db, workspaceId, state.id, queue, entries),
    answer,
  };
}

/** A job is named once in a transaction: two messages to one agent wake it once. */
const onceEach = (threads: readonly ThreadRef[]): ThreadRef[] => [
  ...new Map(threads.map((thread) => [threadKey(thread), thread])).values(),
];

/** Where Letta delivers, calls need not stop any more once nothing holds them; whether anything does is looked at then. */
const openedEdges = (workspaceId: WorkspaceId, state: ConversationState, facts: ConversationFact[]): Effect[] =>
  facts.flatMap((fact) => {
    if (fact.type !== 'edge.set' || fact.payload.mode !== 'pass' || state.conveyance === 'tool') return [];
    const seat = findSeat(state, fact.payload.from);
    const { server } = state;
    return seat ? [releaseEffect({ workspaceId, server, agentId: seat.agentId, why: 'edge_passes' })] : [];
  });

/** Where Letta delivers, the calls of all stop while a person sits in one of the seats. */
const leftSeats = (workspaceId: WorkspaceId, state: ConversationState, facts: readonly ConversationFact[]): Effect[] =>
  state.conveyance !== 'tool' && facts.some(({ type }) => type === 'seat.handed_back' || type === 'seat.expired')
    ? releases(workspaceId, state, 'seat_left')
    : [];

const releases = (
  workspaceId: WorkspaceId,
  { server, seats }: ConversationState,
  why: 'conversation_stopped' | 'seat_left',
): Effect[] => seats.map(({ agentId }) => releaseEffect({ workspaceId, server, agentId, why }));
