import type { Ledger } from './ledger';

/** The ledger for a request whose lone surrogates were replaced on its way in: what it appends says so. */
export const mendedLedger = (ledger: Ledger): Ledger => ({
  ...ledger,
  append: (command) => ledger.append({ ...command, mended: true }),
  record: (workspaceId, actor, entries) =>
    ledger.append({
      workspaceId,
      actor,
      mended: true,
      load: async () => null,
      decide: () => ({ ok: true, entries, answer: (recorded) => recorded }),
    }),
});
