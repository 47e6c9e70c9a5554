import { createHash } from 'node:crypto';
import { openCheckpoint } from '@/lib/server/ledger/signed-note';

/**
 * Verifies an export from its text alone, by the words of the contract and the recursive definitions of RFC 6962, with
 * none of the code that made it except the signature check. Throws with the seq at fault. Resolves with what it holds.
 */
export function verifyExport(text: string): {
  size: number;
  entries: { seq: number; type: string; stream: string; payload: unknown }[];
} {
  const [head, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert(head.format === 'parley-ledger-export/1' && head.firstSeq === 1, 'a header');
  const entries = lines.filter((line) => 'seq' in line);
  const notes: string[] = lines.filter((line) => 'checkpoint' in line).map((line) => line.checkpoint);
  const heads = new Map<string, number>();
  const hashes: Buffer[] = [];
  let receivedAt = '';
  const redacted = new Set(
    entries.filter((e) => JSON.parse(e.leaf).type === 'payload.redacted').map((e) => JSON.parse(e.payload).seq),
  );
  for (const [index, entry] of entries.entries()) {
    const envelope = JSON.parse(entry.leaf);
    if (head.kind === 'full') assert(entry.seq === index + 1, `gapless seq at ${index + 1}`);
    assert(envelope.seq === entry.seq && envelope.v === 1 && envelope.log === head.origin, `envelope of ${entry.seq}`);
    assert(envelope.streamSeq === (heads.get(envelope.stream) ?? 0) + 1, `gapless streamSeq at ${entry.seq}`);
    heads.set(envelope.stream, envelope.streamSeq);
    assert(envelope.receivedAt >= receivedAt, `receivedAt at ${entry.seq}`);
    receivedAt = envelope.receivedAt;
    if (entry.payload === null) assert(redacted.has(entry.seq), `a hole at ${entry.seq} that no redaction explains`);
    else {
      const commitment = sha256(Buffer.concat([Buffer.from(entry.salt, 'base64'), Buffer.from(entry.payload)]));
      assert(commitment.toString('base64') === envelope.commitment, `commitment of ${entry.seq}`);
    }
    const hash = sha256(Buffer.concat([Buffer.of(0), Buffer.from(entry.leaf)]));
    assert(hash.toString('base64') === entry.hash, `leaf hash of ${entry.seq}`);
    hashes.push(hash);
  }
  let lastSize = 0;
  for (const note of notes) {
    const checkpoint = openCheckpoint(note, head.vkey);
    assert(checkpoint !== null && checkpoint.origin === head.origin, 'a signed checkpoint');
    assert(checkpoint.size > lastSize, 'checkpoints ascend');
    lastSize = checkpoint.size;
    if (head.kind === 'full')
      assert(treeHash(hashes.slice(0, checkpoint.size)).equals(checkpoint.root), `root of ${checkpoint.size}`);
    else
      for (const [i, e] of entries.entries())
        assert(
          rootOf(hashes[i] ?? Buffer.of(), e.seq - 1, checkpoint.size, e.path).equals(checkpoint.root),
          `path of ${e.seq}`,
        );
  }
  assert(lastSize === head.size, 'the last checkpoint is of the size of the file');
  if (head.kind === 'full') assert(entries.length === head.size, 'as many entries as it says');
  return {
    size: head.size,
    entries: entries.map((e) => ({
      ...JSON.parse(e.leaf),
      payload: e.payload === null ? null : JSON.parse(e.payload),
    })),
  };
}

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`the export does not hold: ${what}`);
}

const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();
const node = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.concat([Buffer.of(1), left, right]));

const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** MTH of RFC 6962 §2.1, of leaf hashes. */
function treeHash(leaves: Buffer[]): Buffer {
  const [only] = leaves;
  if (!only) return sha256(Buffer.of());
  if (leaves.length === 1) return only;
  const k = split(leaves.length);
  return node(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)));
}

/** The root that PATH(index, D[size]) leads to, by its recursive definition. */
function rootOf(leaf: Buffer, index: number, size: number, path: string[]): Buffer {
  if (size === 1) return leaf;
  const k = split(size);
  const sibling = Buffer.from(path.at(-1) ?? '', 'base64');
  return index < k
    ? node(rootOf(leaf, index, k, path.slice(0, -1)), sibling)
    : node(sibling, rootOf(leaf, index - k, size - k, path.slice(0, -1)));
}
