import { randomUUID } from 'node:crypto';
import {
  type ConversationDecision,
  type ConversationState,
  type Ids,
  type QueuedTurn,
  type ThreadRef,
  threadKey,
} from '@/lib/domain/conversation/conversation-state';
import type { Actor } from '@/lib/protocol/actor';
import type { Entry } from '@/lib/protocol/entry';
import type { ConversationId, WorkspaceId } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import { toStoredJson } from '../database/stored-text';
import type { Effect, IdempotencyKey, NewEntry, Queryable } from '../ledger/command';
import type { Ledger } from '../ledger/ledger';
import { loadConversation } from './load-conversation';
import { releaseEffect } from './release-gates';

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
  }
}

export type DecisionCommand = {
  workspaceId: WorkspaceId;
  conversationId: ConversationId;
  actor: Actor;
  decide: (state: ConversationState, ids: Ids) => ConversationDecision;
  idempotency?: IdempotencyKey | undefined;
  /** What a repeat of the request is answered with; the entries by default. */
  toAnswer?: (entries: Entry[]) => unknown;
};

const ids: Ids = { next: () => randomUUID() };

/**
 * Carries a decision about one conversation out: its facts into the conversation's stream, its turns into the queue, the
 * threads concerned woken, the gates of a stopped one released, in one transaction. Resolves with the entries. Throws
 * the refusal.
 */
export async function commitDecision(ledger: Ledger, command: DecisionCommand): Promise<Entry[]> {
  const { workspaceId, conversationId, actor, idempotency } = command;
  const stream = conversationStream(conversationId);
  let committed: Entry[] = [];
  await ledger.append({
    workspaceId,
    actor,
    load: (db) => loadConversation(db, workspaceId, conversationId),
    decide: (state) => {
      const decision = command.decide(state, ids);
      if (!decision.ok) return decision;
      const { facts, queue, wake } = decision;
      return {
        ok: true,
        entries: facts.map((fact): NewEntry => ({ ...fact, stream })),
        expects: [{ stream, streamSeq: state.streamSeq }],
        effects: [
          ...wake.map((thread) => wakeThread(workspaceId, thread)),
          ...(facts.some((fact) => fact.type === 'conversation.stopped') ? releases(workspaceId, state) : []),
          ...(decision.interrupt ? [{ task: 'thread.interrupt', payload: decision.interrupt }] : []),
        ],
        write: (db, entries) => queueTurns(db, workspaceId, conversationId, queue, entries),
        answer: (entries) => {
          committed = entries;
          return command.toAnswer?.(entries) ?? entries;
        },
      };
    },
    ...(idempotency ? { idempotency } : {}),
  });
  return committed;
}

const releases = (workspaceId: WorkspaceId, { server, seats }: ConversationState): Effect[] =>
  seats.map(({ agentId }) => releaseEffect({ workspaceId, server, agentId, why: 'conversation_stopped' }));
