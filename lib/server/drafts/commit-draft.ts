import { randomUUID } from 'node:crypto';
import type { ConversationDecision } from '@/lib/domain/conversation/conversation-state';
import { type DraftEvent, decideDraft } from '@/lib/domain/draft/decide-draft';
import type { DraftState } from '@/lib/domain/draft/draft-state';
import type { Actor } from '@/lib/protocol/actor';
import type { Draft } from '@/lib/protocol/draft';
import { AppError } from '@/lib/protocol/errors';
import type { DraftId, WorkspaceId } from '@/lib/protocol/ids';
import { inboxStream, systemStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import { toDecided } from '../conversations/commit-decision';
import { loadConversation } from '../conversations/load-conversation';
import { toEntries } from '../conversations/stream-of-fact';
import type { Command, Decided, IdempotencyKey, Queryable, Refusal } from '../ledger/command';
import type { Runtime } from '../runtime';
import { answerEffect } from './answer-effect';
import { type HeldRole, holdsRole } from './holds-role';
import { loadDraft } from './load-drafts';
import { requireDraft } from './read-drafts';
import { withViewers } from './with-viewers';

export type DraftCommand = {
  workspaceId: WorkspaceId;
  draftId: DraftId;
  event: DraftEvent;
  /** Who does it; a person's role is asked for again where the decision is made. */
  by: Actor | Caller;
  idempotency?: IdempotencyKey | undefined;
  consumes?: { kind: string; subject: string; epoch: number } | undefined;
  /** What else is written in the same transaction. */
  write?: ((db: Queryable) => Promise<void>) | undefined;
};

const ids = { next: () => randomUUID() };

/**
 * Carries one step of a draft's life out: decided under the head lock against every other verdict, with what it does to
 * the conversation, in one transaction. Resolves with the draft as it is then. Throws the refusal.
 */
export async function commitDraft(rt: Runtime, command: DraftCommand): Promise<Draft> {
  const { workspaceId, draftId, event, by } = command;
  const caller = 'credential' in by ? by : null;
  let answer: Draft | null = null;
  const load: Command<Loaded, unknown>['load'] = async (db) => {
    const { draft, inboxSeq } = await loadDraft(db, workspaceId, draftId);
    if (!draft) throw new AppError('draft.not_found', 'There is no such draft.');
    const role = caller === null ? null : await holdsRole(db, caller, 'reviewer');
    const { conversationId } = draft;
    if (conversationId === null) return { draft, inboxSeq, role, state: null };
    const state = await loadConversation(db, workspaceId, conversationId);
    // INVARIANT: the draft is as old as the position that is expected of the inbox, or newer; never as it was before.
    const known = state.drafts.find((each) => each.id === draftId);
    return { draft: known ?? (await loadDraft(db, workspaceId, draftId)).draft ?? draft, inboxSeq, role, state };
  };
  await rt.ledger.append<Loaded, unknown>({
    workspaceId,
    actor: 'credential' in by ? by.actor : by,
    load,
    decide: (loaded) => {
      const decided = decide(workspaceId, loaded, event);
      if (!decided.ok) return decided;
      return {
        ...decided,
        write: async (db, entries) => {
          await decided.write?.(db, entries);
          await command.write?.(db);
          answer = await requireDraft(db, workspaceId, draftId);
        },
        answer: () => answer,
      };
    },
    ...(command.idempotency ? { idempotency: command.idempotency } : {}),
    ...(command.consumes ? { consumes: command.consumes } : {}),
  });
  return withViewers(rt, answer ?? (await requireDraft(rt.database.pool, workspaceId, draftId)));
}

type Loaded = {
  draft: DraftState;
  inboxSeq: number;
  /** Of the person who decides; null where the system does. */
  role: HeldRole | null;
  state: Awaited<ReturnType<typeof loadConversation>> | null;
};

function decide(workspaceId: WorkspaceId, loaded: Loaded, event: DraftEvent): Decided<unknown> | Refusal {
  const { draft, role, state } = loaded;
  if (role?.holds === false) return { ok: false, code: 'auth.forbidden', message: 'This needs the role reviewer.' };
  const decision = decideDraft(state, draft, event, ids);
  if (!decision.ok) return decision;
  const decided = state
    ? toDecided(workspaceId, state, decision, () => null)
    : outsideConversations(workspaceId, loaded, decision);
  const { systemSeq = null } = role ?? {};
  if (systemSeq === null) return decided;
  // A role that is taken away meanwhile moves this stream.
  return { ...decided, expects: [...(decided.expects ?? []), { stream: systemStream, streamSeq: systemSeq }] };
}

function outsideConversations(
  workspaceId: WorkspaceId,
  { draft, inboxSeq }: Loaded,
  decision: ConversationDecision & { ok: true },
): Decided<unknown> {
  // One that is withdrawn may be what the verdicts about others of its step have waited for.
  const isAnswer = decision.facts.some(({ type }) => type === 'draft.dispatched' || type === 'draft.withdrawn');
  return {
    ok: true,
    entries: toEntries(decision.facts, null),
    expects: [{ stream: inboxStream, streamSeq: inboxSeq }],
    effects: isAnswer ? [answerEffect(workspaceId, draft)] : [],
    answer: () => null,
  };
}
