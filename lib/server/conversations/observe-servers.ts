import { z } from 'zod';
import { AgentId, ConversationId, SeatId, type ServerName } from '@/lib/protocol/ids';
import type { Runtime } from '../runtime';
import { carryForeignCalls } from './carry-foreign-calls';
import { setGates } from './set-gates';
import { syncThread } from './sync-thread';

const PAUSE_MS = 1_000;
const AT_ONCE = 200;

const SeatRow = z.object({
  conversationId: ConversationId,
  seat: SeatId,
  agentId: AgentId,
  name: z.string(),
  threadKey: z.string(),
});

/**
 * Looks out for what agents in seats do without Parley having started it: somebody speaks to them elsewhere, or they
 * message each other inside Letta. One request a second and server, however many agents there are, and none while no
 * seat is taken.
 */
export function observeServers(rt: Runtime): { stop(): Promise<void> } {
  const cursors = new Map<ServerName, string>();
  const aborter = new AbortController();
  let running = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const observe = async (server: ServerName) => {
    const seats = await takenSeats(rt, server);
    if (seats.length === 0) {
      cursors.delete(server);
      return;
    }
    const { gateway } = rt.letta.require(server);
    const before = cursors.get(server) ?? null;
    const { messages, cursor } = await gateway.tail(before, AT_ONCE);
    if (cursor !== null) cursors.set(server, cursor);
    const touched = new Set(messages.map(({ agentId, threadId }) => `${agentId} ${threadId ?? ''}`));
    for (const { conversationId, seat, agentId, name, threadKey } of seats) {
      // What happened before the first look is found by reading the thread itself.
      if (before !== null && !touched.has(`${agentId} ${threadKey}`)) continue;
      const ref = {
        workspaceId: rt.workspaceId,
        conversationId,
        seat,
        agent: { kind: 'agent' as const, id: agentId, name },
      };
      await setGates(rt, { workspaceId: rt.workspaceId, server, agentId });
      await syncThread(rt, gateway, ref, { server, agentId, threadId: threadKey === '' ? null : threadKey });
      await carryForeignCalls(rt, server, ref);
    }
  };

  const round = async () => {
    for (const server of rt.letta.list()) {
      if (server.state !== 'connected' || aborter.signal.aborted) continue;
      await observe(server.name).catch((error: unknown) => {
        cursors.delete(server.name);
        rt.log.debug({ err: error, server: server.name }, 'a Letta server could not be observed');
      });
    }
  };

  const next = () => {
    timer = setTimeout(() => {
      running = round().finally(() => {
        if (!aborter.signal.aborted) next();
      });
    }, PAUSE_MS);
  };
  next();

  return {
    stop: async () => {
      aborter.abort();
      if (timer) clearTimeout(timer);
      await running;
    },
  };
}

/** Seats in which nothing of ours is under way: there, the turn itself reads the listing when it ends. */
async function takenSeats(rt: Runtime, server: ServerName): Promise<z.infer<typeof SeatRow>[]> {
  const { rows } = await rt.database.pool.query(
    `SELECT conversation_id AS "conversationId", seat, agent_id AS "agentId", name, thread_key AS "threadKey" FROM seat s
     WHERE workspace_id = $1 AND server = $2 AND taken AND NOT EXISTS (
       SELECT 1 FROM turn t WHERE t.workspace_id = $1 AND t.server = $2 AND t.agent_id = s.agent_id
         AND t.thread_key = s.thread_key AND t.state = 'started')`,
    [rt.workspaceId, server],
  );
  return rows.map((row) => SeatRow.parse(row));
}
