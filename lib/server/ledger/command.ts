import type pg from 'pg';
import type { Actor } from '@/lib/protocol/actor';
import type { Entry, EntryType, PayloadOf } from '@/lib/protocol/entry';
import type { ErrorCode } from '@/lib/protocol/errors';
import type { EntryId, WorkspaceId } from '@/lib/protocol/ids';
import type { JsonObject } from '@/lib/protocol/json';
import type { Stream } from '@/lib/protocol/stream';

/** A connection or a pool: what can be asked. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** One fact to be appended. `cause` is a seq, or the index of an earlier entry of the same command. */
export type NewEntryOf<T extends EntryType> = {
  stream: Stream;
  type: T;
  payload: PayloadOf<T>;
  /** Given where something must be named by the entry before it is appended; otherwise made. UUIDv7. */
  id?: EntryId;
  actor?: Actor;
  occurredAt?: Date;
  cause?: number | { index: number };
};
export type NewEntry = { [T in EntryType]: NewEntryOf<T> }[EntryType];

/** A job to be run after the commit, at least once. Jobs of one `queue` run one after another. */
export type Effect = { task: string; payload: JsonObject; queue?: string; key?: string; runAt?: Date };

/** Arms (or moves) the deadline of `subject`, or takes it away. */
export type DeadlineChange =
  | { kind: string; subject: string; dueAt: Date; graceMs: number; data?: JsonObject }
  | { kind: string; subject: string; disarm: true };

export type Refusal = { ok: false; code: ErrorCode; message: string; fields?: Record<string, string> };

/**
 * What a decision comes to. `expects` are the positions of the streams whose state it was made from: where one of them
 * has moved when the head is locked, the command loads and decides again. `answer` is asked when all of it is written, may
 * read that in the transaction, and is kept with the idempotency key.
 */
export type Decided<Answer> = {
  ok: true;
  entries: NewEntry[];
  expects?: { stream: Stream; streamSeq: number }[];
  effects?: Effect[];
  deadlines?: DeadlineChange[];
  /** Rows that are no projection of entries (a sealed token, a queue), written in the same transaction. */
  write?: (db: Queryable, entries: Entry[]) => Promise<void>;
  answer: (entries: Entry[], db: Queryable) => Answer | Promise<Answer>;
};

/**
 * One change of the world. `load` reads from the connection it is given and nothing else; `decide` is pure. Both may run
 * several times. HAZARD: before the head is locked each query of `load` sees another moment, so the positions that the
 * decision will expect are read first (or in the same statement): what is appended in between then counts as a move.
 */
export type Command<State, Answer> = {
  workspaceId: WorkspaceId;
  actor: Actor;
  load: (db: Queryable) => Promise<State>;
  decide: (state: State) => Decided<Answer> | Refusal;
  /**
   * What is remembered of that state, to decide from first. HAZARD: it may be overtaken, so whatever a decision takes from
   * it must be covered by what the decision expects. `learn` is given what `load` read where nothing was remembered.
   */
  memory?: { recall: () => State | null; learn: (state: State) => void };
  /** Keeps the answer under the request's key, in the same transaction. Given by the HTTP layer. */
  idempotency?: IdempotencyKey;
  /** Texts that it carries have lost lone surrogates at the door: the payloads of its entries say so. */
  mended?: boolean;
  /** The command acts only where this deadline is still armed with this epoch, and takes it away. */
  consumes?: { kind: string; subject: string; epoch: number };
};

/**
 * A request that may be repeated. `intentId` is the same on every repeat: a name for what it sets out to do.
 * `instanceId` is who claimed the key: what commits after another instance has taken the claim over is refused.
 */
export type IdempotencyKey = { actorId: string; key: string; intentId: string; status: number; instanceId?: string };
