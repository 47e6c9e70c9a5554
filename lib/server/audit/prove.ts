import type { ConsistencyProof, InclusionProof } from '@/lib/protocol/audit';
import { AppError } from '@/lib/protocol/errors';
import type { WorkspaceId } from '@/lib/protocol/ids';
import { consistencyPath, inclusionPath } from '../ledger/proofs';
import type { Runtime } from '../runtime';

/** That an entry is in the log, towards the newest checkpoint; one is signed where the newest is older than the entry. */
export async function proveInclusion(rt: Runtime, workspaceId: WorkspaceId, seq: number): Promise<InclusionProof> {
  const { pool } = rt.database;
  const { rows } = await pool.query<{ leaf: string }>('SELECT leaf FROM entry WHERE workspace_id = $1 AND seq = $2', [
    workspaceId,
    seq,
  ]);
  const [entry] = rows;
  if (!entry) throw new AppError('entry.not_found', `There is no entry ${seq}.`);
  const newest = await rt.checkpoints.newest();
  const checkpoint = newest && newest.size >= seq ? newest : await rt.checkpoints.sign(seq);
  const path = await inclusionPath(pool, workspaceId, seq, checkpoint.size);
  return { seq, leaf: entry.leaf, path, checkpoint: checkpoint.note };
}

/** That the log of size `to`, for which a checkpoint was issued, begins with the log of size `from`. */
export async function proveConsistency(
  rt: Runtime,
  workspaceId: WorkspaceId,
  from: number,
  to: number,
): Promise<ConsistencyProof> {
  if (from > to) throw new AppError('request.invalid', 'from is larger than to.', { fields: { from: 'at most to' } });
  const checkpoint = await rt.checkpoints.ofSize(to);
  if (!checkpoint) {
    const fields = { to: 'the size of an issued checkpoint' };
    throw new AppError('request.invalid', `No checkpoint of size ${to} was issued.`, { fields });
  }
  const path = await consistencyPath(rt.database.pool, workspaceId, from, to);
  return { from, to, path, checkpoint: checkpoint.note };
}
