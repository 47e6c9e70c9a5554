import { randomUUID } from 'node:crypto';
import { offerCall } from '@/lib/domain/draft/offer-call';
import { type Actor, system } from '@/lib/protocol/actor';
import { isAppError } from '@/lib/protocol/errors';
import { DraftId, type ServerName } from '@/lib/protocol/ids';
import { callsOf } from '@/lib/protocol/message';
import { inboxStream } from '@/lib/protocol/stream';
import { toEntries } from '../conversations/stream-of-fact';
import type { Effect } from '../ledger/command';
import type { EngineAgent, PendingApproval } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { answerEffect } from './answer-effect';
import { commitDraft } from './commit-draft';
import { loadDraftsOfCall, loadLoose } from './load-drafts';

const PAUSE_MS = 4_000;

const ids = { next: () => randomUUID() };

/**
 * Looks out for approvals that wait in Letta: those of agents outside any conversation are offered in the inbox, however
 * long they have been there, and drafts whose approval is gone are withdrawn. One request each few seconds and server.
 * Calls of agents in seats are found by whoever follows the seats.
 */
export function observeApprovals(rt: Runtime): { stop(): Promise<void> } {
  const rounds = new Map<ServerName, Promise<void>>();
  const observe = async (server: ServerName) => {
    const agents = await rt.letta.require(server).gateway.listAgents();
    const seated = await seatedAgents(rt, server);
    for (const agent of agents) {
      if (agent.pending && !seated.has(agent.id)) await offerPending(rt, server, agent, agent.pending);
    }
    await withdrawGone(rt, server, agents, seated);
  };
  const tick = () => {
    for (const { name, state } of rt.letta.list()) {
      if (state !== 'connected' || rounds.has(name)) continue;
      const round = observe(name)
        .catch((error: unknown) => rt.log.debug({ err: error, server: name }, 'approvals could not be looked for'))
        .finally(() => rounds.delete(name));
      rounds.set(name, round);
    }
  };
  const timer = setInterval(tick, PAUSE_MS);
  tick();
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(rounds.values());
    },
  };
}

/** Agents whose calls somebody follows: in a seat, or watched across an edge that holds. */
async function seatedAgents(rt: Runtime, server: ServerName): Promise<Set<string>> {
  const { rows } = await rt.database.pool.query<{ agent_id: string }>(
    `SELECT DISTINCT s.agent_id FROM seat s
     JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND s.thread_key = '' AND (s.taken OR s.gated)`,
    [rt.workspaceId, server],
  );
  return new Set(rows.map((row) => row.agent_id));
}

async function offerPending(rt: Runtime, server: ServerName, agent: EngineAgent, pending: PendingApproval) {
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
        ...{ conversationId: null, server, threadId: null, fromTurnId: null },
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

/** Calls may have been answered by somebody else, or cancelled; an agent may have got a seat, where it is followed. */
async function withdrawGone(
  rt: Runtime,
  server: ServerName,
  agents: readonly EngineAgent[],
  seated: ReadonlySet<string>,
): Promise<void> {
  const { workspaceId } = rt;
  const { drafts } = await loadLoose(rt.database.pool, workspaceId, server);
  for (const draft of drafts) {
    const { messageId, conversationId, from, threadId } = draft;
    if (messageId === null || threadId !== null) continue;
    const agent = agents.find((each) => each.id === from.agentId);
    const isSeatedSince = conversationId === null && seated.has(from.agentId);
    if (agent?.pending?.messageId === messageId && !isSeatedSince) continue;
    // The listing of all agents was read before the drafts: one that has come since is looked at by itself.
    const { gateway } = rt.letta.require(server);
    const pending = agent ? await gateway.findPendingApproval({ agentId: agent.id, threadId }) : null;
    if (pending?.messageId === messageId && !isSeatedSince) continue;
    const reason = isSeatedSince
      ? `${from.name} sits in a conversation now, where its calls are followed.`
      : agent
        ? 'The call at which it waited is gone: answered elsewhere, or cancelled.'
        : `${from.name} is gone.`;
    await commitDraft(rt, {
      workspaceId,
      draftId: DraftId.parse(draft.id),
      event: { kind: 'withdraw', reason },
      by: system,
    }).catch((error: unknown) => {
      if (!isAppError(error) || error.code !== 'draft.already_decided') throw error;
    });
  }
}
