/**
 * The Merkle tree of RFC 6962 §2.1, pure: the hash function is an argument. Leaf hash = H(0x00 ‖ leaf),
 * node = H(0x01 ‖ left ‖ right). A *frontier* is the hashes of the complete subtrees of which a tree of some size
 * consists, widest first: one for each 1 in the binary form of its size.
 */
export type Sha256 = (data: Uint8Array) => Uint8Array;

export const HASH_BYTES = 32;

export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const data = new Uint8Array(1 + 2 * HASH_BYTES);
  data[0] = 1;
  data.set(left, 1);
  data.set(right, 1 + HASH_BYTES);
  return sha256(data);
}

/** The place of a complete subtree: it covers the leaves [index · 2^level, (index + 1) · 2^level). */
export type NodePlace = { level: number; index: number };

/**
 * Appends one leaf hash to a frontier of a tree of `size` leaves, in place. `onNode` is told of every subtree that this
 * leaf completes, lowest first.
 */
export function appendLeaf(
  sha256: Sha256,
  frontier: Uint8Array[],
  size: number,
  leafHash: Uint8Array,
  onNode?: (place: NodePlace, hash: Uint8Array) => void,
): void {
  let hash = leafHash;
  let level = 0;
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    const left = frontier.pop();
    if (!left) throw new Error(`the frontier does not belong to a tree of ${size} leaves`);
    hash = nodeHash(sha256, left, hash);
    level += 1;
    onNode?.({ level, index: (rest - 1) / 2 }, hash);
  }
  frontier.push(hash);
}

/** The root of the tree that a frontier stands for. The empty tree's is H(''). */
export function rootOf(sha256: Sha256, frontier: readonly Uint8Array[]): Uint8Array {
  const last = frontier.at(-1);
  if (!last) return sha256(new Uint8Array());
  return frontier.slice(0, -1).reduceRight((right, left) => nodeHash(sha256, left, right), last);
}

/** The complete subtrees of which the leaves [start, end) consist, left to right, when start is aligned to them. */
function subtreesOf(start: number, end: number): NodePlace[] {
  const places: NodePlace[] = [];
  for (let at = start; at < end; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    places.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return places;
}

/** Largest power of two smaller than `n`, for n ≥ 2. */
const splitOf = (n: number): number => 2 ** Math.ceil(Math.log2(n) - 1);

/** One hash of a proof: the root of the leaves [start, end), given as the complete subtrees to hash together. */
export type ProofStep = NodePlace[];

/** What PATH(index, D[size]) of RFC 6962 §2.1.1 consists of, from the leaf upwards. Throws RangeError when outside. */
export function inclusionSteps(index: number, size: number): ProofStep[] {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  const steps: ProofStep[] = [];
  for (let start = 0, end = size; end - start > 1; ) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      steps.push(subtreesOf(middle, end));
      end = middle;
    } else {
      steps.push(subtreesOf(start, middle));
      start = middle;
    }
  }
  return steps.reverse();
}

/** What PROOF(from, D[to]) of RFC 6962 §2.1.2 consists of. Throws RangeError unless 0 < from ≤ to. */
export function consistencySteps(from: number, to: number): ProofStep[] {
  if (!(from > 0 && from <= to)) throw new RangeError(`no consistency proof from ${from} to ${to}`);
  const steps: ProofStep[] = [];
  let start = 0;
  let end = to;
  let old = from;
  let complete = true;
  while (old !== end - start) {
    const split = splitOf(end - start);
    const middle = start + split;
    if (old <= split) {
      steps.push(subtreesOf(middle, end));
      end = middle;
    } else {
      steps.push(subtreesOf(start, middle));
      start = middle;
      old -= split;
      complete = false;
    }
  }
  if (!complete) steps.push(subtreesOf(start, end));
  return steps.reverse();
}

/** The hash of a step whose subtrees have these hashes, left to right. */
export function stepHash(sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array {
  return rootOf(sha256, hashes);
}

/** The root that follows from a leaf hash and its inclusion path (RFC 9162 §2.1.3.2), or null where it does not fit. */
export function rootFromInclusion(
  sha256: Sha256,
  proof: { index: number; size: number; leafHash: Uint8Array; path: readonly Uint8Array[] },
): Uint8Array | null {
  if (!(proof.index >= 0 && proof.index < proof.size)) return null;
  let node = proof.index;
  let last = proof.size - 1;
  let hash = proof.leafHash;
  for (const sibling of proof.path) {
    if (last === 0) return null;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sha256, sibling, hash);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(sha256, hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : null;
}

const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

/** Whether the tree with root `toRoot` begins with all that the tree with root `fromRoot` holds (RFC 9162 §2.1.4.2). */
export function isConsistent(
  sha256: Sha256,
  proof: { from: number; to: number; fromRoot: Uint8Array; toRoot: Uint8Array; path: readonly Uint8Array[] },
): boolean {
  const { from, to, fromRoot, toRoot } = proof;
  if (!(from > 0 && from <= to)) return false;
  if (from === to) return proof.path.length === 0 && sameBytes(fromRoot, toRoot);
  const isPowerOfTwo = Number.isInteger(Math.log2(from));
  const [first, ...rest] = isPowerOfTwo ? [fromRoot, ...proof.path] : proof.path;
  if (!first) return false;
  let node = from - 1;
  let last = to - 1;
  while (node % 2 === 1) {
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  let oldRoot = first;
  let newRoot = first;
  for (const hash of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      oldRoot = nodeHash(sha256, hash, oldRoot);
      newRoot = nodeHash(sha256, hash, newRoot);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else {
      newRoot = nodeHash(sha256, newRoot, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameBytes(oldRoot, fromRoot) && sameBytes(newRoot, toRoot);
}
