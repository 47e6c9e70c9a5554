import { createHash } from 'node:crypto';
import { z } from 'zod';
import { system } from '@/lib/protocol/actor';
import { AgentId, ConversationId, SeatId, type ServerName } from '@/lib/protocol/ids';
import { isMessagingTool } from '@/lib/protocol/messaging-tools';
import type { EngineAgent } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { noteMemoryOf, regateAgent, stopConversationsOf } from './agent-seats';
import { NEEDS_GATES } from './gate-lock';
import { remembersMemory } from './note-memory';
import { renameSeats } from './rename-seats';

const SeatRow = z.object({
  conversationId: ConversationId,
  seat: SeatId,
  agentId: AgentId,
  name: z.string(),
  isGated: z.boolean(),
  isAtWork: z.boolean(),
});
type SeatRow = z.infer<typeof SeatRow>;

/** How an agent and its seats looked; `isSettled`: its memory is as its conversations tell it. */
type Look = { print: string; isSettled: boolean };

/**
 * Keeps open conversations true to what becomes of their agents past Parley: somebody renames them, writes into their
 * memory, gives them a messaging tool, has its calls stop no more, or deletes them. Returns one look at a listing of all
 * agents of the server; call it with each new one, not twice at once. It asks Letta nothing while nothing has changed.
 */
export function agentFollower(rt: Runtime, server: ServerName): (agents: readonly EngineAgent[]) => Promise<void> {
  let looks = new Map<AgentId, Look>();
  return async (agents) => {
    const listed = new Map(agents.map((agent) => [agent.id, agent]));
    // INVARIANT: seats are read after the agents. One that is not listed may just have been made: it is asked for.
    const seats = Map.groupBy(await openSeats(rt, server), ({ agentId }) => agentId);
    const next = new Map<AgentId, Look>();
    for (const [agentId, own] of seats) {
      const before = looks.get(agentId);
      const agent = listed.get(agentId);
      try {
        const look = agent ? await lookAt(rt, server, agent, own, before) : await lookFor(rt, server, agentId, own);
        if (look) next.set(agentId, look);
      } catch (error) {
        rt.log.debug({ err: error, server, agentId }, 'what became of an agent could not be told');
      }
    }
    looks = next;
  };
}

async function lookAt(
  rt: Runtime,
  server: ServerName,
  agent: EngineAgent,
  seats: readonly SeatRow[],
  before: Look | undefined,
): Promise<Look> {
  const print = printOf(agent, seats);
  const isNew = before?.print !== print;
  if (!isNew && before.isSettled) return before;
  const key = { workspaceId: rt.workspaceId, server, agentId: agent.id };
  if (isNew) {
    const isLoose = agent.tools.some((tool) => isMessagingTool(tool) && !agent.approvalTools.includes(tool));
    if (isLoose && seats.some(({ isGated }) => isGated)) await regateAgent(rt, key);
    if (seats.some(({ name }) => name !== agent.name)) await renameSeats(rt, system, key, agent.name);
  }
  if (await remembersMemory(rt.database.pool, rt.workspaceId, seats, agent.blocks)) return { print, isSettled: true };
  // Who follows a turn of the agent tells what it wrote as its own deed: only what nobody has told by the next look is
  // told here. The listing may be older than what has been told meanwhile, so the agent is read again.
  if (isNew || seats.some(({ isAtWork }) => isAtWork)) return { print, isSettled: false };
  const fresh = await rt.letta.require(server).gateway.findAgent(agent.id);
  if (fresh) await noteMemoryOf(rt, system, key, fresh.blocks);
  return { print, isSettled: true };
}

/** An agent that is not listed: what it was in is stopped where Letta says that there is none. */
async function lookFor(rt: Runtime, server: ServerName, agentId: AgentId, seats: readonly SeatRow[]): Promise<null> {
  const [seat] = seats;
  const isGone = (await rt.letta.require(server).gateway.findAgent(agentId)) === null;
  if (isGone && seat) await stopConversationsOf(rt, rt.workspaceId, server, agentId, seat.name);
  return null;
}

/** One short text for all that is compared. */
function printOf({ name, tools, approvalTools, blocks }: EngineAgent, seats: readonly SeatRow[]): string {
  const own = seats.map((seat) => [seat.conversationId, seat.seat, seat.name, seat.isGated]);
  const memory = blocks.map(({ label, value }) => [label, value]);
  return createHash('sha256')
    .update(JSON.stringify([name, tools, approvalTools, memory, own]))
    .digest('base64');
}

async function openSeats(rt: Runtime, server: ServerName): Promise<SeatRow[]> {
  const { rows } = await rt.database.pool.query(
    `SELECT s.conversation_id AS "conversationId", s.seat, s.agent_id AS "agentId", s.name,
       s.gated AND ${NEEDS_GATES} AS "isGated",
       EXISTS (SELECT 1 FROM turn t WHERE t.workspace_id = $1 AND t.conversation_id = s.conversation_id
         AND t.seat = s.seat AND t.state = 'started') AS "isAtWork"
     FROM seat s JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND c.phase <> 'stopped'
     ORDER BY s.conversation_id, s.seat`,
    [rt.workspaceId, server],
  );
  return rows.map((row) => SeatRow.parse(row));
}
