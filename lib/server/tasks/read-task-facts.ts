import { applyTask } from '@/lib/domain/task/apply-task';
import type { NumberedFact } from '@/lib/domain/task/check-compliance';
import type { TaskRecord } from '@/lib/domain/task/task-record';
import { taskEntries } from '@/lib/protocol/entries/task-entries';
import { type Entry, knownEntry } from '@/lib/protocol/entry';
import type { TaskId, WorkspaceId } from '@/lib/protocol/ids';
import { taskStream } from '@/lib/protocol/stream';
import type { Queryable } from '../ledger/command';
import { readStream } from '../ledger/read-entries';

const PAGE = 500;

const isTaskFact = (entry: Entry): entry is Entry & NumberedFact => entry.type in taskEntries;

/** All entries of a task that are known and were not redacted, ascending. */
export async function readTaskFacts(db: Queryable, workspaceId: WorkspaceId, taskId: TaskId): Promise<NumberedFact[]> {
  const facts: NumberedFact[] = [];
  for (let after = 0; ; ) {
    const page = await readStream(db, workspaceId, taskStream(taskId), { after, limit: PAGE });
    facts.push(...page.flatMap((entry) => knownEntry(entry) ?? []).filter(isTaskFact));
    const last = page.at(-1);
    if (!last || page.length < PAGE) return facts;
    after = last.streamSeq;
  }
}

/** The record that facts from the first on come to. */
export const foldFacts = (facts: readonly NumberedFact[]): TaskRecord | null =>
  facts.reduce<TaskRecord | null>((record, fact) => applyTask(record, fact), null);
