import type { CallResult, ConversationFact } from '@/lib/domain/conversation/conversation-state';
import { callGone } from '@/lib/domain/draft/call-gone';
import { callResult } from '@/lib/domain/draft/call-result';
import { withdrawnFacts } from '@/lib/domain/draft/decide-verdict';
import type { DraftState } from '@/lib/domain/draft/draft-state';
import { answerUnknown } from '@/lib/domain/draft/follow-drafts';
import { system } from '@/lib/protocol/actor';
import { isAppError } from '@/lib/protocol/errors';
import type { ServerName } from '@/lib/protocol/ids';
import { callsOf } from '@/lib/protocol/message-calls';
import { inboxStream } from '@/lib/protocol/stream';
import { findAnswerer } from '../conversations/find-answerer';
import { toAnswer } from '../conversations/follow-turn';
import { toEntries } from '../conversations/stream-of-fact';
import type { Task } from '../jobs';
import type { Runtime } from '../runtime';
import { StandingCall } from './answer-effect';
import { loadDraftsOfCall } from './load-drafts';
import { isDisconnected, isGone, isSeatedNow } from './withdraw-draft';

/** What the verdicts about a call have come to. */
type Outcome = (draft: DraftState) => ConversationFact[];

const delivered: Outcome = ({ id }) => [{ type: 'draft.delivered', payload: { draftId: id } }];
const inDoubt: Outcome = ({ id }) => [
  { type: 'draft.delivery_failed', payload: { draftId: id, outcome: 'outcome_unknown', reason: answerUnknown } },
];
const withdrawn =
  (reason: string): Outcome =>
  (draft) =>
    withdrawnFacts(draft, reason);

/**
 * Answers a call at which an agent stands outside any conversation, once all of its step are decided. Looks before it
 * acts: a request that no longer stands gets nothing, and was answered by an earlier try only if the engine shows our
 * answers to it; by anybody else's the verdicts have lost their object.
 */
export const answerStandingCall = (rt: Runtime): Task<typeof StandingCall> => ({
  name: 'draft.answer',
  payload: StandingCall,
  run: async (call, { signal }) => {
    const { drafts } = await loadDraftsOfCall(rt.database.pool, call);
    if (drafts.every((draft) => draft.dispatch !== 'dispatching')) return;
    const outcome = await answer(rt, call, drafts, signal).catch(async (error: unknown) => {
      if (isAppError(error) && error.code === 'agent.not_found') return withdrawn(isGone(nameOf(drafts)));
      if (await isForgotten(rt, call.server)) return withdrawn(isDisconnected(call.server));
      throw error;
    });
    if (outcome) await settle(rt, call, outcome);
  },
});

/** Not from memory: whoever added it may have been another instance, a moment ago. */
async function isForgotten({ database, workspaceId }: Runtime, server: ServerName): Promise<boolean> {
  const { rowCount } = await database.pool.query('SELECT 1 FROM letta_server WHERE workspace_id = $1 AND name = $2', [
    workspaceId,
    server,
  ]);
  return rowCount === 0;
}

/** Null as long as not everything of its step is decided. */
async function answer(
  rt: Runtime,
  call: StandingCall,
  drafts: readonly DraftState[],
  signal: AbortSignal,
): Promise<Outcome | null> {
  const thread = { agentId: call.agentId, threadId: call.threadId };
  const { gateway } = rt.letta.require(call.server);
  const pending = await gateway.findPendingApproval(thread);
  const given = drafts.flatMap((draft) => (draft.dispatch === 'dispatching' ? (callResult(draft) ?? []) : []));
  if (pending?.messageId !== call.messageId) {
    // Answers go out all at once: as long as one of them was missing, none of ours did.
    if (given.length < drafts.length) return withdrawn(callGone);
    const answerer = await findAnswerer(gateway, thread, call.messageId, given, signal);
    return { we: delivered, others: withdrawn(callGone), unknown: inDoubt }[answerer];
  }
  // Somebody else follows this call by now, and what of it is left is decided there.
  if (drafts.some(({ status }) => status === 'withdrawn')) return withdrawn(isSeatedNow(nameOf(drafts)));
  const answers = callsOf(pending.message).map(({ toolCallId }) =>
    given.find((result) => result.toolCallId === toolCallId),
  );
  if (!isWhole(answers)) return null;
  rt.failpoint('draft.before_answer');
  const input = { kind: 'answers' as const, answers: answers.map(toAnswer) };
  for await (const event of gateway.send(thread, input, { signal })) {
    // Taken is enough: whatever the agent goes on to do is no part of this.
    if (event.kind === 'accepted') break;
  }
  rt.failpoint('draft.after_answer');
  return delivered;
}

const isWhole = (answers: readonly (CallResult | undefined)[]): answers is CallResult[] =>
  answers.every((each) => each !== undefined);

const nameOf = ([draft]: readonly DraftState[]): string => draft?.from.name ?? 'Its agent';

/** Whose verdict was on its way has come to this. */
async function settle(rt: Runtime, call: StandingCall, outcome: Outcome): Promise<void> {
  await rt.ledger.append({
    workspaceId: call.workspaceId,
    actor: system,
    load: (db) => loadDraftsOfCall(db, call),
    decide: ({ drafts, inboxSeq }) => ({
      ok: true,
      entries: toEntries(drafts.filter((draft) => draft.dispatch === 'dispatching').flatMap(outcome), null),
      expects: [{ stream: inboxStream, streamSeq: inboxSeq }],
      answer: () => null,
    }),
  });
}
