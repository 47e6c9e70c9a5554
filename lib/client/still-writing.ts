import type { Writing } from './live-writing';

export const nothingWriting: Writing = { texts: new Map(), done: [] };

/**
 * What is being written as of the entry `last` (a streamSeq; what a view shows reaches there). A text and the entry that
 * ends it so change places in one drawing of the view, whenever either of them came.
 */
export function stillWriting(texts: Writing['texts'], last: number): Writing['texts'] {
  const still = [...texts].filter(([, { finishedBy }]) => finishedBy === null || finishedBy > last);
  return still.length === texts.size ? texts : new Map(still);
}
