import { applyTask } from '@/lib/domain/task/apply-task';
import type { PlacedFact, TaskEntryType, TaskRecord } from '@/lib/domain/task/task-record';
import { taskEntries } from '@/lib/protocol/entries/task-entries';
import type { Entry } from '@/lib/protocol/entry';
import type { TaskId } from '@/lib/protocol/ids';
import type { Ledger } from '../ledger/ledger';
import type { LoadedTask } from './load-task';

const TASKS_MAX = 2_000;
/** Hashes of the last reports of each task: those that an agent repeats when it did not hear their answers. */
const HASHES_MAX = 256;

/** Facts after which the queue to the agent is as it was. Whatever else is committed, the queue is looked up again. */
const QUEUE_KEEPS: ReadonlySet<string> = new Set<TaskEntryType>([
  'task.report_accepted',
  'task.report_refused',
  'task.report_quarantined',
  'task.answered',
  'task.late',
]);

/**
 * Tasks as they stood after the last commit that was seen here, so that a report need not load its task. What is
 * remembered may be overtaken by another instance: whoever decides from it expects the stream where `record` stands, and
 * decides again from the database where it does not.
 */
export type KnownTasks = {
  /** Null: not known well enough. `aliveAt` is that of the time it was loaded, and moves no stream. */
  recall(taskId: TaskId, hash: string): LoadedTask | null;
  /** Remembers what was read of committed rows. */
  learn(taskId: TaskId, loaded: LoadedTask): void;
  /** The record from which the entry at this place of the task's stream is folded, if it is known. */
  recordBefore(taskId: string, streamSeq: number): TaskRecord | null;
  /** Remembers, for as long as the entry is, what came of folding it: whoever sees it committed need not fold again. */
  note(entry: Entry, record: TaskRecord): void;
  /** Goes along with what is committed from now on. */
  follow(ledger: Pick<Ledger, 'onCommitted'>): void;
};

type Known = Omit<LoadedTask, 'repeats'> & { hashes: Set<string> };

const isTaskEntry = (entry: Entry): entry is Entry & PlacedFact => entry.type in taskEntries;

export function createKnownTasks(): KnownTasks {
  const known = new Map<string, Known>();
  const folded = new WeakMap<Entry, TaskRecord>();
  let seen = 0;

  const forgetOldest = () => {
    for (const oldest of known.keys()) {
      if (known.size <= TASKS_MAX) return;
      known.delete(oldest);
    }
  };

  function apply(taskId: string, entry: Entry & PlacedFact): void {
    const task = known.get(taskId);
    if (!task) return;
    const isNext = entry.streamSeq === task.record.streamSeq + 1;
    const record = isNext ? (folded.get(entry) ?? applyTask(task.record, entry)) : null;
    if (record === null || !QUEUE_KEEPS.has(entry.type)) {
      known.delete(taskId);
      return;
    }
    task.record = record;
    if (entry.type !== 'task.report_accepted') return;
    task.hashes.add(entry.payload.hash);
    for (const oldest of task.hashes) {
      if (task.hashes.size <= HASHES_MAX) break;
      task.hashes.delete(oldest);
    }
  }

  return {
    recall(taskId, hash) {
      const task = known.get(taskId);
      if (!task || task.hashes.has(hash)) return null;
      const { record, aliveAt, open } = task;
      return { record, aliveAt, open, repeats: null };
    },
    learn(taskId, { record, aliveAt, open }) {
      const before = known.get(taskId);
      if (before && before.record.streamSeq >= record.streamSeq) return;
      known.delete(taskId);
      // Until when a message waits is not remembered: it changes with a clock that is set, which moves no stream.
      if (open.some(({ expiresAt }) => expiresAt !== null)) return;
      known.set(taskId, { record, aliveAt, open, hashes: before?.hashes ?? new Set() });
      forgetOldest();
    },
    recordBefore(taskId, streamSeq) {
      const record = known.get(taskId)?.record;
      return record?.streamSeq === streamSeq - 1 ? record : null;
    },
    note: (entry, record) => void folded.set(entry, record),
    follow(ledger) {
      ledger.onCommitted((_workspaceId, entries) => {
        const first = entries[0]?.seq ?? 0;
        if (first <= seen) known.clear(); // another ledger than before: it was restored
        seen = entries.at(-1)?.seq ?? seen;
        for (const entry of entries) if (isTaskEntry(entry)) apply(entry.stream.slice('task:'.length), entry);
      });
    },
  };
}
