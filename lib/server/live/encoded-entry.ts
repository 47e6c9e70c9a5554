import type { WireEntry } from '@/lib/protocol/entry';

/** An entry as JSON, encoded once for all who watch its stream. `bytes` is its length in UTF-8. */
export type EncodedEntry = { streamSeq: number; text: string; bytes: number };

export function encodeEntry(entry: WireEntry): EncodedEntry {
  const text = JSON.stringify(entry);
  return { streamSeq: entry.streamSeq, text, bytes: Buffer.byteLength(text) };
}
