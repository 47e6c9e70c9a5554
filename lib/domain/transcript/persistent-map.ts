const BITS = 5;
const WIDTH = 1 << BITS;
const MASK = WIDTH - 1;

type Leaf<V> = { hash: number; pairs: readonly (readonly [string, V])[] };
type Branch<V> = { children: readonly (Branch<V> | Leaf<V> | undefined)[] };

const isLeaf = <V>(node: Branch<V> | Leaf<V>): node is Leaf<V> => 'pairs' in node;

/**
 * An immutable map from strings (a hash array mapped trie). `set` costs a few small copies however many keys there are,
 * and leaves the map it was called on as it was.
 */
export type PersistentMap<V> = {
  readonly size: number;
  get(key: string): V | undefined;
  set(key: string, value: V): PersistentMap<V>;
  /** Every value, in no order that means anything. */
  values(): Generator<V>;
};

/** FNV-1a over UTF-16 units, 32 bits. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function find<V>(root: Branch<V>, hash: number, key: string): V | undefined {
  let node: Branch<V> | Leaf<V> | undefined = root;
  for (let shift = 0; node && !isLeaf(node); shift += BITS) node = node.children[(hash >>> shift) & MASK];
  return node && node.hash === hash ? node.pairs.find(([name]) => name === key)?.[1] : undefined;
}

/** Two leaves of different hashes under the fewest branches that tell them apart. */
function fork<V>(one: Leaf<V>, other: Leaf<V>, shift: number): Branch<V> {
  const children = new Array<Branch<V> | Leaf<V> | undefined>(WIDTH).fill(undefined);
  const [first, second] = [(one.hash >>> shift) & MASK, (other.hash >>> shift) & MASK];
  if (first === second) children[first] = fork(one, other, shift + BITS);
  else {
    children[first] = one;
    children[second] = other;
  }
  return { children };
}

function put<V>(node: Branch<V>, shift: number, hash: number, key: string, value: V): Branch<V> {
  const slot = (hash >>> shift) & MASK;
  const child = node.children[slot];
  const children = node.children.slice();
  if (child === undefined) children[slot] = { hash, pairs: [[key, value]] };
  else if (!isLeaf(child)) children[slot] = put(child, shift + BITS, hash, key, value);
  else if (child.hash === hash)
    children[slot] = { hash, pairs: [...child.pairs.filter(([name]) => name !== key), [key, value]] };
  else children[slot] = fork(child, { hash, pairs: [[key, value]] }, shift + BITS);
  return { children };
}

function* walk<V>(node: Branch<V> | Leaf<V>): Generator<V> {
  if (isLeaf(node)) for (const [, value] of node.pairs) yield value;
  else for (const child of node.children) if (child) yield* walk(child);
}

function over<V>(root: Branch<V>, size: number): PersistentMap<V> {
  return {
    size,
    get: (key) => find(root, hashOf(key), key),
    set(key, value) {
      const hash = hashOf(key);
      const known = find(root, hash, key) !== undefined;
      return over(put(root, 0, hash, key, value), known ? size : size + 1);
    },
    values: () => walk(root),
  };
}

export const emptyMap = <V>(): PersistentMap<V> => over<V>({ children: new Array(WIDTH).fill(undefined) }, 0);
