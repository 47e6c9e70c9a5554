import type { Actor } from '@/lib/protocol/actor';
import type { Entry } from '@/lib/protocol/entry';
import { AppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Clock } from '../clock';
import { isConnectionLost } from '../database/is-connection-lost';
import type { Failpoint } from '../failpoint';
import type { Command, Decided, Queryable, Refusal } from './command';
import {
  copyPosition,
  type PlacedEntry,
  type Position,
  placeEntries,
  type SealedEntry,
  sealEntry,
  type TreeNodeRow,
} from './placement';
import type { Projection } from './projection';
import {
  lockHead,
  positionOf,
  readStreams,
  writeActorNames,
  writeAnswers,
  writeDeadlines,
  writeEffects,
  writeEntries,
} from './write-entries';

/** A command on its way into the ledger, with what it decided before the head was locked. */
export type Item = {
  command: Command<unknown, unknown>;
  decided: Decided<unknown>;
  sealed: SealedEntry[];
};

export type Outcome = { ok: true; entries: Entry[]; answer: unknown } | { ok: false; error: unknown };

/** Beyond so many streams, or names, what is remembered is begun anew: each batch copies it, and asks for what it lacks. */
export const REMEMBERED_MAX = 2_000;

/** What a writer remembers between its batches; good only while nobody else appends. */
export type Memory = { size: number; streams: Map<string, number>; actorNames: Map<string, string> };

export type BatchContext = {
  workspaceId: WorkspaceId;
  clock: Clock;
  projections: readonly Projection[];
  failpoint: Failpoint;
  memory: Memory;
};

export const toItem = (command: Command<unknown, unknown>, decided: Decided<unknown>): Item => ({
  command,
  decided,
  sealed: decided.entries.map((entry) => sealEntry(entry, command.actor, command.mended)),
});

export const refusalError = (refusal: Refusal): AppError =>
  new AppError(refusal.code, refusal.message, refusal.fields ? { fields: refusal.fields } : {});

/**
 * Commits a batch in one transaction and tells what became of each of its commands. `take` closes the batch: it is called
 * when the head is locked, so that commands gather on the way there. With `together`, commands whose
 * streams have not moved are written at once; an error then fails the whole batch, and the caller comes again without
 * `together`, where each command stands behind a savepoint of its own and fails alone.
 */
export async function commitBatch(
  db: Queryable,
  context: BatchContext,
  take: () => readonly Item[],
  { together }: { together: boolean },
): Promise<Outcome[]> {
  const { workspaceId, memory } = context;
  const outcomes = new Map<Item, Outcome>();
  const [, head] = await Promise.all([db.query('BEGIN'), lockHead(db, workspaceId)]);
  const items = take();
  if (head.size !== memory.size || memory.streams.size > REMEMBERED_MAX) memory.streams.clear();
  if (memory.actorNames.size > REMEMBERED_MAX) memory.actorNames.clear();
  let position = positionOf(head, context.clock.now(), new Map(memory.streams));

  const alone = new Set(items);
  const inFlight = createInFlight();
  if (together) {
    await readStreams(db, workspaceId, position, items.flatMap(streamsOf));
    const expected = new Map(position.streams);
    const unmoved = items.filter((item) => {
      if (item.command.consumes || !standsAt(expected, item.decided)) return false;
      for (const { entry } of item.sealed) expected.set(entry.stream, (expected.get(entry.stream) ?? 0) + 1);
      return true;
    });
    for (const item of unmoved) alone.delete(item);
    for (const [item, outcome] of await writeItems(db, context, position, unmoved, inFlight))
      outcomes.set(item, outcome);
  }
  if (alone.size > 0) await inFlight.settle();
  for (const item of alone) {
    const before = copyPosition(position);
    await db.query('SAVEPOINT command');
    try {
      outcomes.set(item, await decideAgain(db, context, position, item));
      await db.query('RELEASE SAVEPOINT command');
    } catch (error) {
      if (isConnectionLost(error)) throw error;
      await db.query('ROLLBACK TO SAVEPOINT command');
      position = before;
      outcomes.set(item, { ok: false, error });
    }
  }
  const inOrder = items.map(
    (item): Outcome => outcomes.get(item) ?? { ok: false, error: new Error('a command without an outcome') },
  );
  context.failpoint('ledger.before_commit');
  await commit(db, inOrder, inFlight);
  context.failpoint('ledger.after_commit');
  memory.size = position.size;
  memory.streams = position.streams;
  return inOrder;
}

/**
 * Thrown when the connection broke while the commit was on its way. Whether it happened must be looked up; if it did,
 * `outcomes` are what became of the commands, for a transaction is there whole or not at all.
 */
export class CommitUnknown extends Error {
  readonly outcomes: Outcome[];

  constructor(outcomes: Outcome[], cause: unknown) {
    super('the connection broke during the commit', { cause });
    this.outcomes = outcomes;
  }
}

/**
 * Sends the commit after what is in flight. Where a statement of that fails, PostgreSQL takes it as ROLLBACK.
 * INVARIANT: nothing is committed without a statement that never left, because its values could not be written
 * (ledger.test.ts).
 */
async function commit(db: Queryable, outcomes: Outcome[], inFlight: InFlight): Promise<void> {
  if (inFlight.hasFailed()) await inFlight.settle();
  const committing = db.query('COMMIT');
  inFlight.add(committing);
  try {
    await inFlight.settle();
  } catch (error) {
    throw isConnectionLost(error) ? new CommitUnknown(outcomes, error) : error;
  }
  if ((await committing).command !== 'COMMIT') throw new Error('a transaction that had failed was to be committed');
}

const streamsOf = (item: Item): string[] => [
  ...item.sealed.map(({ entry }) => entry.stream),
  ...(item.decided.expects ?? []).map((each) => each.stream),
];

const standsAt = (streams: ReadonlyMap<string, number>, decided: Decided<unknown>): boolean =>
  (decided.expects ?? []).every((each) => streams.get(each.stream) === each.streamSeq);

/** Under the head lock: takes the deadline away that the command consumes, loads, decides and writes it. */
async function decideAgain(db: Queryable, context: BatchContext, position: Position, item: Item): Promise<Outcome> {
  const { command } = item;
  if (command.consumes) {
    const { kind, subject, epoch } = command.consumes;
    const { rowCount } = await db.query(
      'DELETE FROM deadline WHERE workspace_id = $1 AND kind = $2 AND subject = $3 AND epoch = $4',
      [context.workspaceId, kind, subject, epoch],
    );
    if (rowCount === 0)
      return { ok: false, error: new AppError('deadline.moved', `The deadline of ${subject} moved.`) };
  }
  const decided = command.decide(await command.load(db));
  if (!decided.ok) return { ok: false, error: refusalError(decided) };
  const again = toItem(command, decided);
  await readStreams(db, context.workspaceId, position, streamsOf(again));
  if (!standsAt(position.streams, decided))
    throw new Error('a command expects a stream where its load did not find it');
  const inFlight = createInFlight();
  const [written] = await writeItems(db, context, position, [again], inFlight);
  await inFlight.settle();
  if (!written) throw new Error('nothing was written');
  return written[1];
}

/**
 * Places and writes commands with everything that hangs on them. Moves `position`. Statements whose outcome nobody here
 * needs are left in flight, one behind the other.
 */
async function writeItems(
  db: Queryable,
  context: BatchContext,
  position: Position,
  items: readonly Item[],
  inFlight: InFlight,
): Promise<[Item, Outcome][]> {
  const { workspaceId } = context;
  const nodes: TreeNodeRow[] = [];
  const placed: PlacedEntry[][] = items.map((item) => placeEntries(position, item.sealed, nodes));
  const all = placed.flat();
  context.failpoint('ledger.before_write');
  if (all.length > 0) inFlight.add(writeEntries(db, workspaceId, position, all, nodes));
  try {
    await project(db, context, all, inFlight);
    const written = items.map((item, index) => ({ item, entries: (placed[index] ?? []).map(({ entry }) => entry) }));
    for (const { item, entries } of written) await item.decided.write?.(db, entries);
    inFlight.add(
      writeEffects(
        db,
        items.flatMap((item) => item.decided.effects ?? []),
      ),
    );
    inFlight.add(
      writeDeadlines(
        db,
        workspaceId,
        items.flatMap((item) => item.decided.deadlines ?? []),
      ),
    );
    const outcomes: [Item, Outcome & { ok: true }][] = [];
    for (const { item, entries } of written) {
      outcomes.push([item, { ok: true, entries, answer: await item.decided.answer(entries, db) }]);
    }
    await writeAnswers(db, workspaceId, outcomes.flatMap(toAnswer));
    return outcomes;
  } catch (error) {
    await inFlight.settle(); // what failed before is the reason why the rest did
    throw error;
  }
}

const toAnswer = ([{ command }, { answer }]: [Item, Outcome & { ok: true }]) =>
  command.idempotency ? [{ ...command.idempotency, answer }] : [];

async function project(
  db: Queryable,
  { workspaceId, projections, memory }: BatchContext,
  placed: readonly PlacedEntry[],
  inFlight: InFlight,
): Promise<void> {
  const entries = placed.map((each) => each.entry);
  const actors = newNames(
    memory,
    entries.map((entry) => entry.actor),
  );
  inFlight.add(writeActorNames(db, workspaceId, actors));
  for (const projection of projections) {
    const told = entries.filter((entry) => projection.types.has(entry.type));
    if (told.length > 0) await projection.project(db, workspaceId, told, inFlight.add);
  }
}

/** Statements that were sent, and whose outcome is asked for later, all at once. */
type InFlight = {
  add(statement: Promise<unknown>): void;
  /** Whether one of them is known to have failed. */
  hasFailed(): boolean;
  /** When all of them are through. Throws what the first that failed failed with. */
  settle(): Promise<void>;
};

function createInFlight(): InFlight {
  let statements: Promise<unknown>[] = [];
  let failed = false;
  return {
    add(statement) {
      statement.catch(() => {
        failed = true; // heard where they are settled
      });
      statements.push(statement);
    },
    hasFailed: () => failed,
    async settle() {
      const settled = await Promise.allSettled(statements);
      statements = [];
      for (const each of settled) if (each.status === 'rejected') throw each.reason;
    },
  };
}

/** Names are remembered before the commit: a writer whose batch fails forgets all of them. */
function newNames(memory: Memory, actors: readonly Actor[]): Actor[] {
  const fresh = new Map<string, Actor>();
  for (const actor of actors) {
    const key = `${actor.kind} ${actor.id}`;
    if (memory.actorNames.get(key) === actor.name) continue;
    memory.actorNames.set(key, actor.name);
    fresh.set(key, actor);
  }
  return [...fresh.values()];
}
