import {
  consistencySteps,
  inclusionSteps,
  type NodePlace,
  nodeHash,
  type ProofStep,
  stepHash,
} from '@/lib/domain/merkle-tree';
import type { WorkspaceId } from '@/lib/protocol/ids';
import type { Queryable } from './command';
import { sha256 } from './sha256';

const STORED_LEVELS = 8;

/** base64 hashes of the path from the entry `seq` to the root of the first `size` entries. */
export async function inclusionPath(
  db: Queryable,
  workspaceId: WorkspaceId,
  seq: number,
  size: number,
): Promise<string[]> {
  return hashSteps(db, workspaceId, inclusionSteps(seq - 1, size));
}

/** base64 hashes of the proof that the first `to` entries begin with the first `from`. */
export async function consistencyPath(
  db: Queryable,
  workspaceId: WorkspaceId,
  from: number,
  to: number,
): Promise<string[]> {
  return hashSteps(db, workspaceId, consistencySteps(from, to));
}

async function hashSteps(db: Queryable, workspaceId: WorkspaceId, steps: ProofStep[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const step of steps) {
    const nodes: Uint8Array[] = [];
    for (const place of step) nodes.push(await hashOf(db, workspaceId, place));
    hashes.push(Buffer.from(stepHash(sha256, nodes)).toString('base64'));
  }
  return hashes;
}

/** The hash of a complete subtree, from the nearest level below whose hashes are stored: at most 128 rows. */
async function hashOf(db: Queryable, workspaceId: WorkspaceId, { level, index }: NodePlace): Promise<Uint8Array> {
  const base = level - (level % STORED_LEVELS);
  const width = 2 ** (level - base);
  const from = index * width;
  const { rows } =
    base === 0
      ? await db.query<{ hash: Buffer }>(
          `SELECT leaf_hash AS hash FROM entry WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq`,
          [workspaceId, from, from + width],
        )
      : await db.query<{ hash: Buffer }>(
          `SELECT hash FROM tree_node WHERE workspace_id = $1 AND level = $4 AND index >= $2 AND index < $3 ORDER BY index`,
          [workspaceId, from, from + width, base],
        );
  if (rows.length !== width) throw new Error(`the tree lacks nodes of level ${base} from ${from} to ${from + width}`);
  let hashes: Uint8Array[] = rows.map((row) => row.hash);
  while (hashes.length > 1) {
    hashes = Array.from({ length: hashes.length / 2 }, (_, at) => {
      const [left, right] = hashes.slice(2 * at, 2 * at + 2);
      if (!left || !right) throw new Error('a complete subtree has an even number of nodes');
      return nodeHash(sha256, left, right);
    });
  }
  const [hash] = hashes;
  if (!hash) throw new Error('an empty subtree');
  return hash;
}
