import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  appendLeaf,
  consistencySteps,
  inclusionSteps,
  isConsistent,
  type NodePlace,
  type ProofStep,
  rootFromInclusion,
  rootOf,
  stepHash,
} from './merkle-tree';

const sha256 = (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest());
const leafHash = (leaf: number) => sha256(Uint8Array.of(0, leaf % 256, leaf >> 8));
const leaves = (size: number) => Array.from({ length: size }, (_, index) => leafHash(index));

// The definitions of RFC 6962 §2.1 word for word, as the law that the code under test is held to.
const split = (n: number) => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};
function mth(d: Uint8Array[]): Uint8Array {
  const [only] = d;
  if (!only) return sha256(new Uint8Array());
  if (d.length === 1) return only;
  const k = split(d.length);
  return sha256(Uint8Array.of(1, ...mth(d.slice(0, k)), ...mth(d.slice(k))));
}
function path(m: number, d: Uint8Array[]): Uint8Array[] {
  if (d.length <= 1) return [];
  const k = split(d.length);
  return m < k ? [...path(m, d.slice(0, k)), mth(d.slice(k))] : [...path(m - k, d.slice(k)), mth(d.slice(0, k))];
}
function subproof(m: number, d: Uint8Array[], whole: boolean): Uint8Array[] {
  if (m === d.length) return whole ? [] : [mth(d)];
  const k = split(d.length);
  return m <= k
    ? [...subproof(m, d.slice(0, k), whole), mth(d.slice(k))]
    : [...subproof(m - k, d.slice(k), false), mth(d.slice(0, k))];
}

const hashesOf = (steps: ProofStep[], d: Uint8Array[]) =>
  steps.map((step) =>
    stepHash(
      sha256,
      step.map(({ level, index }: NodePlace) => mth(d.slice(index * 2 ** level, (index + 1) * 2 ** level))),
    ),
  );

const grow = (size: number) => {
  const frontier: Uint8Array[] = [];
  const nodes: { place: NodePlace; hash: Uint8Array }[] = [];
  leaves(size).forEach((hash, index) => {
    appendLeaf(sha256, frontier, index, hash, (place, node) => nodes.push({ place, hash: node }));
  });
  return { frontier, nodes };
};

describe('the tree', () => {
  test('[PR1] roots of all sizes to 300 are those of the recursive definition', () => {
    for (let size = 0; size <= 300; size += 1) {
      expect(rootOf(sha256, grow(size).frontier)).toEqual(mth(leaves(size)));
    }
  });

  test('[PR1] every completed subtree is told once, with its hash', () => {
    const { nodes } = grow(64);
    expect(nodes).toHaveLength(63);
    for (const { place, hash } of nodes) {
      const width = 2 ** place.level;
      expect(hash).toEqual(mth(leaves(64).slice(place.index * width, (place.index + 1) * width)));
    }
  });

  test('[PR2] inclusion paths are those of the recursive definition and lead to the root', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }).chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 }))),
        ([size, index]) => {
          const d = leaves(size);
          const proof = hashesOf(inclusionSteps(index, size), d);
          expect(proof).toEqual(path(index, d));
          expect(rootFromInclusion(sha256, { index, size, leafHash: leafHash(index), path: proof })).toEqual(mth(d));
        },
      ),
    );
  });

  test('[PR3] consistency proofs are those of the recursive definition and hold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }).chain((to) => fc.tuple(fc.integer({ min: 1, max: to }), fc.constant(to))),
        ([from, to]) => {
          const d = leaves(to);
          const proof = hashesOf(consistencySteps(from, to), d);
          expect(proof).toEqual(subproof(from, d, true));
          const roots = { fromRoot: mth(d.slice(0, from)), toRoot: mth(d) };
          expect(isConsistent(sha256, { from, to, ...roots, path: proof })).toBe(true);
          expect(
            isConsistent(sha256, { from, to, fromRoot: roots.fromRoot, toRoot: sha256(roots.toRoot), path: proof }),
          ).toBe(false);
        },
      ),
    );
  });

  test('[PR2] a changed leaf, path or place does not lead to the root', () => {
    const d = leaves(11);
    const proof = path(4, d);
    expect(rootFromInclusion(sha256, { index: 4, size: 11, leafHash: leafHash(5), path: proof })).not.toEqual(mth(d));
    expect(rootFromInclusion(sha256, { index: 5, size: 11, leafHash: leafHash(4), path: proof })).not.toEqual(mth(d));
    expect(rootFromInclusion(sha256, { index: 4, size: 11, leafHash: leafHash(4), path: proof.slice(1) })).toBeNull();
    expect(() => inclusionSteps(11, 11)).toThrow(RangeError);
    expect(() => consistencySteps(0, 3)).toThrow(RangeError);
  });
});
