import { randomUUID } from 'node:crypto';
import type { ConversationState } from '@/lib/domain/conversation/conversation-state';
import { decideSpeak } from '@/lib/domain/conversation/decide-speak';
import { ordinaryHold } from '@/lib/domain/draft/find-hold';
import type { Conversation, OpenConversation } from '@/lib/protocol/conversation';
import { AppError } from '@/lib/protocol/errors';
import { ConversationId, PersonId, SeatId } from '@/lib/protocol/ids';
import { conversationStream } from '@/lib/protocol/stream';
import type { Caller } from '../access/caller';
import { requireAgent } from '../agents/require-agent';
import type { IdempotencyKey, NewEntry } from '../ledger/command';
import { streamHead } from '../ledger/read-entries';
import type { EngineAgent } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { carryForeignCalls } from './carry-foreign-calls';
import { queueTurns, wakeThread } from './commit-decision';
import { rememberMemory } from './note-memory';
import { requireConversation } from './read-conversations';
import { setGates } from './set-gates';
import { syncThread } from './sync-thread';
import { yieldConversations, yieldEffect } from './yield-conversations';

const FIRST_SEAT = 'a'.charCodeAt(0);

/** Opens a conversation between agents of one server. Gates their messaging tools where Parley is to carry the calls. */
export async function openConversation(
  rt: Runtime,
  caller: Caller,
  wanted: OpenConversation,
  idempotency?: IdempotencyKey,
): Promise<Conversation> {
  const { workspaceId } = caller;
  const conversationId = ConversationId.parse(idempotency?.intentId ?? randomUUID());
  if (idempotency && (await streamHead(rt.database.pool, workspaceId, conversationStream(conversationId))) > 0) {
    return requireConversation(rt.database.pool, workspaceId, conversationId);
  }
  const found = await Promise.all(wanted.seats.map((seat) => requireAgent(rt, seat.agentId)));
  const plan = planSeats(found, wanted);
  const { server } = plan;
  const opened = openedEntry(conversationId, wanted, plan);
  const speech = openingSpeech(conversationId, wanted, plan, caller);
  const agentIds = plan.agents.map((agent) => agent.id);
  const yielding = { workspaceId, server: server.name, agentIds, openedAs: conversationId };
  await rt.ledger.append({
    workspaceId,
    actor: caller.actor,
    load: async (db) => {
      const { rows } = await db.query<{ agent_id: string }>(
        `SELECT agent_id FROM seat WHERE workspace_id = $1 AND server = $2 AND agent_id = ANY($3::text[])
         AND thread_key = '' AND taken`,
        [workspaceId, server.name, plan.agents.map((agent) => agent.id)],
      );
      return rows.map((row) => row.agent_id);
    },
    decide: (seated) => {
      const taken = plan.agents.find((agent) => seated.includes(agent.id));
      if (taken) {
        return { ok: false, code: 'agent.seated', message: `${taken.name} already sits in a running conversation.` };
      }
      return {
        ok: true,
        entries: [opened, ...speech.entries],
        // Nobody else can have opened it, but an agent can have been seated since: that moves no stream of ours.
        expects: [{ stream: opened.stream, streamSeq: 0 }],
        effects: [...speech.queue.map((turn) => wakeThread(workspaceId, turn.thread)), yieldEffect(yielding)],
        write: async (db, entries) => {
          await queueTurns(db, workspaceId, conversationId, speech.queue, entries);
          for (const [index, { blocks }] of plan.agents.entries()) {
            const seat = plan.seats[index];
            if (seat) await rememberMemory(db, { workspaceId, conversationId, seat }, blocks);
          }
        },
        answer: () => null,
      };
    },
  });
  rt.failpoint('conversation.opened');
  await yieldConversations(rt, yielding);
  await settleIn(rt, caller, conversationId, plan);
  return requireConversation(rt.database.pool, workspaceId, conversationId);
}

type Plan = { server: Awaited<ReturnType<typeof requireAgent>>['server']; agents: EngineAgent[]; seats: SeatId[] };

function planSeats(found: Awaited<ReturnType<typeof requireAgent>>[], wanted: OpenConversation): Plan {
  const agents = found.map(({ agent }) => agent);
  if (new Set(agents.map((agent) => agent.id)).size < agents.length) {
    throw new AppError('request.invalid', 'An agent can sit in one seat only.', {
      fields: { seats: 'different agents' },
    });
  }
  const [first] = found;
  if (!first) throw new AppError('request.invalid', 'A conversation has at least two seats.');
  if (found.some(({ server }) => server.name !== first.server.name)) {
    const fields = { seats: 'agents of one Letta server' };
    throw new AppError('request.invalid', 'These agents live on different Letta servers.', { fields });
  }
  const seats = agents.map((_, index) => SeatId.parse(String.fromCharCode(FIRST_SEAT + index)));
  if (wanted.opening && !seats.includes(wanted.opening.to)) {
    throw new AppError('request.invalid', 'No such seat.', { fields: { 'opening.to': `one of ${seats.join(', ')}` } });
  }
  for (const [index, { from, to }] of (wanted.edges ?? []).entries()) {
    if (seats.includes(from) && seats.includes(to) && from !== to) continue;
    const fields = { [`edges.${index}`]: `from one of ${seats.join(', ')} to another` };
    throw new AppError('request.invalid', 'An edge leads from a seat to another one.', { fields });
  }
  return { server: first.server, agents, seats };
}

function openedEntry(conversationId: ConversationId, wanted: OpenConversation, { server, agents, seats }: Plan) {
  const edges = seats.flatMap((from) =>
    seats
      .filter((to) => to !== from)
      .map(
        (to) =>
          wanted.edges?.findLast((edge) => edge.from === from && edge.to === to) ?? {
            ...{ from, to, mode: 'pass' as const },
            ...ordinaryHold,
          },
      ),
  );
  return {
    stream: conversationStream(conversationId),
    type: 'conversation.opened',
    payload: {
      title:
        wanted.title ??
        agents
          .map((agent) => agent.name)
          .join(' and ')
          .slice(0, 200),
      server: server.name,
      seats: agents.map((agent, index) => ({
        id: seats[index] ?? SeatId.parse('a'),
        agentId: agent.id,
        name: agent.name,
        dialect: server.dialect,
        threadId: null,
      })),
      conveyance: wanted.conveyance,
      maxTurns: wanted.maxTurns,
      edges,
      observed: false,
      sandbox: server.sandbox,
    },
  } satisfies NewEntry;
}

/** The opening is spoken in the transaction that opens: there is no moment in which one is there without the other. */
function openingSpeech(conversationId: ConversationId, wanted: OpenConversation, plan: Plan, caller: Caller) {
  if (!wanted.opening) return { entries: [], queue: [] };
  const state: ConversationState = {
    id: conversationId,
    streamSeq: 0,
    title: '',
    server: plan.server.name,
    conveyance: wanted.conveyance,
    phase: 'open',
    turns: 0,
    maxTurns: wanted.maxTurns,
    seats: plan.agents.map((agent, index) => ({
      id: plan.seats[index] ?? SeatId.parse('a'),
      agentId: agent.id,
      name: agent.name,
      threadId: null,
      pending: null,
      holder: null,
    })),
    openTurns: [],
    openConveyances: [],
    refusals: [],
    edges: [],
    drafts: [],
    rules: [],
    inboxSeq: 0,
    quarantine: [],
  };
  const speech = { ...wanted.opening, personId: PersonId.parse(caller.actor.id), personName: caller.actor.name };
  const decision = decideSpeak(state, speech, { next: () => randomUUID() });
  if (!decision.ok) throw new AppError(decision.code, decision.message);
  const stream = conversationStream(conversationId);
  return { entries: decision.facts.map((fact): NewEntry => ({ ...fact, stream })), queue: decision.queue };
}

/** Gates, the transcripts so far, and the calls at which agents stand. What fails here is done before their next turns. */
async function settleIn(
  rt: Runtime,
  caller: Caller,
  conversationId: ConversationId,
  { server, agents, seats }: Plan,
): Promise<void> {
  const { gateway } = rt.letta.require(server.name);
  for (const [index, agent] of agents.entries()) {
    const thread = { server: server.name, agentId: agent.id, threadId: null };
    const seat = seats[index] ?? SeatId.parse('a');
    const actor = { kind: 'agent' as const, id: agent.id, name: agent.name };
    try {
      await setGates(rt, { workspaceId: caller.workspaceId, ...thread });
      const ref = { workspaceId: caller.workspaceId, conversationId, seat, agent: actor };
      await syncThread(rt, gateway, ref, thread);
      // It may have stood at a call before it sat down here: nothing new will be told of that.
      await carryForeignCalls(rt, server.name, ref);
    } catch (error) {
      rt.log.warn({ err: error, agentId: agent.id }, 'an agent could not be prepared; its next turn does it');
    }
  }
}
