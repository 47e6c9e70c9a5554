import { z } from 'zod';
import { appendLeaf, rootFromInclusion, rootOf } from '@/lib/domain/merkle-tree';
import { commitmentOf, leafHash } from '../ledger/leaf';
import { sha256 } from '../ledger/sha256';
import { openCheckpoint } from '../ledger/signed-note';

/** What an export was found to hold. `redacted` counts payloads that are gone, each with an entry that says why. */
export type VerifiedExport = {
  kind: 'full' | 'partial';
  origin: string;
  vkey: string;
  size: number;
  entries: number;
  checkpoints: number;
  redacted: number;
};

/** Where an export does not hold, and why. */
export class ExportFault extends Error {}

const Header = z.strictObject({
  format: z.literal('parley-ledger-export/1'),
  kind: z.enum(['full', 'partial']),
  origin: z.string(),
  vkey: z.string(),
  firstSeq: z.literal(1),
  size: z.number().int().positive(),
});
const Base64 = z.base64();
const EntryLine = z.strictObject({
  seq: z.number().int().positive(),
  leaf: z.string(),
  hash: Base64,
  payload: z.string().nullable(),
  salt: Base64.nullable(),
  path: z.array(Base64).optional(),
});
type EntryLine = z.infer<typeof EntryLine>;
const CheckpointLine = z.strictObject({ checkpoint: z.string() });
const Line = z.union([EntryLine, CheckpointLine]);
const Envelope = z.object({
  v: z.literal(1),
  log: z.string(),
  seq: z.number(),
  stream: z.string(),
  streamSeq: z.number(),
  type: z.string(),
  receivedAt: z.string(),
  commitment: z.string(),
});
type Envelope = z.infer<typeof Envelope>;
const Created = z.object({ vkey: z.string() });
const Redaction = z.object({ seq: z.number() });

type Leaf = { seq: number; hash: Buffer; path: string[] };
type Reading = {
  header: z.infer<typeof Header>;
  leaves: Leaf[];
  /** The `streamSeq` of the last entry of each stream. */
  heads: Map<string, number>;
  receivedAt: string;
  /** Entries without a payload that no redaction has explained yet. */
  holes: Set<number>;
  redacted: number;
  checkpoints: number;
  /** Of a full export: the tree of the leaves up to the last checkpoint. */
  tree: { frontier: Uint8Array[]; size: number };
  lastSize: number;
};

/**
 * Verifies an export by its lines alone, offline (contract.md, Proof; RFC 6962 §2.1, C2SP signed notes): every payload
 * against its commitment, every envelope against its place, every root that was signed. `trusted` are the verifier
 * keys that its reader knows; without any the export is held to the key that it names itself.
 * @throws ExportFault at the first thing that does not hold, with its line.
 */
export async function verifyExport(
  lines: AsyncIterable<string>,
  trusted: readonly string[] = [],
): Promise<VerifiedExport> {
  let reading: Reading | null = null;
  let at = 0;
  for await (const text of lines) {
    at += 1;
    try {
      if (reading === null) reading = begin(parse(Header, text), trusted);
      else readLine(reading, parse(Line, text));
    } catch (error) {
      if (error instanceof ExportFault) throw new ExportFault(`line ${at}: ${error.message}`);
      throw error;
    }
  }
  if (reading === null) throw new ExportFault('it is empty');
  return end(reading);
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> {
  const parsed = schema.safeParse(fromJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ExportFault(`it is not what an export holds: ${issue?.path.join('.')} ${issue?.message}`);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ExportFault('it is no JSON', { cause });
  }
}

function begin(header: Reading['header'], trusted: readonly string[]): Reading {
  hold(trusted.length === 0 || trusted.includes(header.vkey), `it is signed by ${header.vkey}, not by the key given`);
  return {
    ...{ header, leaves: [], heads: new Map(), receivedAt: '', holes: new Set() },
    ...{ redacted: 0, checkpoints: 0, tree: { frontier: [], size: 0 }, lastSize: 0 },
  };
}

function readLine(reading: Reading, line: z.infer<typeof Line>): void {
  if ('checkpoint' in line) readCheckpoint(reading, line.checkpoint);
  else readEntry(reading, line);
}

function readEntry(reading: Reading, line: EntryLine): void {
  const { header, leaves, heads } = reading;
  const envelope = parse(Envelope, line.leaf);
  const { seq } = line;
  hold(reading.checkpoints === 0, `entry ${seq} comes after a checkpoint`);
  const isFull = header.kind === 'full';
  const before = leaves.at(-1)?.seq ?? 0;
  hold(isFull ? seq === before + 1 : seq > before, `entry ${seq} comes after ${before}`);
  hold((line.path === undefined) === isFull, `entry ${seq} ${isFull ? 'has a path' : 'lacks its path'}`);
  hold(envelope.seq === seq && envelope.log === header.origin, `the envelope of ${seq} is that of another entry`);
  const place = (heads.get(envelope.stream) ?? 0) + 1;
  hold(envelope.streamSeq === place, `${envelope.stream} goes on with ${envelope.streamSeq} instead of ${place}`);
  hold(envelope.receivedAt >= reading.receivedAt, `entry ${seq} was received before the one before it`);
  const hash = leafHash(line.leaf);
  hold(hash.toString('base64') === line.hash, `the hash of ${seq} is not that of its envelope`);
  heads.set(envelope.stream, envelope.streamSeq);
  reading.receivedAt = envelope.receivedAt;
  leaves.push({ seq, hash, path: line.path ?? [] });
  readPayload(reading, line, envelope);
}

function readPayload(reading: Reading, { seq, payload, salt }: EntryLine, envelope: Envelope): void {
  const { header, holes } = reading;
  if (payload === null || salt === null) {
    hold(payload === salt, `of ${seq} only one of payload and salt is left`);
    holes.add(seq);
    reading.redacted += 1;
    return;
  }
  const commitment = commitmentOf(Buffer.from(salt, 'base64'), payload);
  hold(commitment === envelope.commitment, `the payload of ${seq} is not the one that was committed to`);
  if (envelope.type === 'payload.redacted') holes.delete(parse(Redaction, payload).seq);
  if (seq !== 1) return;
  const isNamed = envelope.type === 'log.created' && parse(Created, payload).vkey === header.vkey;
  hold(isNamed, 'entry 1 does not name the key of this export');
}

function readCheckpoint(reading: Reading, note: string): void {
  const { header, leaves, tree } = reading;
  const checkpoint = openCheckpoint(note, header.vkey);
  if (checkpoint === null) throw new ExportFault('a checkpoint that the key of this export did not sign');
  const { size, root, origin } = checkpoint;
  hold(origin === header.origin, 'a checkpoint of another log');
  hold(size > reading.lastSize && size <= header.size, `a checkpoint of ${size} after one of ${reading.lastSize}`);
  reading.lastSize = size;
  reading.checkpoints += 1;
  if (header.kind === 'partial') {
    readPaths(leaves, size, root);
    return;
  }
  for (; tree.size < size; tree.size += 1) {
    const leaf = leaves[tree.size];
    if (!leaf) throw new ExportFault(`a checkpoint of ${size} entries, of which ${tree.size} are here`);
    appendLeaf(sha256, tree.frontier, tree.size, leaf.hash);
  }
  hold(root.equals(rootOf(sha256, tree.frontier)), `the first ${size} entries are not those that were signed`);
}

function readPaths(leaves: readonly Leaf[], size: number, root: Buffer): void {
  for (const { seq, hash, path } of leaves) {
    const steps = path.map((step) => Buffer.from(step, 'base64'));
    const found = rootFromInclusion(sha256, { index: seq - 1, size, leafHash: hash, path: steps });
    hold(found !== null && root.equals(found), `entry ${seq} is not in the log that was signed`);
  }
}

function end({ header, leaves, checkpoints, holes, redacted, lastSize }: Reading): VerifiedExport {
  const { kind, origin, vkey, size } = header;
  hold(kind === 'partial' || leaves.length === size, `it holds ${leaves.length} of ${size} entries`);
  hold(lastSize === size, `its last checkpoint is of ${lastSize} of ${size} entries`);
  // Of a part of the log nothing can be said about redactions: their entries are in another stream.
  const [hole] = kind === 'full' ? holes : [];
  hold(hole === undefined, `the payload of ${hole} is gone, and no entry says why`);
  return { kind, origin, vkey, size, entries: leaves.length, checkpoints, redacted };
}

function hold(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new ExportFault(otherwise);
}
