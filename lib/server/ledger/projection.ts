import type { Entry, EntryType } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from './command';

/**
 * Rows that follow from entries, written in their transaction. `project` is given the entries of its types of one batch,
 * in order of seq; it may see a batch again only when the first try was rolled back.
 */
export type Projection = {
  types: ReadonlySet<EntryType>;
  project: (db: Queryable, workspaceId: WorkspaceId, entries: readonly Entry[], leave: Leave) => Promise<void>;
};

/** Leaves a statement that was sent in flight: nobody here waits for its outcome, and the commit fails where it fails. */
export type Leave = (statement: Promise<unknown>) => void;
