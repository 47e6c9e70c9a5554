import { v7 as uuidv7 } from 'uuid';
import { appendLeaf, HASH_BYTES } from '@/lib/domain/merkle-tree';
import type { Actor } from '@/lib/protocol/actor';
import type { Entry } from '@/lib/protocol/entry';
import type { EntryId } from '@/lib/protocol/ids';
import type { NewEntry } from './command';
import { envelopeText, leafHash, type SealedPayload, sealPayload } from './leaf';
import { randomBytes } from './random-bytes';
import { sha256 } from './sha256';

/** Levels of complete subtrees whose hashes are stored, so that a proof reads few rows. */
const STORED_LEVELS = 8;
const UUID_BYTES = 16;

/** Where a ledger stands: read under the head lock, moved by placing entries, written back before the commit. */
export type Position = {
  origin: string;
  size: number;
  frontier: Uint8Array[];
  receivedAt: Date;
  /** `streamSeq` of the streams that are known. */
  streams: Map<string, number>;
};

/** An entry with all that does not depend on its place. */
export type SealedEntry = {
  entry: NewEntry;
  actor: Actor;
  id: EntryId;
  occurredAt: Date | null;
  payload: SealedPayload;
};

export type PlacedEntry = { entry: Entry; envelope: string; leafHash: Buffer; payload: SealedPayload };

export type TreeNodeRow = { level: number; index: number; hash: Uint8Array };

/** Made here, and therefore one: parsing it would only cost. */
const newEntryId = (): EntryId => uuidv7({ random: randomBytes(UUID_BYTES) }) as EntryId;

/** `mended`: lone surrogates in what it tells were replaced before it came here, which the payload then says. */
export const sealEntry = (entry: NewEntry, actor: Actor, mended = false): SealedEntry => ({
  entry,
  actor: entry.actor ?? actor,
  id: entry.id ?? newEntryId(),
  occurredAt: entry.occurredAt ?? null,
  payload: sealPayload(mended ? { ...entry.payload, mended } : entry.payload),
});

export const toFrontier = (bytes: Buffer): Uint8Array[] =>
  Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES),
  );

export const copyPosition = (position: Position): Position => ({
  ...position,
  frontier: [...position.frontier],
  streams: new Map(position.streams),
});

/** Gives the entries of one command their places, moving `position`. Hashes of wide subtrees are added to `nodes`. */
export function placeEntries(position: Position, sealed: readonly SealedEntry[], nodes: TreeNodeRow[]): PlacedEntry[] {
  const placed: PlacedEntry[] = [];
  for (const each of sealed) {
    const { stream, type, cause } = each.entry;
    const seq = position.size + 1;
    const streamSeq = (position.streams.get(stream) ?? 0) + 1;
    const receivedAt = position.receivedAt.toISOString();
    const causeSeq = typeof cause === 'object' ? (placed[cause.index]?.entry.seq ?? null) : (cause ?? null);
    const facts = {
      seq,
      stream,
      streamSeq,
      id: each.id,
      type,
      actor: each.actor,
      occurredAt: each.occurredAt?.toISOString() ?? receivedAt,
      receivedAt,
      cause: causeSeq,
    };
    const envelope = envelopeText({ ...facts, log: position.origin, commitment: each.payload.commitment });
    const hash = leafHash(envelope);
    appendLeaf(sha256, position.frontier, position.size, hash, (place, node) => {
      if (place.level % STORED_LEVELS === 0) nodes.push({ ...place, hash: node });
    });
    position.size = seq;
    position.streams.set(stream, streamSeq);
    // `type` and `payload` come from one NewEntry, so they belong together; the spread loses that bond for TypeScript.
    const entry = { ...facts, payload: each.payload.payload } as Entry;
    placed.push({ entry, envelope, leafHash: hash, payload: each.payload });
  }
  return placed;
}
