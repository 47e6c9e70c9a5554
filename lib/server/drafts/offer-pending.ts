import { randomUUID } from 'node:crypto';
import { offerCall } from '@/lib/domain/draft/offer-call';
import type { Actor } from '@/lib/protocol/actor';
import type { ServerName } from '@/lib/protocol/ids';
import { callsOf } from '@/lib/protocol/message-calls';
import { inboxStream } from '@/lib/protocol/stream';
import { toEntries } from '../conversations/stream-of-fact';
import type { Effect } from '../ledger/command';
import type { EngineAgent, PendingApproval } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { answerEffect } from './answer-effect';
import { loadDraftsOfCall, loadLoose } from './load-drafts';

const ids = { next: () => randomUUID() };

/** Where an agent stands at a call, outside any conversation. */
type Standing = {
  server: ServerName;
  agent: Pick<EngineAgent, 'id' | 'name'>;
  threadId: string | null;
  pending: PendingApproval;
};

/** Offers the calls of a request in the inbox, each alone, unless they are known there; a standing rule may pass them. */
export async function offerPending(rt: Runtime, { server, agent, threadId, pending }: Standing): Promise<void> {
  const { workspaceId } = rt;
  const actor: Actor = { kind: 'agent', id: agent.id, name: agent.name };
  const call = { workspaceId, server, agentId: agent.id, messageId: pending.messageId };
  const known = await loadDraftsOfCall(rt.database.pool, call);
  if (known.drafts.length > 0) return;
  await rt.ledger.append({
    workspaceId,
    actor,
    load: async (db) => ({ ...(await loadDraftsOfCall(db, call)), rules: await loadLoose(db, workspaceId, server) }),
    decide: ({ drafts, inboxSeq, rules: { rules } }) => {
      const at = {
        ...{ conversationId: null, server, threadId, fromTurnId: null },
        from: { agentId: agent.id, name: agent.name },
        messageId: pending.messageId,
        runId: pending.runId,
      };
      const isKnown = drafts.length > 0;
      const offered = isKnown ? [] : callsOf(pending.message).map((each) => offerCall(at, each, rules, ids));
      const passed = offered.find(({ draft }) => draft.dispatch === 'dispatching');
      const effects: Effect[] = passed ? [answerEffect(workspaceId, passed.draft)] : [];
      return {
        ok: true,
        entries: toEntries(
          offered.flatMap(({ facts }) => facts),
          null,
        ),
        expects: [{ stream: inboxStream, streamSeq: inboxSeq }],
        effects,
        answer: () => null,
      };
    },
  });
}
