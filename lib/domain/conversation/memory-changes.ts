import type { PayloadOf } from '@/lib/protocol/entry';
import type { SeatId } from '@/lib/protocol/ids';

type Blocks = ReadonlyMap<string, string>;
type MemoryFact = { type: 'memory.changed'; payload: PayloadOf<'memory.changed'> };

/** How the blocks of an agent differ from what they were: one fact for each label, in the order in which they are told. */
export function memoryChanges(seat: SeatId, before: Blocks, after: Blocks): MemoryFact[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((label): MemoryFact[] => {
    const [old, now] = [before.get(label) ?? null, after.get(label) ?? null];
    return old === now ? [] : [{ type: 'memory.changed', payload: { seat, label, before: old, after: now } }];
  });
}
