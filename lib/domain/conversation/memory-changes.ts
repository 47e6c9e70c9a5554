import type { SeatId } from '@/lib/protocol/ids';
import type { ConversationFact } from './conversation-state';

type Blocks = ReadonlyMap<string, string>;

/** How the blocks of an agent differ from what they were: one fact for each label, in the order in which they are told. */
export function memoryChanges(seat: SeatId, before: Blocks, after: Blocks): ConversationFact[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((label): ConversationFact[] => {
    const [old, now] = [before.get(label) ?? null, after.get(label) ?? null];
    return old === now ? [] : [{ type: 'memory.changed', payload: { seat, label, before: old, after: now } }];
  });
}
