import { z } from 'zod';
import { isAppError } from '@/lib/protocol/errors';
import { AgentId, ConversationId, SeatId, type ServerName } from '@/lib/protocol/ids';
import type { TailedMessage } from '../letta/gateway';
import { observedServers } from '../letta/observed-servers';
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
  isAtWork: z.boolean(),
  /** One text for the seat and its server. */
  key: z.string(),
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
  /** Seats of which something was told that could not be recorded: their threads are read until that has worked. */
  const missed = new Set<string>();
  /** What was told of seats in which a turn of ours was under way. */
  const held = new Map<string, readonly TailedMessage[]>();
  let isStopped = false;

  const failures = new Map<ServerName, number>();

  const hold = (key: string, told: readonly TailedMessage[]) => {
    if (told.length > 0) held.set(key, told);
    if (told.length <= AT_ONCE) return;
    held.delete(key);
    missed.add(key);
  };

  const observe = async (server: ServerName) => {
    const { pool } = rt.database;
    const isFirst = !cursors.has(server);
    // An earlier Parley may have looked: what agents said to each other since is not to be left out.
    const before = cursors.get(server) ?? (await readTailPlace(pool, rt.workspaceId, server));
    const { messages, cursor } = await rt.letta.require(server).gateway.tail(before, AT_ONCE);
    const toldOf = (seat: SeatRow) => {
      const own = messages.filter(
        ({ agentId, threadId }) => agentId === seat.agentId && (threadId ?? '') === seat.threadKey,
      );
      return joined(held.get(seat.key) ?? [], own);
    };
    // INVARIANT: seats are read after the messages. A turn that runs now reads the listing when it ends, and so whatever
    // was told here, unless that fails: it is kept until then. One that has ended since is not left out.
    const all = await watchedSeats(rt, server);
    forgetOthers(server, new Set(all.map(({ key }) => key)), [caughtUp, missed, held]);
    for (const seat of all) if (seat.isAtWork) hold(seat.key, toldOf(seat));
    const seats = all.filter(({ isAtWork }) => !isAtWork);
    const behind = seats.filter((seat) => !caughtUp.has(seat.key));
    const catchUp = new Set([
      ...seats.filter((seat) => missed.has(seat.key)),
      ...behind.filter(({ isTaken }) => isTaken && isFirst),
      ...behind.filter(({ isTaken }) => !isTaken).slice(0, CATCH_UP),
    ]);
    const results = await inTurn([
      ...seats.flatMap((seat) => {
        const own = toldOf(seat);
        if (own.length === 0 && !catchUp.has(seat)) return [];
        return [
          async () => {
            const { key } = seat;
            const isUpToDate = caughtUp.has(key) && !missed.has(key);
            missed.add(key);
            held.delete(key);
            await follow(rt, server, seat, own, isUpToDate);
            missed.delete(key);
            caughtUp.add(key);
          },
        ];
      }),
      () => observePairs(rt, server, messages),
    ]);
    // What could not be recorded is asked for again, but not for ever: one broken seat must not hold the others back. As
    // long as nothing at all can be recorded, there are no others.
    const failed = results.find((error) => error !== null);
    const isForAll = isAppError(failed) && failed.code === 'ledger.unavailable';
    const times = failed ? (failures.get(server) ?? 0) + (isForAll ? 0 : 1) : 0;
    failures.set(server, times);
    if (cursor !== null && (!failed || (times >= TRIES && !isForAll))) {
      if (cursor !== before) await writeTailPlace(pool, rt.workspaceId, server, cursor);
      cursors.set(server, cursor);
    }
    if (failed) throw failed;
  };

  const tick = () => {
    const connected = observedServers(rt.letta).filter((server) => server.state === 'connected');
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

/** What was told before, then what was told now: after a failure some of it is told again. */
function joined(before: readonly TailedMessage[], now: readonly TailedMessage[]): readonly TailedMessage[] {
  const identity = ({ message }: TailedMessage) => `${message.messageType} ${message.messageId}`;
  const known = new Set(before.map(identity));
  return [...before, ...now.filter((each) => !known.has(identity(each)))];
}

/** Forgets what is remembered of seats of a server in which nobody is watched any more. */
function forgetOthers(
  server: ServerName,
  seats: ReadonlySet<string>,
  remembered: { keys(): Iterable<string>; delete(key: string): unknown }[],
) {
  for (const each of remembered) {
    for (const key of [...each.keys()]) if (key.startsWith(`${server} `) && !seats.has(key)) each.delete(key);
  }
}

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
    if (!isCaughtUp || !isSynced || !last || told.some(({ isAfterGap }) => isAfterGap)) {
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

/** Seats of those who sit, and of those who are only watched. `isAtWork`: a turn of ours is under way in it. */
async function watchedSeats(rt: Runtime, server: ServerName): Promise<SeatRow[]> {
  const { rows } = await rt.database.pool.query(
    `SELECT conversation_id AS "conversationId", seat, agent_id AS "agentId", s.name, thread_key AS "threadKey",
       cursor IS NOT NULL AS "isSynced", s.taken AS "isTaken", EXISTS (
         SELECT 1 FROM turn t WHERE t.workspace_id = $1 AND t.conversation_id = s.conversation_id AND t.seat = s.seat
           AND t.state = 'started') AS "isAtWork", concat_ws(' ', s.server, s.conversation_id, s.seat) AS key
     FROM seat s JOIN conversation c ON c.workspace_id = s.workspace_id AND c.id = s.conversation_id
     WHERE s.workspace_id = $1 AND s.server = $2 AND c.phase <> 'stopped' AND (s.taken OR c.observed)
     ORDER BY s.conversation_id, s.seat`,
    [rt.workspaceId, server],
  );
  return rows.map((row) => SeatRow.parse(row));
}
