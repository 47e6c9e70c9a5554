import { callResult } from '@/lib/domain/draft/call-result';
import type { DraftState } from '@/lib/domain/draft/draft-state';
import { system } from '@/lib/protocol/actor';
import { callsOf } from '@/lib/protocol/message';
import { inboxStream } from '@/lib/protocol/stream';
import { toAnswer } from '../conversations/follow-turn';
import type { Task } from '../jobs';
import type { NewEntry } from '../ledger/command';
import type { CallAnswer } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { StandingCall } from './answer-effect';
import { loadDraftsOfCall } from './load-drafts';

/**
 * Answers a call at which an agent stands outside any conversation, once all of its step are decided. Looks before it
 * acts: a request that no longer stands was answered by an earlier try, or by somebody else, and gets nothing.
 */
export const answerStandingCall = (rt: Runtime): Task<typeof StandingCall> => ({
  name: 'draft.answer',
  payload: StandingCall,
  run: async (call, { signal }) => {
    const { drafts } = await loadDraftsOfCall(rt.database.pool, call);
    if (drafts.every((draft) => draft.dispatch !== 'dispatching')) return;
    const thread = { agentId: call.agentId, threadId: call.threadId };
    const { gateway } = rt.letta.require(call.server);
    const pending = await gateway.findPendingApproval(thread);
    if (pending?.messageId !== call.messageId) return finish(rt, call);
    const answers = callsOf(pending.message).map(({ toolCallId }) => answerOf(drafts, toolCallId));
    if (answers.some((answer) => answer === null)) return;
    rt.failpoint('draft.before_answer');
    const input = { kind: 'answers' as const, answers: answers.flatMap((answer) => answer ?? []) };
    for await (const event of gateway.send(thread, input, { signal })) {
      // Taken is enough: whatever the agent goes on to do is no part of this.
      if (event.kind === 'accepted') break;
    }
    rt.failpoint('draft.after_answer');
    await finish(rt, call);
  },
});

function answerOf(drafts: readonly DraftState[], toolCallId: string): CallAnswer | null {
  const draft = drafts.find((each) => each.toolCall?.toolCallId === toolCallId);
  const result = draft ? callResult(draft) : null;
  return result && toAnswer(result);
}

/** The call does not stand any more: whose verdict was on its way has arrived. */
async function finish(rt: Runtime, call: StandingCall): Promise<void> {
  await rt.ledger.append({
    workspaceId: call.workspaceId,
    actor: system,
    load: (db) => loadDraftsOfCall(db, call),
    decide: ({ drafts, inboxSeq }) => ({
      ok: true,
      entries: drafts
        .filter((draft) => draft.dispatch === 'dispatching')
        .map((draft): NewEntry => ({ stream: inboxStream, type: 'draft.delivered', payload: { draftId: draft.id } })),
      expects: [{ stream: inboxStream, streamSeq: inboxSeq }],
      answer: () => null,
    }),
  });
}
