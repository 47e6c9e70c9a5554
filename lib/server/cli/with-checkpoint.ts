import { noFailpoint } from '../failpoint';
import { createCheckpoints, type SignedCheckpoint } from '../ledger/checkpoints';
import type { VerbContext } from './verb';
import { type Workbench, withLedger } from './with-ledger';

/** Runs a command on the ledger and a checkpoint of all that it holds, which is signed first where none is. */
export const withCheckpoint = (
  context: VerbContext,
  work: (bench: Workbench, checkpoint: SignedCheckpoint) => Promise<void>,
): Promise<void> =>
  withLedger(context, async (bench) => {
    const { ledger, pool, workspace } = bench;
    const checkpoints = createCheckpoints({ ledger, pool, workspace, log: context.log, failpoint: noFailpoint });
    try {
      await work(bench, await checkpoints.sign());
    } finally {
      await checkpoints.close();
    }
  });
