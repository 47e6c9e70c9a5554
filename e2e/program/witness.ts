import { expect } from 'vitest';
import { z } from 'zod';
import { isConsistent } from '@/lib/domain/merkle-tree';
import { sha256 } from '@/lib/server/ledger/sha256';
import { type Checkpoint, openCheckpoint } from '@/lib/server/ledger/signed-note';
import { verifyExport } from '@/lib/testing/verify-export';
import type { Api } from './api';

/**
 * Somebody who looks at a ledger from outside, remembers what it was shown, and holds the program to it: no checkpoint
 * ever shown is taken back, and what was exported once stays as it was.
 */
export type Witness = {
  /** Takes the newest checkpoint. */
  look(api: Api): Promise<void>;
  /** Exports the ledger and holds it against everything seen before. Resolves with its size. */
  examine(api: Api): Promise<number>;
};

const Proof = z.object({ path: z.array(z.string()), checkpoint: z.string() });

export function createWitness(): Witness {
  const seen = new Map<number, Checkpoint>();
  let earlier: string[] = [];
  let vkey: string | null = null;

  function remember(note: string): Checkpoint {
    const checkpoint = openCheckpoint(note, vkey ?? '');
    if (!checkpoint) throw new Error(`a checkpoint that is not signed by the key first shown:\n${note}`);
    const known = seen.get(checkpoint.size);
    if (known) expect(checkpoint.root.equals(known.root), `two checkpoints of size ${checkpoint.size}`).toBe(true);
    seen.set(checkpoint.size, checkpoint);
    return checkpoint;
  }

  async function look(api: Api): Promise<void> {
    vkey ??= (await api.text('/api/audit/key')).trim();
    const newest = remember(await api.text('/api/audit/checkpoint'));
    expect(newest.size, 'a checkpoint smaller than one shown').toBeGreaterThanOrEqual(Math.max(...seen.keys()));
  }

  async function holdTogether(api: Api, to: Checkpoint): Promise<void> {
    for (const from of seen.values()) {
      const answer = Proof.parse(await api.ask({ path: `/api/audit/proof?from=${from.size}&to=${to.size}` }));
      const { root, size } = remember(answer.checkpoint);
      const path = answer.path.map((hash) => Buffer.from(hash, 'base64'));
      const holds = isConsistent(sha256, { from: from.size, to: size, fromRoot: from.root, toRoot: root, path });
      expect(size === to.size && holds, `checkpoints of ${from.size} and ${to.size} are consistent`).toBe(true);
    }
  }

  return {
    look,
    async examine(api) {
      await look(api);
      const text = await api.text('/api/audit/export');
      const { size } = verifyExport(text);
      const lines = text.split('\n').filter((line) => line.startsWith('{"seq"'));
      const changed = earlier.findIndex((line, index) => line !== lines[index]);
      expect(changed, 'the first entry that is not what it was').toBe(-1);
      earlier = lines;
      const last = z.object({ checkpoint: z.string() }).parse(JSON.parse(text.trimEnd().split('\n').at(-1) ?? ''));
      await holdTogether(api, remember(last.checkpoint));
      return size;
    },
  };
}
