import type { Actor } from '@/lib/protocol/actor';
import type { Entry } from '@/lib/protocol/entry';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Command, NewEntry } from './command';

export type Ledger = {
  /**
   * Carries a command out: load, decide, append with everything that hangs on it, in one durable transaction.
   * Resolves after the commit. Throws the refusal as AppError; `ledger.unavailable` when nothing can be appended.
   */
  append<State, Answer>(command: Command<State, Answer>): Promise<Answer>;
  /** Appends facts that no state can refuse. */
  record(workspaceId: WorkspaceId, actor: Actor, entries: NewEntry[]): Promise<Entry[]>;
  /** Calls back with what was committed here, in order of seq, after each commit. Returns the way to stop. */
  onCommitted(listener: (workspaceId: WorkspaceId, entries: Entry[]) => void): () => void;
  /** Why nothing can be appended now, or null. As far as is known: from the last command, or the last `check`. */
  unavailable(): string | null;
  /** Looks whether something can be appended, for whoever has reason to doubt it. */
  check(): Promise<void>;
  /** Lets what waits finish, then refuses. */
  close(): Promise<void>;
};
