import { z } from 'zod';
import type { Directory } from '@/lib/domain/conversation/carry-message';
import type { ThreadRef, TurnState } from '@/lib/domain/conversation/conversation-state';
import { decideAccepted, decideEndTurn, decideStartTurn, type TurnEnd } from '@/lib/domain/conversation/decide-turn';
import type { Spoken } from '@/lib/domain/conversation/relay-spoken';
import { CALL_GONE, callGone } from '@/lib/domain/draft/call-gone';
import { type Actor, system } from '@/lib/protocol/actor';
import { type AppError, isAppError } from '@/lib/protocol/errors';
import { AgentId, type ConversationId, ServerName, WorkspaceId } from '@/lib/protocol/ids';
import type { Task } from '../jobs';
import type { Gateway } from '../letta/gateway';
import type { Runtime } from '../runtime';
import { stopConversationsOf } from './agent-seats';
import { isAnsweredElsewhere, wasAnsweredByOthers } from './answered-elsewhere';
import { commitDecision } from './commit-decision';
import { readDirectory } from './directory';
import { followTurn } from './follow-turn';
import { isEngineAway } from './is-engine-away';
import { type LookedUp, lookUpTurn } from './look-up-turn';
import { type NextTurn, nextTurn } from './next-turn';
import { readMemory } from './read-memory';
import { readSaid } from './read-said';
import type { SeatRef } from './record-messages';
import { setGates } from './set-gates';
import { syncThread } from './sync-thread';

const Thread = z.object({
  workspaceId: WorkspaceId,
  server: ServerName,
  agentId: AgentId,
  threadId: z.string().nullable(),
});

/** How long a thread that somebody else keeps busy is tried again. */
const BUSY_MS = 60_000;
const BUSY_PAUSE_MS = 1_000;
/** Within so long a message that an agent's call has become goes out; its first words are waited for no longer. */
const CARRIED_MS = 30;
const PASSED_MS = 250;
/** More than one turn leaves in a listing. */
const LISTED = 100;
/** How long a server that is there but answers badly between two turns is tried again here; then the job is, ever later. */
const AWAY_MS = 60_000;
const AWAY_PAUSE_MS = 500;
/** Ends of a turn after which what was said in it is listed, if the engine has kept it. An agent of an older kind is not given it. */
const LEAVES_WORDS: ReadonlySet<string> = new Set([
  'tool_rule',
  'cancelled',
  'end_turn',
  'requires_approval',
  'max_steps',
]);

/**
 * Looks after one thread: one turn after another, as long as there are any. There is one such job at a time for a
 * thread, whatever instance it runs on; a turn that an earlier one left behind is looked up before anything is sent.
 * INVARIANT: it does not wait for a server that is away, since it would keep its place from threads of other servers;
 * whoever sees the server come back wakes the thread (wakeThreads).
 */
export const runThread = (rt: Runtime): Task<typeof Thread> => ({
  name: 'thread.run',
  payload: Thread,
  run: async ({ workspaceId, ...thread }, { signal }) => {
    let awaySince: number | null = null;
    while (!signal.aborted) {
      const next = await nextTurn(rt.database.pool, workspaceId, thread);
      if (!next) return;
      try {
        if ((await new TurnRun(rt, workspaceId, thread, next, signal).run()) === 'left') return;
        awaySince = null;
      } catch (error) {
        const now = rt.clock.monotonicMs();
        awaySince ??= now;
        if (!isEngineAway(error) || now - awaySince > AWAY_MS) throw error;
        // Between two turns: the next round looks at what this one has left behind.
        rt.log.info({ err: error, ...thread }, 'a thread waits for its Letta server');
        if (!(await rt.letta.isThere(thread.server))) return;
        await new Promise((resolve) => setTimeout(resolve, AWAY_PAUSE_MS));
      }
    }
  },
});

/** One turn on its way to the engine and back. */
class TurnRun {
  private readonly rt: Runtime;
  private readonly workspaceId: WorkspaceId;
  private readonly thread: ThreadRef;
  private readonly conversationId: ConversationId;
  private readonly turn: TurnState;
  private readonly agentName: string;
  private readonly signal: AbortSignal;
  private mayHaveLearned = false;
  private isGone = false;
  /** The engine closes the run that was followed. */
  private closed: Promise<void> = Promise.resolve();
  /** Of the agents that the calls of this message name: asked for while the turn comes to its end. */
  private directory: { messageId: string; found: Promise<Directory> } | null = null;

  constructor(rt: Runtime, workspaceId: WorkspaceId, thread: ThreadRef, next: NextTurn, signal: AbortSignal) {
    this.rt = rt;
    this.workspaceId = workspaceId;
    this.thread = thread;
    this.conversationId = next.conversationId;
    this.turn = next.turn;
    this.agentName = next.agentName ?? thread.agentId;
    this.signal = signal;
  }

  /** `left`: what becomes of it cannot be found out now; it is looked up when the thread is woken. */
  async run(): Promise<'done' | 'left'> {
    const { turn } = this;
    await setGates(this.rt, { workspaceId: this.workspaceId, ...this.thread });
    if (turn.state === 'queued') {
      // What is certain to fail is not tried: it waits, and goes out when its server is back.
      if (!(await this.isServerThere())) return 'left';
      if (!(await this.start())) return 'done';
      this.rt.failpoint('turn.before_send');
    }
    const end = turn.state === 'queued' ? await this.send() : await this.lookUp(turn);
    if (!end) return 'left';
    this.rt.failpoint('turn.before_end');
    const directory = await this.directoryOf(end.pending);
    const isJoinedLeft = await this.isJoinedLeft(end);
    try {
      await this.commit(this.agent(), (state, ids) =>
        decideEndTurn(state, turn.id, { ...end, isJoinedLeft }, directory, ids),
      );
    } catch (error) {
      // Somebody else has ended it: another instance, or whoever disconnected its server.
      if (isAppError(error) && error.code === 'conversation.state') return 'done';
      throw error;
    } finally {
      await this.closed;
    }
    try {
      if (end.pending) await this.letPass();
      if (!this.isGone) await this.readOn();
    } catch (error) {
      if (!isOfDeletedAgent(error)) throw error;
      this.isGone = true;
    }
    if (this.isGone) await this.leave();
    return 'done';
  }

  /** Asks the server only where it was not there when it was looked at last. */
  private async isServerThere(): Promise<boolean> {
    const { server } = this.thread;
    const known = this.rt.letta.list().find(({ name }) => name === server);
    return known?.state === 'connected' || this.rt.letta.isThere(server);
  }

  private directoryOf(pending: TurnEnd['pending']): Promise<Directory> {
    if (pending && this.directory?.messageId === pending.messageId) return this.directory.found;
    const calls = pending?.calls ?? [];
    const found = (async () => readDirectory(this.rt, this.gateway(), this.workspaceId, this.thread.server, calls))();
    if (pending) this.directory = { messageId: pending.messageId, found };
    return found;
  }

  /**
   * HAZARD: what is said with answers is read when the model is asked after them. Where the calls that people let run end
   * the turn, by a rule of the agent's tools, it is not asked, and Letta drops those words without a word. Of a turn that
   * is cancelled it keeps nothing either.
   */
  private async isJoinedLeft({ stopReason }: TurnEnd): Promise<boolean> {
    const { input, thread } = this.turn;
    if (input.kind !== 'answers' || !input.joined || !LEAVES_WORDS.has(stopReason)) return false;
    const { otid } = input.joined;
    const listed = await this.gateway().listMessages(thread, { limit: LISTED });
    return !listed.some((message) => message.otid === otid);
  }

  /**
   * What the agent calls may be carried at once, and Letta does one thing at a time: what is only read goes behind, and does
   * not keep it from asking the receiver's model.
   */
  private async letPass(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, CARRIED_MS));
    await this.rt.firstWords.heard(this.thread.server, PASSED_MS);
  }

  /** Takes over what stands in the engine after the turn. */
  private async readOn(): Promise<void> {
    await this.sync();
    const seat = this.seat();
    if (seat && this.mayHaveLearned) await readMemory(this.rt, seat, { workspaceId: this.workspaceId, ...this.thread });
  }

  /** The agent is no more: nobody can go on with the conversations in which it sits. */
  private async leave(): Promise<void> {
    const { server, agentId } = this.thread;
    await stopConversationsOf(this.rt, this.workspaceId, server, agentId, this.agentName);
  }

  /** Records that the turn goes out; false where that is not (or no longer) allowed. */
  private async start(): Promise<boolean> {
    try {
      await this.commit(system, (state) => decideStartTurn(state, this.turn.id));
      return true;
    } catch (error) {
      if (isAppError(error) && error.code === 'conversation.state') return false;
      throw error;
    }
  }

  /** Sends, trying again while somebody else keeps the thread busy: then nothing was sent. */
  private async send(): Promise<TurnEnd | null> {
    const until = this.rt.clock.monotonicMs() + BUSY_MS;
    for (;;) {
      let isTaken = false;
      try {
        if (await isAnsweredElsewhere(this.rt, this.workspaceId, this.conversationId, this.turn)) return notNeeded();
        const seat = this.seat();
        const followed = await followTurn(
          this.rt,
          this.gateway(),
          this.turn,
          seat,
          this.signal,
          (runId) => {
            isTaken = true;
            return this.accepted(runId);
          },
          (pending) => void this.directoryOf(pending).catch(() => undefined), // thrown where it is needed
        );
        this.closed = followed.closed;
        const words = await this.words(followed.runId, followed.spoken);
        this.mayHaveLearned = followed.mayHaveLearned;
        const error = await this.errorOf(followed);
        return { ...followed, ...words, error, isNotSent: false, isUnknown: false };
      } catch (error) {
        if (this.signal.aborted) return null; // The next start looks it up.
        if (!isAppError(error)) throw error;
        if (error.code === 'agent.busy' && this.rt.clock.monotonicMs() < until) {
          await new Promise((resolve) => setTimeout(resolve, BUSY_PAUSE_MS));
          continue;
        }
        this.isGone = isOfDeletedAgent(error);
        // INVARIANT: answers that were not sent go out again, as long as somebody stands at the call. Here nobody does.
        if (this.isGone && this.turn.input.kind === 'answers') return { ...notSent(error.message), isNotSent: false };
        const isForSure = !isTaken && error.code !== 'engine.unavailable';
        // Answers go out again as long as the agent stands at its call, which only the engine can tell.
        const isAsked = this.turn.input.kind === 'answers' && !this.isGone && error.code !== 'agent.busy';
        return isForSure && !isAsked ? notSent(error.message) : await this.lookUp(this.turn);
      }
    }
  }

  /** HAZARD: of an agent that is deleted in the middle the engine tells only what its database makes of that. */
  private async errorOf({ stopReason, error }: Pick<TurnEnd, 'stopReason' | 'error'>): Promise<string | null> {
    if (stopReason !== 'error' || error === null) return error;
    this.isGone = (await this.gateway().findAgent(this.thread.agentId)) === null;
    return this.isGone ? `${this.agentName} was deleted while it worked.` : error;
  }

  private async lookUp(turn: TurnState): Promise<TurnEnd | null> {
    const { rows } = await this.rt.database.pool.query<{
      run_id: string | null;
      is_accepted: boolean;
      started_at: Date;
    }>(
      'SELECT run_id, accepted_at IS NOT NULL AS is_accepted, started_at FROM turn WHERE workspace_id = $1 AND id = $2',
      [this.workspaceId, turn.id],
    );
    const [row] = rows;
    if (!row) return null;
    const known = { ...turn, runId: row.run_id, isAccepted: row.is_accepted };
    this.mayHaveLearned = true;
    try {
      const found = await lookUpTurn(this.rt, known, row.started_at, this.signal);
      if (!found) return null;
      await this.sync();
      if (!found.isNotSent && (await wasAnsweredByOthers(this.rt, turn, this.signal))) return notNeeded();
      if (!found.isNotSent && !found.isUnknown) await this.accepted(found.runId);
      return { ...found, usage: null, ...(await this.words(found.runId, [])) };
    } catch (error) {
      if (!isOfDeletedAgent(error)) throw error;
      this.isGone = true;
      return { ...gone(error.message, row.run_id), usage: null, said: [], spoken: [] };
    }
  }

  private async accepted(runId: string | null): Promise<void> {
    await this.rt.database.pool.query(
      `UPDATE turn SET run_id = $3, accepted_at = coalesce(accepted_at, now()) WHERE workspace_id = $1 AND id = $2`,
      [this.workspaceId, this.turn.id, runId],
    );
    this.rt.failpoint('turn.after_accepted');
    const { input } = this.turn;
    if (input.kind !== 'agent') return;
    const { rows } = await this.rt.database.pool.query<{ sent_at: Date }>(
      'SELECT sent_at FROM conveyance WHERE workspace_id = $1 AND id = $2',
      [this.workspaceId, input.conveyanceId],
    );
    const now = this.rt.clock.now().getTime();
    const latencyMs = Math.max(0, now - (rows[0]?.sent_at.getTime() ?? now));
    await this.commit(this.agent(), (state, ids) => decideAccepted(state, this.turn.id, { latencyMs }, ids));
  }

  /** What the agent said since the root of this turn and in it: from the transcript where the stream did not tell. */
  private async words(runId: string | null, spoken: Spoken[]): Promise<Pick<TurnEnd, 'said' | 'spoken'>> {
    const seat = this.seat();
    const isTold = spoken.length > 0;
    if (!seat || (isTold && this.turn.id === this.turn.rootId)) {
      return { said: spoken.map(({ content }) => content), spoken };
    }
    const since = await readSaid(this.rt, seat, this.turn);
    const here = since.filter((each) => runId !== null && each.runId === runId);
    return { said: since.map(({ content }) => content), spoken: isTold ? spoken : here };
  }

  private async sync(): Promise<void> {
    const seat = this.seat();
    if (seat) await syncThread(this.rt, this.gateway(), seat, this.thread);
  }

  /** Asked for anew each time: a server may come back at another address. */
  private gateway(): Gateway {
    return this.rt.letta.require(this.thread.server).gateway;
  }

  private seat(): SeatRef | null {
    const { workspaceId, conversationId, turn } = this;
    return turn.seat === null ? null : { workspaceId, conversationId, seat: turn.seat, agent: this.agent() };
  }

  private agent(): Actor {
    return { kind: 'agent', id: this.thread.agentId, name: this.agentName };
  }

  private async commit(actor: Actor, decide: Parameters<typeof commitDecision>[1]['decide']): Promise<void> {
    const { workspaceId, conversationId } = this;
    await commitDecision(this.rt.ledger, { workspaceId, conversationId, actor, decide });
  }
}

const isOfDeletedAgent = (error: unknown): error is AppError => isAppError(error) && error.code === 'agent.not_found';

/** The agent was deleted while it worked: what became of its turn went with it. */
const gone = (error: string, runId: string | null): LookedUp => ({
  ...{ runId, stopReason: 'lost', error, pending: null },
  ...{ isNotSent: false, isUnknown: false },
});

/** Nobody stands any more at the call that it was to answer. */
const notNeeded = (): TurnEnd => ({ ...notSent(callGone), stopReason: CALL_GONE });

const notSent = (error: string): TurnEnd => ({
  runId: null,
  stopReason: 'not_sent',
  usage: null,
  error,
  pending: null,
  said: [],
  spoken: [],
  isNotSent: true,
  isUnknown: false,
});
