import { randomUUID } from 'node:crypto';
import { offerCall } from '@/lib/domain/draft/offer-call';
import type { Actor } from '@/lib/protocol/actor';
import type { ServerName } from '@/lib/protocol/ids';
import { callsOf } from '@/lib/protocol/message-calls';
import { inboxStream } from '@/lib/protocol/stream';
import { toEntries } from '../conversations/stream-of-fact';
import type { Effect, Queryable } from '../ledger/command';
import type { EngineAgent, PendingApproval } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { answerEffect, type StandingCall } from './answer-effect';
import { loadLoose } from './load-drafts';

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
  if (await isOffered(rt.database.pool, call)) return;
  await rt.ledger.append({
    workspaceId,
    actor,
    // First where the inbox stands: what is offered in between moves it, and this is decided again.
    load: async (db) => ({ ...(await loadLoose(db, workspaceId, server)), isKnown: await isOffered(db, call) }),
    decide: ({ rules, inboxSeq, isKnown }) => {
      const at = {
        ...{ conversationId: null, server, threadId, fromTurnId: null },
        from: { agentId: agent.id, name: agent.name },
        messageId: pending.messageId,
        runId: pending.runId,
      };
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

/** In the inbox already, also as a call in a conversation that has stopped since: it goes on waiting there. */
async function isOffered(
  db: Queryable,
  { workspaceId, server, agentId, messageId }: Omit<StandingCall, 'threadId'>,
): Promise<boolean> {
  const { rows } = await db.query(
    'SELECT 1 FROM draft WHERE workspace_id = $1 AND server = $2 AND agent_id = $3 AND message_id = $4 LIMIT 1',
    [workspaceId, server, agentId, messageId],
  );
  return rows.length > 0;
}
