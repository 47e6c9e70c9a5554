import { AppError, isAppError } from '@/lib/protocol/errors';
import { TaskId } from '@/lib/protocol/ids';
import { roleContains } from '@/lib/protocol/roles';
import type { Goodbye } from '@/lib/protocol/socket';
import type { TaskInstruction } from '@/lib/protocol/task-message';
import {
  type AgentHeartbeatAck,
  AgentHeartbeatEvent,
  type AgentMessageAck,
  AgentMessageEvent,
  type AgentPush,
  type AgentPushEvent,
} from '@/lib/protocol/task-socket';
import type { Caller } from '../access/caller';
import { toFailure } from '../http/error-response';
import { parseInput } from '../http/parse-input';
import { mendedLedger } from '../ledger/mended-ledger';
import type { Runtime } from '../runtime';
import { findOwnTasks } from '../tasks/find-own-tasks';
import { findWaitingTasks } from '../tasks/find-waiting-tasks';
import { hearSignOfLife } from '../tasks/hear-sign-of-life';
import { receiveReport, refuseReport } from '../tasks/receive-report';
import { takeTaskMessages } from '../tasks/take-task-messages';
import { createCredentials } from './credentials';
import { every } from './every';
import type { LiveLimits } from './live-limits';
import { wellFormed, written } from './well-formed';

const PUSHED_AT_ONCE = 100;

/** An agent's socket. `push` resolves with whether the agent has said that it got it. */
export type AgentLine = {
  push(event: AgentPushEvent, push: AgentPush): Promise<boolean>;
  end(goodbye: Goodbye): void;
};

export type AgentMember = {
  message(request: unknown, answer: (ack: AgentMessageAck) => void): void;
  heartbeat(request: unknown, answer: (ack: AgentHeartbeatAck) => void): void;
  leave(): void;
};

/** The protocol of tasks on sockets: reports come in, instructions go out at once, to whichever socket is there. */
export type AgentLink = {
  /** Whose socket this is. Throws `auth.required`, `auth.forbidden`, `request.too_many`. */
  admit(handshake: Parameters<Runtime['access']['callerOfSocket']>[0]): Promise<Caller>;
  join(caller: Caller, line: AgentLine): AgentMember;
  stop(): void;
};

/** What it needs of the program. The runtime is one. */
export type AgentLinkRuntime = Pick<
  Runtime,
  'ledger' | 'clock' | 'database' | 'hub' | 'access' | 'log' | 'workspaceId' | 'knownTasks'
>;
type Member = {
  caller: Caller;
  line: AgentLine;
  /** What was pushed to it without a receipt, by task. */
  pushed: Map<TaskId, Set<string>>;
  /** It has given a receipt: then what it gives none for has not arrived. */
  givesReceipts: boolean;
};

const events: Readonly<Record<TaskInstruction['type'], AgentPushEvent>> = {
  'x-INSTRUCTION': 'instruction',
  'x-CONTROL': 'control',
  'x-STATUS_REQUEST': 'status_request',
  CONTROL_ACCEPTED: 'instruction',
};

export function createAgentLink(rt: AgentLinkRuntime, limits: LiveLimits): AgentLink {
  const { log, hub, access } = rt;
  const credentials = createCredentials(access.isStillValid, log);
  const members = new Set<Member>();
  /** Who hears of a task; instructions go to whoever came last. */
  const listeners = new Map<TaskId, Set<Member>>();
  const underWay = new Map<TaskId, Promise<void>>();

  /** Whether it is new to it. Who has left while its word was looked at hears of nothing more: it would keep it from others. */
  const listen = (taskId: TaskId, member: Member): boolean => {
    if (!members.has(member)) return false;
    const known = listeners.get(taskId) ?? new Set();
    const isNew = !known.has(member);
    listeners.set(taskId, known.add(member));
    return isNew;
  };

  const unlisten = (taskId: TaskId, member: Member) => {
    const heard = listeners.get(taskId);
    if (heard?.delete(member) && heard.size === 0) listeners.delete(taskId);
  };

  const forget = (member: Member) => {
    members.delete(member);
    for (const taskId of [...listeners.keys()]) unlisten(taskId, member);
  };

  async function handOver(taskId: TaskId, again: boolean): Promise<void> {
    const member = [...(listeners.get(taskId) ?? [])].at(-1);
    if (!member) return;
    const { caller, line } = member;
    const taking = { via: 'socket' as const, again, limit: PUSHED_AT_ONCE };
    const taken = await takeTaskMessages(rt, caller, taskId, taking).catch((error: unknown) => {
      if (isAppError(error) && error.code === 'auth.forbidden') return null;
      throw error;
    });
    if (taken === null) {
      // The task is another agent's by now: whoever is there for it hears instead.
      unlisten(taskId, member);
      return handOver(taskId, again);
    }
    const pushed = member.pushed.get(taskId) ?? new Set();
    member.pushed.set(taskId, pushed);
    for (const { message_id } of taken) pushed.add(message_id);
    const receipts = Promise.all(taken.map((message) => line.push(events[message.type], { taskId, message })));
    // Nothing waits for them: an agent that gives no receipts hears what comes next as soon as any other.
    receipts
      .then(async (given) => {
        const read = taken.filter((_, index) => given[index]).map(({ message_id }) => message_id);
        if (read.length === 0) return;
        member.givesReceipts = true;
        for (const id of read) pushed.delete(id);
        await hearSignOfLife(rt, caller, taskId, read);
      })
      .catch((err: unknown) => log.warn({ err, taskId }, 'receipts of instructions could not be recorded'));
  }

  /** One after another for each task: what is handed over keeps its order. */
  function handOverSoon(taskId: TaskId, { again = false } = {}): void {
    const next = (underWay.get(taskId) ?? Promise.resolve())
      .then(() => handOver(taskId, again))
      .catch((err: unknown) => log.warn({ err, taskId }, 'instructions could not be handed over by socket'))
      .finally(() => {
        if (underWay.get(taskId) === next) underWay.delete(taskId);
      });
    underWay.set(taskId, next);
  }

  const stops = [
    hub.listen({
      revoked: credentials.revoke,
      moved: (stream, _head, entries) => {
        if (!stream.startsWith('task:')) return;
        const taskId = TaskId.safeParse(stream.slice('task:'.length));
        if (!taskId.success || !listeners.has(taskId.data)) return;
        const mayWait = entries.length === 0 || entries.some(({ type }) => type === 'task.instruction_queued');
        if (mayWait) handOverSoon(taskId.data);
      },
    }),
    every(limits.sweepMs, credentials.sweep),
    every(limits.beaconMs, lookForWaiting),
  ];

  /** News may be lost between instances, and so may an attempt to hand over: what still waits is found all the same. */
  async function lookForWaiting(): Promise<void> {
    if (listeners.size === 0) return;
    try {
      const waiting = await findWaitingTasks(rt.database.pool, rt.workspaceId, [...listeners.keys()]);
      for (const taskId of waiting) handOverSoon(taskId);
    } catch (error) {
      log.debug({ err: error }, 'it could not be read what waits for agents');
    }
  }

  async function onMessage(member: Member, request: unknown): Promise<AgentMessageAck> {
    const { caller } = member;
    const { taskId, message } = parseInput(AgentMessageEvent, request);
    await access.limits.countWrite(caller.credential.id);
    const report = await plain(caller, taskId, message);
    const mended = report !== message && written(report) !== written(message);
    const on = mended ? { ...rt, ledger: mendedLedger(rt.ledger) } : rt;
    // Of a client that gives no receipts, its word over the same socket is one.
    const seen = new Set(member.givesReceipts ? [] : member.pushed.get(taskId));
    const { answer, instructions } = await receiveReport(on, caller, taskId, report, seen);
    for (const id of seen) member.pushed.get(taskId)?.delete(id);
    if (listen(taskId, member)) handOverSoon(taskId, { again: true });
    return { ok: true, answer, instructions };
  }

  /** What is too deep to be looked at is kept as far as it can be written down. */
  async function plain(caller: Caller, taskId: TaskId, message: unknown): Promise<unknown> {
    try {
      return wellFormed(message);
    } catch (error) {
      if (isAppError(error)) await refuseReport(rt, caller, taskId, { bytes: Buffer.from(written(message)), error });
      throw error;
    }
  }

  return {
    async admit(handshake) {
      const caller = await access.callerOfSocket(handshake);
      if (!caller) throw new AppError('auth.required', 'Give an agent’s key as `auth.token` or in `Authorization`.');
      if (caller.agentScope === null && !roleContains(caller.role, 'operator')) {
        throw new AppError('auth.forbidden', 'This namespace is for agents’ keys, and for operators in their place.');
      }
      if (credentials.carried(caller.credential) >= limits.socketsPerCredential) {
        const most = `At most ${limits.socketsPerCredential} sockets may use one credential.`;
        throw new AppError('request.too_many', most);
      }
      return caller;
    },
    join(caller, line) {
      const member: Member = { caller, line, pushed: new Map(), givesReceipts: false };
      members.add(member);
      const forgo = credentials.add(caller.credential, () =>
        line.end({ reason: 'revoked', message: 'The key of this connection is no longer good.' }),
      );
      findOwnTasks(rt.database.pool, caller).then(
        (taskIds) => {
          for (const taskId of taskIds) if (listen(taskId, member)) handOverSoon(taskId, { again: true });
        },
        (err: unknown) => log.warn({ err }, 'the tasks of a key could not be read'),
      );
      return {
        message: (request, answer) => {
          onMessage(member, request).then(answer, (error: unknown) => answer(toRefusal(error)));
        },
        heartbeat: (request, answer) => {
          const hear = async (): Promise<AgentHeartbeatAck> => {
            const { taskId, acknowledge } = parseInput(AgentHeartbeatEvent, request);
            await hearSignOfLife(rt, caller, taskId, acknowledge);
            if (listen(taskId, member)) handOverSoon(taskId, { again: true });
            return { ok: true };
          };
          hear().then(answer, (error: unknown) => answer(toRefusal(error)));
        },
        leave() {
          forgo();
          forget(member);
        },
      };
    },
    stop() {
      for (const stop of stops) stop();
      for (const { line } of [...members]) {
        line.end({ reason: 'stopping', message: 'Parley is stopping or starting again. Connect again in a moment.' });
      }
    },
  };

  function toRefusal(error: unknown): Extract<AgentMessageAck, { ok: false }> {
    const { body, isFault } = toFailure(error, 'socket');
    if (isFault) log.error({ err: error }, 'a report by socket failed by a fault of ours');
    const { code, message, fields } = body.error;
    return { ok: false, error: { code, message, ...(fields && { fields }) } };
  }
}
