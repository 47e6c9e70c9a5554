import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import { AgentId, ConversationId, SeatId, type ServerName } from '@/lib/protocol/ids';
import type { TailedMessage } from '../letta/gateway';
import { readTailPlace, writeTailPlace } from '../letta/tail-place';
import type { Runtime } from '../runtime';
import { stopConversationsOf } from './agent-seats';
import { carryForeignCalls } from './carry-foreign-calls';
import { observePairs } from './observe-pairs';
import { mayChangeMemory, readMemory } from './read-memory';
import { recordMessages } from './record-messages';
import { setGates } from './set-gates';
import { syncThread } from './sync-thread';

const PAUSE_MS = 1_000;
const AT_ONCE = 500;
const TRIES = 5;
/** Threads of agents that are only watched, and did nothing since this program began, are read so many in a round. */
const CATCH_UP = 2;

const SeatRow = z.object({
  conversationId: ConversationId,
  seat: SeatId,
  agentId: AgentId,
  name: z.string(),
  threadKey: z.string(),
  isSynced: z.boolean(),
  isTaken: z.boolean(),
});
type SeatRow = z.infer<typeof SeatRow>;

/**
 * Looks out for what agents do without Parley having started it: somebody speaks elsewhere to those in seats, or agents
 * message each other inside of Letta. One request a second and server, however many agents there are: what it tells is
 * recorded as it is, and threads are read by themselves only where it cannot have told everything.
 */
export function observeServers(rt: Runtime): { stop(): Promise<void> } {
  const cursors = new Map<ServerName, string>();
  const rounds = new Map<ServerName, Promise<void>>();
  /** Seats whose transcripts hold all that was listed when this program looked first: what follows is told by the tail. */
  const caughtUp = new Set<string>();
  let isStopped = false;

  const failures = new Map<ServerName, number>();

  const observe = async (server: ServerName) => {
    const { pool } = rt.database;
    const isFirst = !cursors.has(server);
    // An earlier Parley may have looked: what agents said to each other since is not to be left out.
    const before = cursors.get(server) ?? (await readTailPlace(pool, rt.workspaceId, server));
    const { messages, cursor } = await rt.letta.require(server).gateway.tail(before, AT_ONCE);
    // INVARIANT: seats are read after the messages. A turn that runs now reads the listing when it ends, and so whatever
    // was told here; one that has ended since is not left out.
    const seats = await watchedSeats(rt, server);
    const behind = seats.filter((seat) => !caughtUp.has(keyOf(seat)));
    const catchUp = new Set([
      ...behind.filter(({ isTaken }) => isTaken && isFirst),
      ...behind.filter(({ isTaken }) => !isTaken).slice(0, CATCH_UP),
    ]);
    const results = await inTurn([
      ...seats.flatMap((seat) => {
        const own = messages.filter(
          ({ agentId, threadId }) => agentId === seat.agentId && (threadId ?? '') === seat.threadKey,
        );
        if (own.length === 0 && !catchUp.has(seat)) return [];
        return [
          async () => {
            await follow(rt, server, seat, own, caughtUp.has(keyOf(seat)));
            caughtUp.add(keyOf(seat));
          },
        ];
      }),
      () => observePairs(rt, server, messages),
    ]);
    // What could not be recorded is asked for again, but not for ever: one broken seat must not hold the others back.
    const failed = results.find((error) => error !== null);
    const times = failed ? (failures.get(server) ?? 0) + 1 : 0;
    failures.set(server, times);
    if (cursor !== null && (!failed || times >= TRIES)) {
      if (cursor !== before) await writeTailPlace(pool, rt.workspaceId, server, cursor);
      cursors.set(server, cursor);
    }
    if (failed) throw failed;
  };

  const tick = () => {
    const connected = rt.letta.list().filter((server) => server.state === 'connected');
    for (const { name } of connected) {
      if (rounds.has(name)) continue; // One that is slow holds nobody else back.
      const round = observe(name)
        .catch((error: unknown) => {
          rt.log.debug({ err: error, server: name }, 'a Letta server could not be observed');
        })
        .finally(() => rounds.delete(name));
      rounds.set(name, round);
    }
  };
  const timer = setInterval(() => {
    if (!isStopped) tick();
  }, PAUSE_MS);
  tick();

  return {
    stop: async () => {
      isStopped = true;
      clearInterval(timer);
      await Promise.all(rounds.values());
    },
  };
}

const keyOf = ({ conversationId, seat }: SeatRow): string => `${conversationId} ${seat}`;

/** Carries out one after the other, whatever fails; what each of them threw. */
async function inTurn(work: (() => Promise<void>)[]): Promise<(Error | null)[]> {
  const results: (Error | null)[] = [];
  for (const each of work) {
    results.push(
      await each().then(
        () => null,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      ),
    );
  }
  return results;
}

/** Records what was told of a seat's thread, or reads the thread where that may not be all. */
async function follow(
  rt: Runtime,
  server: ServerName,
  { conversationId, seat, agentId, name, threadKey, isSynced }: SeatRow,
  told: readonly TailedMessage[],
  isCaughtUp: boolean,
): Promise<void> {
  const { workspaceId } = rt;
  const ref = { workspaceId, conversationId, seat, agent: { kind: 'agent' as const, id: agentId, name } };
  const last = told.at(-1);
  try {
    await setGates(rt, { workspaceId, server, agentId });
    if (!isCaughtUp || !isSynced || !last) {
      const { gateway } = rt.letta.require(server);
      await syncThread(rt, gateway, ref, { server, agentId, threadId: threadKey === '' ? null : threadKey });
    } else {
      const messages = told.map(({ message }) => message);
      await recordMessages(rt.ledger, ref, messages, { cursor: last.message.messageId });
    }
    await carryForeignCalls(rt, server, ref);
    if (told.some(({ message }) => mayChangeMemory(message))) {
      await readMemory(rt, ref, { workspaceId, server, agentId });
    }
  } catch (error) {
    if (!isAppError(error) || error.code !== 'agent.not_found') throw error;
    await stopConversationsOf(rt, workspaceId, server, agentId, name);
  }
}

/**
 * Seats of those who sit, and of those who are only watched. Those in which a turn of ours is under way are left out:
 * the turn itself reads the listing when it ends.
 */
async function watchedSeats(rt: Runtime, server: ServerName): Promise<SeatRow[]> {
  const { rows } = await rt.database.pool.query(
    `SELECT conversation_id AS "conversationId", seat, agent_id AS "agentId", s.name, thread_key AS "threadKey",
       cursor IS NOT NULL AS "isSynced", s.taken AS "isTaken"
     FROM seat s JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND (s.taken OR c.observed AND c.phase <> 'stopped') AND NOT EXISTS (
       SELECT 1 FROM turn t WHERE t.workspace_id = $1 AND t.conversation_id = s.conversation_id AND t.seat = s.seat
         AND t.state = 'started')
     ORDER BY s.conversation_id, s.seat`,
    [rt.workspaceId, server],
  );
  return rows.map((row) => SeatRow.parse(row));
}
