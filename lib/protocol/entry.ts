import type { z } from 'zod';
import type { Actor } from './actor';
import { conversationEntries } from './entries/conversation-entries';
import { draftEntries } from './entries/draft-entries';
import { draftPointers } from './entries/draft-pointers';
import { fleetEntries } from './entries/fleet-entries';
import { seatEntries } from './entries/seat-entries';
import { systemEntries } from './entries/system-entries';
import { taskEntries } from './entries/task-entries';
import { unknownEntry } from './entries/unknown-entry';
import type { EntryId } from './ids';
import type { Stream } from './stream';
import type { WireEntry } from './wire-entry';

export { WireEntry } from './wire-entry';

/** The payload of every entry type: the one table from which all types of entries follow. */
export const entryPayloads = {
  ...conversationEntries,
  ...draftPointers,
  ...draftEntries,
  ...seatEntries,
  ...fleetEntries,
  ...systemEntries,
  ...taskEntries,
  ...unknownEntry,
} as const;

export type EntryType = keyof typeof entryPayloads;
export type PayloadOf<T extends EntryType> = z.infer<(typeof entryPayloads)[T]>;

const entryTypeNames = new Set(Object.keys(entryPayloads));
export const isEntryType = (type: string): type is EntryType => entryTypeNames.has(type);
export const entryTypes = Object.keys(entryPayloads).filter(isEntryType);

type Envelope = {
  seq: number;
  stream: Stream;
  streamSeq: number;
  id: EntryId;
  actor: Actor;
  occurredAt: string;
  receivedAt: string;
  cause: number | null;
};

/** An entry whose payload is known by its type. */
export type EntryOf<T extends EntryType> = Envelope & { type: T; payload: PayloadOf<T> };
/** Any entry that this version of Parley knows, told apart by `type`. */
export type Entry = { [T in EntryType]: EntryOf<T> }[EntryType];

/** The entry as its type says, or null: redacted, of a type this program does not know, or not of that shape. */
export function knownEntry(wire: WireEntry): Entry | null {
  if (wire.payload === null || !isEntryType(wire.type)) return null;
  const payload = entryPayloads[wire.type].safeParse(wire.payload);
  // The table guarantees that this payload is the one of this type; TypeScript cannot follow a type through a lookup.
  return payload.success ? ({ ...wire, payload: payload.data } as Entry) : null;
}
