import type { Watch } from '@/lib/protocol/socket';
import { REPLAY_MAX } from '@/lib/protocol/socket';

/** Where a watch begins: the cursor, and whether what came before it is withheld. */
export type Place = { cursor: number; limited: boolean };

/**
 * Where a watch begins, given the ledger's epoch and the stream's head. Without `after` it begins at the head: whoever
 * wants the past says from where. `limited` tells that the client's position cannot be continued: another ledger, a
 * position past the head (so of another ledger too), or a gap of more than REPLAY_MAX entries.
 */
export function placeWatch(asked: Pick<Watch, 'epoch' | 'after'>, epoch: string, head: number): Place {
  if (asked.epoch !== undefined && asked.epoch !== epoch) return { cursor: head, limited: true };
  if (asked.after === undefined) return { cursor: head, limited: false };
  const limited = asked.after > head || head - asked.after > REPLAY_MAX;
  return { cursor: limited ? head : asked.after, limited };
}
