import { callGone } from '@/lib/domain/draft/call-gone';
import type { ServerName } from '@/lib/protocol/ids';
import { agentFollower } from '../conversations/follow-agents';
import { forgetCall } from '../conversations/forget-call';
import type { EngineAgent } from '../letta/gateway';
import { observedServers } from '../letta/observed-servers';
import type { Runtime } from '../runtime';
import { loadLoose } from './load-drafts';
import { threadObserver } from './observe-threads';
import { offerPending } from './offer-pending';
import { type SeatedThreads, seatedThreads } from './seated-threads';
import { isGone, isSeatedNow, withdrawDraft } from './withdraw-draft';

const TICK_MS = 1_000;
const PAUSE_MS = 4_000;
/** A listing of many agents is asked for again a little later, but within 10 s in any case. */
const PAUSE_FOR_EACH_MS = 20;
const LONGEST_PAUSE_MS = 9_000;

type Look = () => Promise<void>;

/**
 * Looks out for approvals that wait in Letta: those of agents outside any conversation are offered in the inbox, however
 * long they have been there, and drafts whose approval is gone are withdrawn. One request each few seconds and server for
 * all agents’ default threads, and a slow round over their other threads beside it. Calls of agents in seats are found by
 * whoever follows the seats.
 */
export function observeApprovals(rt: Runtime): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const lookers = new Map<ServerName, Look[]>();
  const rounds = new Map<Look, Promise<void>>();
  const lookersOf = (server: ServerName): Look[] => {
    const lookAtThreads = threadObserver(rt, server, stopping.signal);
    const known = lookers.get(server) ?? [
      paced(defaultThreadsObserver(rt, server)),
      paced(() => lookAtThreads().then(() => PAUSE_MS)),
    ];
    lookers.set(server, known);
    return known;
  };
  const begin = (server: ServerName, look: Look) => {
    if (rounds.has(look)) return;
    const round = look()
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) rt.log.debug({ err: error, server }, 'approvals could not be looked for');
      })
      .finally(() => rounds.delete(look));
    rounds.set(look, round);
  };
  const tick = () => {
    for (const { name, state } of observedServers(rt.letta)) {
      if (state === 'connected') for (const look of lookersOf(name)) begin(name, look);
      else lookers.delete(name); // whatever was known of it may have changed when it is back
    }
  };
  const timer = setInterval(tick, TICK_MS);
  tick();
  return {
    stop: async () => {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(rounds.values());
    },
  };
}

/** Looks again only after the pause that a look resolves with, counted from its beginning. */
function paced(look: () => Promise<number>): Look {
  let dueAt = 0;
  return async () => {
    const began = performance.now();
    if (began + TICK_MS / 2 < dueAt) return;
    dueAt = began + PAUSE_MS; // also where it fails
    dueAt = began + (await look());
  };
}

function defaultThreadsObserver(rt: Runtime, server: ServerName): () => Promise<number> {
  const followAgents = agentFollower(rt, server);
  return async () => {
    const agents = await rt.letta.require(server).gateway.listAgents();
    const seated = await seatedThreads(rt, server);
    for (const agent of agents) {
      if (!agent.pending || seated.has({ agentId: agent.id, threadId: null })) continue;
      await offerPending(rt, { server, agent, threadId: null, pending: agent.pending });
    }
    await withdrawGone(rt, server, agents, seated);
    // The listing is the dearest question of all that is asked regularly; whoever else needs it gets it from here.
    await followAgents(agents);
    return Math.min(Math.max(PAUSE_MS, agents.length * PAUSE_FOR_EACH_MS), LONGEST_PAUSE_MS);
  };
}

/** Calls may have been answered by somebody else, or cancelled; an agent may have got a seat, where it is followed. */
async function withdrawGone(
  rt: Runtime,
  server: ServerName,
  agents: readonly EngineAgent[],
  seated: SeatedThreads,
): Promise<void> {
  const { drafts } = await loadLoose(rt.database.pool, rt.workspaceId, server);
  for (const draft of drafts) {
    const { messageId, conversationId, from, threadId } = draft;
    if (messageId === null || threadId !== null) continue;
    const agent = agents.find((each) => each.id === from.agentId);
    const isSeatedSince = seated.hasElsewhere({ agentId: from.agentId, threadId }, conversationId);
    if (agent?.pending?.messageId === messageId && !isSeatedSince) continue;
    // The listing of all agents was read before the drafts: one that has come since is looked at by itself.
    const { gateway } = rt.letta.require(server);
    const pending = agent ? await gateway.findPendingApproval({ agentId: agent.id, threadId }) : null;
    if (pending?.messageId === messageId && !isSeatedSince) continue;
    const reason = isSeatedSince ? isSeatedNow(from.name) : agent ? callGone : isGone(from.name);
    await withdrawDraft(rt, draft, reason);
    if (agent && conversationId !== null) await forgetCall(rt, { server, agentId: agent.id, threadId }, messageId);
  }
}
