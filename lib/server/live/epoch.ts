import type { WorkspaceId } from '@/lib/protocol/ids';
import type { LiveReader } from './live-reader';

/** The ledger's epoch, read once and looked at again from time to time. */
export type LedgerEpoch = {
  current(): Promise<string>;
  /** Reads it again; true when another ledger has taken this one's place. */
  changed(): Promise<boolean>;
};

export function watchEpoch(reader: LiveReader, workspaceId: WorkspaceId): LedgerEpoch {
  let known: string | undefined;
  return {
    async current() {
      known ??= await reader.epoch(workspaceId);
      return known;
    },
    async changed() {
      const former = known;
      known = await reader.epoch(workspaceId);
      return former !== undefined && former !== known;
    },
  };
}
